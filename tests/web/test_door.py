"""Who may do what: every route, signed in or not, with and without the right role, token and origin."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from copilot.access.principal import Role
from copilot.store.tables import MessageRow
from tests.web.conftest import Web

ANYBODY = {
    "/",
    "/login",
    "/paste",
    "/admin",
    "/panel",
    "/panel/sign-in",
    "/api/panel/token",
    "/health",
    "/ready",
    "/metrics",
    "/api/login",
    "/in/{adapter}",
    "/in/{adapter}/{path:path}",
}
SOME = uuid.UUID(int=7)


@dataclass(frozen=True)
class Way:
    """A request to one route; ``body`` is a good one, ``role`` says whether qa may make it."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    qa: bool = True


def knowledge(base: str, key: str) -> tuple[Way, ...]:
    """The ways to one kind of what a shop knows."""
    return (
        *(Way("GET", path) for path in (base, f"{base}/export", f"{base}{key}")),
        Way("POST", f"{base}/import", {}, qa=False),
        Way("PUT", f"{base}{key}", {}, qa=False),
        Way("DELETE", f"{base}{key}", qa=False),
    )


WAYS = (
    Way("POST", "/api/logout"),
    Way("GET", "/api/me"),
    Way("POST", "/api/me/language", {"language": "en"}),
    Way("GET", "/api/me/face"),
    Way("POST", "/api/me/face", {"name": "x"}),
    Way("PUT", "/api/me/avatar", {}),
    Way("DELETE", "/api/me/avatar"),
    Way("GET", "/api/avatars/{avatar}"),
    Way("POST", "/api/me/alert", {"sound": "off"}, qa=False),
    Way("GET", "/api/conversations"),
    Way("GET", "/api/conversations/{conversation}"),
    Way("POST", "/api/conversations/{conversation}/lookup"),
    Way("POST", "/api/conversations/{conversation}/replies", {"id": str(SOME), "text": "好的"}, qa=False),
    Way("GET", "/api/conversations/{conversation}/sendables"),
    Way("PUT", "/api/conversations/{conversation}/files/{reply}", {}, qa=False),
    Way(
        "POST",
        "/api/conversations/{conversation}/cards",
        {"id": str(SOME), "card": "product", "ref": "1"},
        qa=False,
    ),
    Way("GET", "/api/conversations/{conversation}/handover"),
    Way("GET", "/api/cases"),
    Way("GET", "/api/conversations/{conversation}/cases"),
    Way("POST", "/api/conversations/{conversation}/cases/{case}/resolve", qa=False),
    Way("POST", "/api/conversations/{conversation}/erase-buyer", qa=False),
    Way("POST", "/api/conversations/{conversation}/buyer-tags", {"add": ["VIP"]}, qa=False),
    Way("GET", "/api/conversations/{conversation}/links"),
    Way("POST", "/api/conversations/search", {"words": "杯子"}),
    Way("POST", "/api/conversations/{conversation}/take", qa=False),
    Way("POST", "/api/conversations/{conversation}/give", {"to": str(SOME), "holder": str(SOME)}, qa=False),
    Way("POST", "/api/conversations/{conversation}/end", qa=False),
    Way("POST", "/api/conversations/{conversation}/mark", {"marked": True}, qa=False),
    Way("POST", "/api/conversations/{conversation}/tags", {"tags": ["大客户"]}, qa=False),
    Way("POST", "/api/conversations/{conversation}/view", {"message": str(SOME)}, qa=False),
    Way("POST", "/api/handover", {"holder": str(SOME), "to": str(SOME)}, qa=False),
    Way("GET", "/api/team"),
    Way("POST", "/api/me/reception", {"receives": True}, qa=False),
    Way("GET", "/api/me/today", qa=False),
    Way("POST", "/api/people/{person}/reception", {}, qa=False),
    Way("GET", "/api/people", qa=False),
    Way("POST", "/api/people", {"login": "x", "name": "x", "password": "x"}, qa=False),
    Way("POST", "/api/people/{person}", {"name": "x"}, qa=False),
    Way("POST", "/api/people/{person}/password", {"password": "x"}, qa=False),
    Way("GET", "/api/shops", qa=False),
    Way("POST", "/api/shops/{shop}/settings", {"values": {}}, qa=False),
    Way("POST", "/api/shops/{shop}/posture", {"posture": "off"}, qa=False),
    Way("GET", "/api/shops/{shop}/pack", qa=False),
    Way("GET", "/api/models", qa=False),
    Way("POST", "/api/shops/{shop}/models", {"forbidden": True}, qa=False),
    Way("GET", "/api/shops/{shop}/voice", qa=False),
    Way("POST", "/api/shops/{shop}/voice", {"length": "short"}, qa=False),
    Way("POST", "/api/shops/{shop}/voice/sample", {"length": "short"}, qa=False),
    Way("GET", "/api/tokens", qa=False),
    Way("POST", "/api/tokens", {"name": "erp"}, qa=False),
    Way("POST", "/api/tokens/{token}/revoke", qa=False),
    Way("GET", "/api/audit", qa=False),
    Way("GET", "/api/figures", qa=False),
    Way("GET", "/api/figures/sample"),
    Way("GET", "/api/shops/{shop}/service", qa=False),
    Way("POST", "/api/shops/{shop}/conversations", {"order": "1"}, qa=False),
    Way("GET", "/api/shops/{shop}/counters"),
    Way("GET", "/api/shops/{shop}/queue"),
    Way("POST", "/api/shops/{shop}/queue", {"by": "desk"}, qa=False),
    Way("GET", "/api/shops/{shop}/rota", qa=False),
    Way("POST", "/api/shops/{shop}/rota", {"slots": []}, qa=False),
    Way("GET", "/api/shops/{shop}/phrases/report", qa=False),
    Way("GET", "/api/absences", qa=False),
    Way("POST", "/api/panel/code", {"nonce": "n" * 32, "host": "https://chat.test"}),
    Way("GET", "/api/panel/conversation"),
    Way("GET", "/api/shops/{shop}/panel"),
    Way("POST", "/api/shops/{shop}/panel", {"origins": []}, qa=False),
    Way("GET", "/api/commitments"),
    Way("POST", "/api/commitments/{commitment}/settle", {"state": "done"}, qa=False),
    Way("GET", "/api/drafts/{draft}"),
    Way("POST", "/api/drafts/{draft}/decision", {"revision": 1, "text_hash": "x", "kind": "ignore"}, qa=False),
    Way("POST", "/api/drafts/{draft}/sight", {"revision": 1, "text_hash": "x", "typed": False}, qa=False),
    Way("POST", "/api/drafts/{draft}/feedback", {"text": "太长了"}),
    Way("GET", "/api/feedback"),
    Way("GET", "/api/feedback/export"),
    Way("POST", "/api/drafts/{draft}/approval", {"revision": 1, "text_hash": "x", "option": "reship"}, qa=False),
    Way("GET", "/api/approvals", qa=False),
    Way("GET", "/api/approvals/{approval}"),
    Way("POST", "/api/approvals/{approval}/ruling", {"kind": "refuse"}, qa=False),
    Way("POST", "/api/replies/{reply}/settle", {"state": "sent"}, qa=False),
    Way("POST", "/api/check", {"text": "好的", "conversation": "{conversation}"}),
    Way("POST", "/api/translations", {"text": "您好，稍等", "conversation": "{conversation}"}, qa=False),
    Way("GET", "/api/translations/{translation}", qa=False),
    Way("POST", "/api/auto/explain", {"shop": "{shop}", "text": "在吗"}),
    Way("GET", "/api/conversations/{conversation}/auto"),
    Way("POST", "/api/paste", {"shop": "{shop}", "text": "在吗"}),
    Way("GET", "/api/faq/find"),
    Way("POST", "/api/faq/presets", qa=False),
    Way("POST", "/api/faq/{id}/{language}/reset", qa=False),
    *knowledge("/api/faq", "/{id}/{language}"),
    *knowledge("/api/product-facts", "/{product}/{key}"),
    *knowledge("/api/pinned", "/{product}"),
    *knowledge("/api/notices", "/{id}"),
    *knowledge("/api/phrases", "/{id}/{language}"),
    *knowledge("/api/greetings", "/{language}"),
    *knowledge("/api/auto-replies", "/{id}/{language}"),
    Way("GET", "/api/published"),
    Way("POST", "/api/published/{version}/promote", {"to": "enforce"}, qa=False),
    Way("POST", "/api/published/rollback", {"kind": "rules"}, qa=False),
    Way("GET", "/api/events"),
    Way("GET", "/api/media/{message}"),
)


def _filled(value: str, ids: dict[str, str]) -> str:
    for name, one in ids.items():
        value = value.replace(f"{{{name}}}", one)
    return value


async def ask(client: httpx.AsyncClient, way: Way, ids: dict[str, str], **more: Any) -> httpx.Response:
    body = (
        None if way.body is None else {key: _filled(v, ids) if isinstance(v, str) else v for key, v in way.body.items()}
    )
    return await client.request(way.method, _filled(way.path, ids), json=body, **more)


_REFUSED_FIRST = {
    "POST /api/shops/{shop}/panel",
    "POST /api/conversations/{conversation}/erase-buyer",
    "POST /api/shops/{shop}/queue",
    "GET /api/shops/{shop}/service",
    "GET /api/shops/{shop}/rota",
    "GET /api/shops/{shop}/phrases/report",
    "POST /api/shops/{shop}/rota",
    "POST /api/shops/{shop}/settings",
    "POST /api/shops/{shop}/posture",
    "POST /api/shops/{shop}/models",
    "GET /api/shops/{shop}/voice",
    "POST /api/shops/{shop}/voice",
    "POST /api/shops/{shop}/voice/sample",
    "GET /api/shops/{shop}/pack",
}
"""Refused before anything is looked up: an agent changes nobody's (test_queue.py, test_admin.py)."""
NOWHERE = dict.fromkeys(("conversation", "draft", "reply", "commitment", "message", "shop"), str(SOME))


def test_the_list_of_ways_is_complete(web: Web) -> None:
    known = {(way.method, way.path) for way in WAYS}
    routes = {
        (method, route.path) for route in _routes(web.app) for method in route.methods if route.path not in ANYBODY
    }
    assert routes == known


def _routes(app: Any) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in app.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        found += _routes(inner) if inner is not None else [route] if isinstance(route, APIRoute) else []
    return found


async def test_nobody_enters_without_signing_in(web: Web) -> None:
    for way in WAYS:
        for headers in ({}, {"Authorization": "Bearer rc_nobody"}, {"Cookie": "copilot_session=nobody"}):
            answer = await ask(web.stranger(), way, NOWHERE, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in"), way


async def test_every_change_needs_the_csrf_token_and_our_own_page(web: Web) -> None:
    agent = await web.enter()
    token = agent.headers["X-CSRF-Token"]
    for way in WAYS:
        if way.method == "GET":
            continue
        for headers in (
            {"X-CSRF-Token": ""},
            {"X-CSRF-Token": token[:-1]},
            {"X-CSRF-Token": token, "Origin": "https://evil.example"},
            {"X-CSRF-Token": token, "Origin": "null"},
            {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"},
        ):
            answer = await ask(agent, way, NOWHERE, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf"), (way, headers)


async def test_qa_reads_and_checks_and_changes_nothing(web: Web) -> None:
    qa = await web.enter("qa")
    for way in WAYS:
        if way.qa:
            continue
        answer = await ask(qa, way, NOWHERE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), way


async def test_an_adapters_token_reads_nothing(web: Web) -> None:
    machine = await web.machine(Role.ADAPTER)
    for way in WAYS:
        if way.path in ("/api/me", "/api/logout", "/api/me/language"):
            continue
        answer = await ask(machine, way, NOWHERE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed"), way


async def test_another_merchants_things_do_not_exist(web: Web) -> None:
    talk, draft = await web.broken_cups()
    message = (await web.rows(MessageRow))[0]
    theirs = {
        "conversation": str(talk),
        "draft": str(draft.id),
        "message": str(message.id),
        "shop": str(web.shop),
        "reply": str(uuid.uuid4()),
    }
    stranger = await web.enter("stranger")
    for way in WAYS:
        if not any(f"{{{name}}}" in f"{way.path}{way.body}" for name in theirs):
            continue
        if f"{way.method} {way.path}" in _REFUSED_FIRST:
            continue
        answer = await ask(stranger, way, theirs)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), way
    assert (await stranger.get("/api/conversations?list=all")).json()["counts"]["all"] == 0
    assert (await stranger.get(f"/api/conversations?shop={web.shop}")).status_code == 404


async def test_ids_that_are_none_are_not_found_and_bad_bodies_name_the_field(web: Web) -> None:
    agent = await web.enter()
    assert (await agent.get("/api/conversations/nothing")).status_code == 404
    secret = "13812345678"
    for body in ({"text": 7}, {"shop": secret}, {"text": "好", "shop": secret}, {"text": "好", "more": secret}):
        answer = await agent.post("/api/check", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input"), body
        assert answer.json()["error"]["field"]
        assert secret not in answer.text


async def test_login_tells_the_cookie_and_nothing_more_than_needed(web: Web) -> None:
    client = web.stranger()
    wrong = await client.post("/api/login", json={"login": "agent", "password": "nothing of the sort"})
    nobody = await client.post("/api/login", json={"login": "ghost", "password": "nothing of the sort"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()

    entered = await client.post("/api/login", json={"login": "agent", "password": "correct horse battery"})

    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    me = entered.json()
    assert me["person"]["login"] == "agent"
    assert me["merchant"] == {"slug": "m1", "name": "Merchant 1"}
    assert me["can"] == ["check", "decide", "read", "reply"]
    (shop,) = me["shops"]
    assert (shop["slug"], shop["adapter"], shop["transport"]) == ("cups", "plain", "public")


async def test_the_cookie_is_secure_behind_https(web: Web) -> None:
    transport = httpx.ASGITransport(app=web.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.test") as client:
        entered = await client.post("/api/login", json={"login": "agent", "password": "correct horse battery"})
        assert "secure" in entered.headers["set-cookie"].lower()


async def test_guessing_is_slowed_down(web: Web) -> None:
    client = web.stranger()
    for _ in range(30):
        answer = await client.post("/api/login", json={"login": "agent", "password": "nothing of the sort"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["error"]["code"] == "too_many_attempts"


async def test_signing_in_from_another_site_is_refused(web: Web) -> None:
    headers = {"Origin": "https://evil.example"}
    body = {"login": "agent", "password": "correct horse battery"}
    assert (await web.stranger().post("/api/login", json=body, headers=headers)).status_code == 403


async def test_signing_out_ends_the_login(web: Web) -> None:
    agent = await web.enter()
    cookie = agent.cookies["copilot_session"]
    assert (await agent.post("/api/logout")).status_code == 204
    answer = await web.stranger().get("/api/me", headers={"Cookie": f"copilot_session={cookie}"})
    assert answer.status_code == 401


async def test_what_nobodys_hand_asks_for_does_not_keep_the_login_alive(web: Web) -> None:
    used, left = await web.enter(), await web.enter()
    picture, unattended = {"Sec-Fetch-Dest": "image"}, {"X-Unattended": "1"}
    for _ in range(3):
        web.clock.advance(5 * 3600)
        assert (await used.get("/api/me")).status_code == 200
        await left.get(f"/api/media/{uuid.uuid4()}", headers=picture)
        await left.get("/api/me", headers=unattended)
    assert (await used.get("/api/me")).status_code == 200
    assert (await left.get("/api/me")).status_code == 401


async def test_a_machine_needs_no_csrf_token(web: Web) -> None:
    machine = await web.machine()
    answer = await machine.post("/api/check", json={"text": "好的", "shop": str(web.shop)})
    assert answer.status_code == 200


async def test_every_answer_is_closed_to_other_sites(web: Web) -> None:
    for path in ("/", "/health", "/api/me", "/static/nothing.js", "/api/nothing"):
        answer = await web.stranger().get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert (await web.stranger().get("/api/me")).headers["cache-control"] == "no-store"


async def test_pages_are_asked_for_again_and_cost_nothing_unchanged(web: Web) -> None:
    first = await web.stranger().get("/static/icon.svg")
    assert first.headers["cache-control"] == "no-cache"
    again = await web.stranger().get("/static/icon.svg", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert (await web.stranger().get("/static/../app.py")).status_code == 404
    page = await web.stranger().get("/")
    assert page.headers["cache-control"] == "no-cache"
    [style] = re.findall(r'href="(/static/[^"]+/base.css)"', page.text)
    assert "immutable" in (await web.stranger().get(style)).headers["cache-control"]
    assert (await web.stranger().post(style)).status_code == 405


@pytest.mark.parametrize("chunked", [False, True])
async def test_bodies_have_a_limit(web: Web, chunked: bool) -> None:
    agent = await web.enter()

    def content(size: int) -> Any:
        async def pieces() -> Any:
            for _ in range(size // 1024):
                yield b"x" * 1024

        return pieces() if chunked else b"x" * size

    for path, size in (("/api/check", 65 * 1024), ("/in/plain", 1025 * 1024)):
        answer = await agent.post(path, content=content(size), headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert (await agent.post("/in/plain", content=content(1024 * 1024))).status_code == 400


async def test_errors_speak_the_language_of_the_browser_or_the_person(web: Web) -> None:
    stranger = web.stranger()
    chinese = await stranger.get("/api/me", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    english = await stranger.get("/api/me", headers={"Accept-Language": "en-GB,zh"})
    other = await stranger.get("/api/me", headers={"Accept-Language": "fr"})
    assert chinese.json()["error"]["message"] == "请先登录"
    assert english.json() == other.json()
    agent = await web.enter()
    answer = await agent.get(f"/api/drafts/{SOME}", headers={"Accept-Language": "en"})
    assert answer.json()["error"]["message"] == "没有找到"
