"""Looking after people, shops and what was done: who may, what is told, what may never happen."""

from typing import Any

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.store.tables import ShopRow
from tests.channel.platform import said
from tests.web.conftest import PASSWORD, Web


async def enter(web: Web, role: Role, login: str) -> httpx.AsyncClient:
    """Somebody of that role, signed in."""
    await people.add_person(web.store, web.merchant, login, login.title(), role, "en", PASSWORD, web.clock)
    return await web.enter(login)


def _by_login(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {one["login"]: one for one in answer.json()["people"]}


async def test_people_are_let_in_changed_and_sent_away(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    new = {"login": "Zhou", "name": "周舟", "role": "agent", "language": "zh", "password": PASSWORD + "!"}
    made = await owner.post("/api/people", json=new)
    assert made.status_code == 201, made.text
    assert PASSWORD not in made.text
    person = made.json()["id"]
    assert (await owner.post("/api/people", json=new)).json()["error"]["code"] == "login_taken"
    short = await owner.post("/api/people", json={**new, "login": "other", "password": "short"})
    assert (short.status_code, short.json()["error"]["code"]) == (422, "password_unfit")
    theirs = web.stranger()
    entered = await theirs.post("/api/login", json={"login": "zhou", "password": PASSWORD + "!"})
    assert entered.status_code == 200
    answer = await owner.post(f"/api/people/{person}", json={"name": "周小舟", "role": "supervisor"})
    assert (answer.json()["name"], answer.json()["role"]) == ("周小舟", "supervisor")
    assert (await owner.post(f"/api/people/{person}/reception", json={"capacity": 4})).status_code == 200
    known = _by_login(await owner.get("/api/people"))["zhou"]
    assert (known["capacity"], known["active"], "password" in str(known)) == (4, True, False)
    # A new password, and being sent away, end what is open.
    assert (await theirs.get("/api/me")).status_code == 200
    given = await owner.post(f"/api/people/{person}/password", json={"password": "another good one"})
    assert given.status_code == 204
    assert (await theirs.get("/api/me")).status_code == 401
    assert (await owner.post(f"/api/people/{person}", json={"active": False})).json()["active"] is False
    again = await web.stranger().post("/api/login", json={"login": "zhou", "password": "another good one"})
    assert again.status_code == 401
    actions = [one["action"] for one in (await owner.get("/api/audit?action=person")).json()["log"]]
    done = ("added", "changed", "role_changed", "reception_changed", "password_changed", "deactivated")
    assert {f"person.{one}" for one in done} <= set(actions)


async def test_nobody_raises_themself_and_an_owner_stays(web: Web) -> None:
    owner, admin = await enter(web, Role.OWNER, "boss"), await enter(web, Role.GENERAL_ADMIN, "admin")
    known = _by_login(await owner.get("/api/people"))
    boss, other, agent = (known[login]["id"] for login in ("boss", "admin", "agent"))
    fresh = {"login": "second", "name": "Second", "role": "owner", "language": "en", "password": PASSWORD}
    wrong: tuple[tuple[httpx.AsyncClient, str, dict[str, Any], int, str], ...] = (
        (admin, f"/api/people/{other}", {"role": "owner"}, 403, "own_access"),
        (admin, f"/api/people/{agent}", {"role": "owner"}, 403, "owner_only"),
        (admin, f"/api/people/{boss}", {"active": False}, 403, "owner_only"),
        (admin, f"/api/people/{boss}/password", {"password": "another good one"}, 403, "owner_only"),
        (admin, "/api/people", fresh, 403, "owner_only"),
        (owner, f"/api/people/{boss}", {"active": False}, 403, "own_access"),
        (owner, f"/api/people/{boss}", {"role": "agent"}, 403, "own_access"),
    )
    for who, path, body, status, code in wrong:
        answer = await who.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), path
    # Two owners: one may go, and only one.
    assert (await owner.post(f"/api/people/{other}", json={"role": "owner"})).status_code == 200
    assert (await admin.post(f"/api/people/{boss}", json={"active": False})).status_code == 200
    assert (await admin.get("/api/people")).status_code == 200
    assert (await owner.get("/api/people")).status_code == 401


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AGENT, Role.QA])
async def test_who_may_not_manage_is_turned_away(web: Web, role: Role) -> None:
    person = await enter(web, role, "somebody")
    for method, path, body in (
        ("GET", "/api/shops", None),
        ("GET", "/api/audit", None),
        ("POST", "/api/people", {"login": "new", "name": "New", "password": PASSWORD}),
        ("POST", f"/api/people/{web.shop}", {"name": "x"}),
        ("POST", f"/api/people/{web.shop}/password", {"password": PASSWORD}),
        ("POST", f"/api/shops/{web.shop}/settings", {"values": {"secret": "x"}}),
        ("POST", f"/api/shops/{web.shop}/posture", {"posture": "off"}),
    ):
        answer = await person.request(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), path


async def test_a_shops_settings_are_written_and_never_told(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    listed = await owner.get("/api/shops")
    (shop,) = listed.json()["shops"]
    fields = {one["name"]: one for one in shop["settings"]}
    assert (fields["secret"]["kind"], fields["secret"]["given"]) == ("secret", True)
    at = f"/api/shops/{web.shop}/settings"
    answer = await owner.post(at, json={"values": {"secret": "a-brand-new-secret"}})
    assert (answer.status_code, answer.json()["revision"]) == (200, shop["revision"] + 1)
    for told in (listed, answer, await owner.get("/api/shops"), await owner.get("/api/audit")):
        assert "a-brand-new-secret" not in told.text
        assert "secret-1" not in told.text
    # Deliveries go by the new one from now on.
    for secret, status in (("secret-1", 401), ("a-brand-new-secret", 200)):
        assert (await web.deliver(said("s1", f"m-{secret}", "在吗"), secret=secret)).status_code == status
    refused = await owner.post(at, json={"values": {"no_such": "leak-me"}})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "no_such")
    assert "leak-me" not in refused.text
    for method, path, body in (
        ("POST", "settings", {"values": {}}),
        ("POST", "posture", {"posture": "off"}),
        ("GET", "pack", None),
    ):
        stranger = await owner.request(method, f"/api/shops/{web.other_shop}/{path}", json=body)
        assert stranger.status_code == 404, path
    (line,) = [one for one in (await owner.get("/api/audit?action=shop.changed")).json()["log"]]
    assert (line["detail"], line["name"], line["by"]["name"]) == ({"settings": ["secret"]}, "Cups", "Boss")


async def test_the_log_is_read_page_by_page_and_only_ones_own(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    for posture in ("off", "auto", "draft_only"):
        assert (await owner.post(f"/api/shops/{web.shop}/posture", json={"posture": posture})).status_code == 204
    seen: list[str] = []
    page: str | None = ""
    while page is not None:
        found = (await owner.get(f"/api/audit?limit=2{f'&before={page}' if page else ''}")).json()
        seen += [one["id"] for one in found["log"]]
        page = found["next"]
    assert len(seen) == len(set(seen)) >= 5
    assert str(web.other) not in (await owner.get("/api/audit")).text
    assert (await owner.get(f"/api/audit?before={web.other}")).status_code == 422


async def test_the_rules_in_force_are_shown(web: Web) -> None:
    owner = await enter(web, Role.OWNER, "boss")
    found = (await owner.get(f"/api/shops/{web.shop}/pack")).json()
    rules = {one["id"]: (one["severity"], one["reason"], one["suggestion"]) for one in found["rules"]}
    async with web.store.merchant(web.merchant) as session:
        shop = await session.get_one(ShopRow, (web.merchant, web.shop))
    pack = (await web.parts.rules(shop, "m1")).pack
    assert (found["pack"], found["hash"]) == (pack.name, pack.hash)
    assert rules == {rule.id: (rule.severity.value, rule.reason.en, rule.suggestion.en) for rule in pack.rules}
