"""The embedded panel's doors: who may show it, how it is signed in without a cookie, what a token of it opens."""

from typing import Any

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.store.tables import MerchantRow, SessionRow
from tests.web.conftest import PASSWORD, Web

HOST = "https://chat.example.com"
NONCE = "n" * 48


async def owner_of(web: Web) -> httpx.AsyncClient:
    await people.add_person(web.store, web.merchant, "boss", "Boss", Role.OWNER, "zh", PASSWORD, web.clock)
    return await web.enter("boss")


async def listed(web: Web, *origins: str) -> httpx.AsyncClient:
    """The shop lists ``origins``; its owner."""
    owner = await owner_of(web)
    answer = await owner.post(f"/api/shops/{web.shop}/panel", json={"origins": origins or (HOST,)})
    assert answer.status_code == 200, answer.text
    return owner


async def code_of(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    return await client.post("/api/panel/code", json={"nonce": NONCE, "host": HOST, **more})


async def token_of(web: Web, code: str, **more: str) -> httpx.Response:
    return await web.stranger().post("/api/panel/token", json={"nonce": NONCE, "host": HOST, "code": code, **more})


async def panel_of(web: Web, login: str = "agent") -> httpx.AsyncClient:
    """A panel of somebody signed in: a client with its token and no cookie."""
    code = (await code_of(await web.enter(login))).json()["code"]
    answer = await token_of(web, code)
    assert answer.status_code == 200, answer.text
    client = web.stranger()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def ancestors(answer: httpx.Response) -> str:
    parts = [part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";")]
    policy: dict[str, str] = {name: value for name, _, value in parts}
    assert policy["script-src"] == "'self'"
    return policy["frame-ancestors"]


async def slug_of(web: Web) -> str:
    return (await web.rows(MerchantRow))[0].slug


async def test_only_listed_origins_may_show_the_panel(web: Web) -> None:
    slug, anybody = await slug_of(web), web.stranger()
    assert ancestors(await anybody.get("/panel", params={"merchant": slug})) == "'none'"
    await listed(web, HOST, "http://localhost:3000")
    answer = await anybody.get("/panel", params={"merchant": slug})
    assert ancestors(answer) == f"http://localhost:3000 {HOST}"
    assert f'content="http://localhost:3000 {HOST}"' in answer.text
    for other in ("", "nobody", "../x", "' *"):
        assert ancestors(await anybody.get("/panel", params={"merchant": other})) == "'none'"
    # The pop-up and every other page are shown in no frame; the pop-up reaches the frame that opened it.
    popup = await anybody.get("/panel/sign-in")
    assert (ancestors(popup), popup.headers["cross-origin-opener-policy"]) == ("'none'", "unsafe-none")
    assert ancestors(await anybody.get("/")) == "'none'"


@pytest.mark.parametrize(
    "text", ["*", "https://*", "https://*.example.com", "http://chat.example.com", "https://a.b/x", "javascript:1",
             "https://a.b; script-src *", "https://a b", "https://u:p@a.b", ""],
)  # fmt: skip
async def test_what_is_no_origin_is_not_listed(web: Web, text: str) -> None:
    owner = await owner_of(web)
    assert (await owner.post(f"/api/shops/{web.shop}/panel", json={"origins": [text]})).status_code == 422
    assert (await owner.get(f"/api/shops/{web.shop}/panel")).json() == {"origins": []}


async def test_which_of_several_is_no_origin_is_told_by_its_line_and_nothing_changes(web: Web) -> None:
    owner = await listed(web, HOST)
    given = [HOST, "https://two.example", "https://bad.example/leak-me"]
    answer = await owner.post(f"/api/shops/{web.shop}/panel", json={"origins": given})
    error = answer.json()["error"]
    assert (error["code"], error["field"], error["line"]) == ("origin_unfit", "origins", 3)
    assert "leak-me" not in answer.text
    (shop,) = (await owner.get("/api/shops")).json()["shops"]
    assert shop["panel"] == [HOST]
    assert (await owner.post(f"/api/shops/{web.shop}/panel", json={"origins": given[:2]})).status_code == 200
    log = (await owner.get("/api/audit?action=shop.changed")).json()["log"]
    assert given[:2] in [one["detail"]["origins"] for one in log if one["detail"] and "origins" in one["detail"]]


async def test_a_code_is_good_once_for_its_panel_and_for_a_minute(web: Web) -> None:
    await listed(web)
    agent = await web.enter()
    code = (await code_of(agent)).json()["code"]
    for other in ({"nonce": "m" * 48}, {"host": "https://evil.example"}):
        assert (await token_of(web, code, **other)).status_code == 401
    assert (await token_of(web, code)).status_code == 200
    assert (await token_of(web, code)).status_code == 401
    late = (await code_of(agent)).json()["code"]
    web.clock.advance(61)
    assert (await token_of(web, late)).status_code == 401
    # What was kept of a code opens nothing, and codes nobody took do not pile up.
    await code_of(agent)
    web.clock.advance(61)
    await code_of(agent)
    assert sum(row.csrf == "" for row in await web.rows(SessionRow)) == 1


async def test_nobody_gets_a_code_for_an_unlisted_host_or_without_their_own_page(web: Web) -> None:
    assert (await code_of(await web.enter())).status_code == 403
    await listed(web)
    agent = await web.enter()
    assert (await code_of(agent, host="https://evil.example")).status_code == 403
    assert (await code_of(await panel_of(web))).status_code == 403
    assert (await code_of(await web.machine())).status_code == 403
    foreign = await agent.post("/api/panel/code", json={"nonce": NONCE, "host": HOST}, headers={"Origin": HOST})
    assert foreign.json()["error"]["code"] == "csrf"


async def test_a_token_lives_a_quarter_of_an_hour_after_its_last_use_and_is_no_cookie(web: Web) -> None:
    await listed(web)
    panel = await panel_of(web)
    me: dict[str, Any] = (await panel.get("/api/me")).json()
    assert me["person"]["login"] == "agent"
    for _ in range(3):
        web.clock.advance(14 * 60)
        assert (await panel.get("/api/me")).status_code == 200
    secret = panel.headers["Authorization"].removeprefix("Bearer ")
    thief = web.stranger()
    thief.cookies.set("copilot_session", secret)
    assert (await thief.get("/api/me")).status_code == 401
    web.clock.advance(16 * 60)
    assert (await panel.get("/api/me")).status_code == 401


async def test_whose_access_is_taken_away_loses_the_panel_too(web: Web) -> None:
    owner = await listed(web)
    panel = await panel_of(web)
    person = (await panel.get("/api/me")).json()["person"]["id"]
    assert (await owner.post(f"/api/people/{person}", json={"active": False})).status_code == 200
    assert (await panel.get("/api/me")).status_code == 401


async def test_the_host_names_conversations_of_shops_that_list_it_and_of_no_other(web: Web) -> None:
    await listed(web)
    talk = await web.buyer("在吗", "c1")
    theirs = await web.buyer("在吗", "c9", shop="s2")
    panel = await panel_of(web)

    async def asked(ref: str, host: str = HOST) -> httpx.Response:
        return await panel.get("/api/panel/conversation", params={"ref": ref, "host": host})

    assert (await asked("c1")).json() == {"conversation": str(talk)}
    assert (await asked(str(talk))).json() == {"conversation": str(talk)}
    for ref, host in (("c1", "https://evil.example"), ("c9", HOST), (str(theirs), HOST), ("c2", HOST)):
        assert (await asked(ref, host)).status_code == 404


async def test_a_panel_answers_buyers_and_manages_nothing_whoever_signed_it_in(web: Web) -> None:
    await listed(web)
    panel = await panel_of(web, "boss")
    me = (await panel.get("/api/me")).json()
    assert me["can"] == ["check", "decide", "read", "reply"]
    for path, body in (
        ("/api/people", {"login": "x", "name": "x", "password": "a long enough one"}),
        (f"/api/shops/{web.shop}/panel", {"origins": ["https://evil.example.com"]}),
        (f"/api/shops/{web.shop}/posture", {"posture": "off"}),
    ):
        answer = await panel.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), path
    assert (await panel.get("/api/conversations")).status_code == 200
