"""Every door of the web application, found by walking its routes: who may enter, from where, and to whose rows.

A route that is added later is held to the same without being named here.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import APIRouter
from sqlalchemy import select, update

from copilot.access import people
from copilot.access.principal import MAY, Role
from copilot.sdk.testing.page import picture
from copilot.store.tables import ApprovalRow, CaseRow, CommitmentRow, MessageRow, OutboxRow, TranslationRow
from copilot.web.app import _ROUTERS  # pyright: ignore[reportPrivateUsage]
from tests.web.conftest import PASSWORD, Web, rules, web  # noqa: F401

_SAFE = {"GET", "HEAD", "OPTIONS"}
# Everything that needs no login, on purpose.
_OPEN = {
    "/api/login",
    "/in/{adapter}",
    "/in/{adapter}/{path:path}",
    "/health",
    "/ready",
    "/metrics",
    "/",
    "/login",
    "/paste",
    "/admin",
    "/panel",
    "/panel/sign-in",
    "/api/panel/token",
}
_BODIES: dict[str, dict[str, Any]] = {
    "/api/logout": {},
    "/api/me/language": {"language": "en"},
    "/api/me/alert": {"sound": "off"},
    "/api/conversations/{conversation}/lookup": {},
    "/api/drafts/{draft}/decision": {"revision": 1, "text_hash": "x", "kind": "ignore"},
    "/api/drafts/{draft}/sight": {"revision": 1, "text_hash": "x", "typed": False},
    "/api/conversations/{conversation}/replies": {"id": str(uuid.uuid4()), "text": "好的"},
    "/api/conversations/{conversation}/files/{reply}": {},
    "/api/conversations/{conversation}/cards": {"id": str(uuid.uuid4()), "card": "product", "ref": "1"},
    "/api/replies/{reply}/settle": {"state": "sent"},
    "/api/commitments/{commitment}/settle": {"state": "done"},
    "/api/drafts/{draft}/feedback": {"text": "x"},
    "/api/drafts/{draft}/approval": {"revision": 1, "text_hash": "x", "option": "reship"},
    "/api/approvals/{approval}/ruling": {"kind": "refuse"},
    "/api/conversations/{conversation}/cases/{case}/resolve": {},
    "/api/conversations/{conversation}/erase-buyer": {},
    "/api/conversations/search": {"words": "x"},
    "/api/conversations/{conversation}/take": {},
    "/api/conversations/{conversation}/give": {"to": str(uuid.uuid4()), "holder": None},
    "/api/conversations/{conversation}/end": {},
    "/api/conversations/{conversation}/mark": {"marked": True},
    "/api/conversations/{conversation}/tags": {"tags": ["x"]},
    "/api/conversations/{conversation}/buyer-tags": {"add": ["x"]},
    "/api/conversations/{conversation}/view": {"message": str(uuid.uuid4())},
    "/api/handover": {"holder": str(uuid.uuid4()), "to": None},
    "/api/me/reception": {"receives": True},
    "/api/me/face": {"name": "x"},
    "/api/me/avatar": {},
    "/api/people/{person}/reception": {"capacity": 3},
    "/api/shops/{shop}/conversations": {"order": "1"},
    "/api/shops/{shop}/queue": {"by": "desk"},
    "/api/shops/{shop}/rota": {"slots": []},
    "/api/shops/{shop}/panel": {"origins": []},
    "/api/panel/code": {"nonce": "n" * 32, "host": "https://chat.test"},
    "/api/auto/explain": {"text": "好的", "shop": str(uuid.uuid4())},
    "/api/people": {"login": "x", "name": "x", "password": "x"},
    "/api/people/{person}": {"name": "x"},
    "/api/people/{person}/password": {"password": "x"},
    "/api/shops/{shop}/settings": {"values": {}},
    "/api/shops/{shop}/posture": {"posture": "off"},
    "/api/shops/{shop}/models": {"forbidden": True},
    "/api/tokens": {"name": "erp"},
    "/api/tokens/{token}/revoke": {},
    "/api/shops/{shop}/voice": {"length": "short"},
    "/api/shops/{shop}/voice/sample": {"length": "short"},
    "/api/check": {"text": "好的", "shop": str(uuid.uuid4())},
    "/api/paste": {"text": "好的", "shop": str(uuid.uuid4())},
    "/api/translations": {"text": "好的"},
    "/api/published/{version}/promote": {"to": "enforce"},
    "/api/published/rollback": {"kind": "rules"},
}
"""A fit body for each route that changes or judges something."""
_KNOWLEDGE = (
    "/api/faq",
    "/api/product-facts",
    "/api/pinned",
    "/api/notices",
    "/api/phrases",
    "/api/greetings",
    "/api/auto-replies",
)
"""What a shop knows: everybody looks at it, and ``?shop=`` names whose it is."""
_QA_MAY_NOT = {
    "/api/shops/{shop}/conversations",
    "/api/drafts/{draft}/decision",
    "/api/drafts/{draft}/sight",
    "/api/conversations/{conversation}/files/{reply}",
    "/api/conversations/{conversation}/cards",
    "/api/conversations/{conversation}/replies",
    "/api/replies/{reply}/settle",
    "/api/commitments/{commitment}/settle",
    "/api/drafts/{draft}/approval",
    "/api/conversations/{conversation}/cases/{case}/resolve",
    "/api/approvals",
    "/api/approvals/{approval}/ruling",
    "/api/translations",
    "/api/translations/{translation}",
    "/api/published/{version}/promote",
    "/api/published/rollback",
    "/api/conversations/{conversation}/take",
    "/api/conversations/{conversation}/give",
    "/api/conversations/{conversation}/end",
    "/api/conversations/{conversation}/mark",
    "/api/conversations/{conversation}/tags",
    "/api/conversations/{conversation}/buyer-tags",
    "/api/conversations/{conversation}/view",
    "/api/handover",
    "/api/me/reception",
    "/api/me/alert",
    "/api/me/today",
    "/api/people/{person}/reception",
    "/api/people",
    "/api/people/{person}",
    "/api/people/{person}/password",
    "/api/shops",
    "/api/shops/{shop}/settings",
    "/api/shops/{shop}/posture",
    "/api/shops/{shop}/pack",
    "/api/models",
    "/api/shops/{shop}/models",
    "/api/shops/{shop}/voice",
    "/api/shops/{shop}/voice/sample",
    "/api/tokens",
    "/api/tokens/{token}/revoke",
    "/api/audit",
    "/api/shops/{shop}/rota",
    "/api/shops/{shop}/phrases/report",
    "/api/absences",
    "/api/figures",
    "/api/shops/{shop}/service",
}
_SENIORS_ONLY = {
    "/api/shops/{shop}/service",
    "/api/shops/{shop}/rota",
    "/api/shops/{shop}/phrases/report",
    "/api/people/{person}/reception",
    "POST /api/shops/{shop}/queue",
    "POST /api/shops/{shop}/panel",
    "POST /api/conversations/{conversation}/erase-buyer",
    "/api/people/{person}",
    "/api/people/{person}/password",
    "/api/shops/{shop}/settings",
    "/api/shops/{shop}/posture",
    "/api/shops/{shop}/pack",
    "/api/shops/{shop}/models",
    "/api/shops/{shop}/voice",
    "/api/shops/{shop}/voice/sample",
    "/api/tokens/{token}/revoke",
}
"""Doors behind which it is decided who receives and enters, how a shop is connected, and whom we forget."""


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    method: str
    path: str

    @property
    def knows(self) -> bool:
        """Whether it is about what a shop knows."""
        return self.path.startswith(_KNOWLEDGE)

    @property
    def qa_may_not(self) -> bool:
        """Whether a role that only looks is turned away."""
        if f"{self.method} {self.path}" in _SENIORS_ONLY:
            return True
        return self.path in _QA_MAY_NOT or (self.knows and self.method not in _SAFE)

    def at(self, **ids: object) -> str:
        """The address, with random ids where none is given."""
        return re.sub(r"\{(\w+)\}", lambda found: str(ids.get(found[1], uuid.uuid4())), self.path)

    async def knock(self, client: httpx.AsyncClient, *, body: Any = None, headers: Any = None, **ids: object) -> Any:
        """The answer's status and body."""
        given = body if body is not None else _BODIES.get(self.path)
        answer = await client.request(self.method, self.at(**ids), json=given, headers=headers)
        return answer.status_code, (answer.json() if answer.content else {}).get("error", {}).get("code")


def _doors() -> Iterator[Door]:
    for part in _ROUTERS:
        router: APIRouter = part.router
        for route in router.routes:
            for method in sorted(getattr(route, "methods", ())):
                yield Door(method, getattr(route, "path", ""))


GUARDED = [door for door in _doors() if door.path not in _OPEN]
CHANGING = [door for door in GUARDED if door.method not in _SAFE]


def test_the_walk_finds_what_there_is() -> None:
    assert len(GUARDED) >= 14
    assert {door.path for door in CHANGING if not door.knows} == set(_BODIES), (
        "give every changing route a fit body here"
    )


async def test_nobody_enters_without_a_login(web: Web) -> None:  # noqa: F811
    for headers in (
        {},
        {"Cookie": "copilot_session=" + "x" * 43},
        {"Cookie": "copilot_session="},
        {"Authorization": "Bearer rc_" + "x" * 43},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic eDp5"},
    ):
        for door in GUARDED:
            assert await door.knock(web.stranger(), headers=headers) == (401, "not_signed_in"), (door, headers)


async def test_a_session_is_no_token_and_a_token_no_session(web: Web) -> None:  # noqa: F811
    person, machine = await web.enter(), await web.machine()
    cookie = person.cookies["copilot_session"]
    token = machine.headers["Authorization"].partition(" ")[2]
    for headers in ({"Authorization": f"Bearer {cookie}"}, {"Cookie": f"copilot_session={token}"}):
        answer = await web.stranger().get("/api/me", headers=headers)
        assert answer.status_code == 401


async def test_a_change_with_a_cookie_comes_from_our_own_page(web: Web) -> None:  # noqa: F811
    person = await web.enter()
    another = (await web.enter("qa")).headers["X-CSRF-Token"]
    for wrong in (
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "x" * 43},
        {"X-CSRF-Token": "\u00e9".encode("latin-1")},
        {"X-CSRF-Token": another},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://desk.test.evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for door in CHANGING:
            assert await door.knock(person, headers=wrong) == (403, "csrf"), (door, wrong)


async def test_a_login_cannot_be_forced_on_a_browser(web: Web) -> None:  # noqa: F811
    client = web.stranger()
    for wrong in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await client.post("/api/login", json={"login": "agent", "password": PASSWORD}, headers=wrong)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    # A form of another page can send this type without asking first.
    answer = await client.post(
        "/api/login",
        content=b'{"login":"agent","password":"' + PASSWORD.encode() + b'"}',
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code != 200


async def test_each_role_does_what_the_table_says(web: Web) -> None:  # noqa: F811
    qa, adapter = await web.enter("qa"), await web.machine(Role.ADAPTER)
    # Leaving comes last; and a stream that is let in does not end.
    for door in sorted(GUARDED, key=lambda door: door.path == "/api/logout"):
        if door.path == "/api/events":
            continue
        status, code = await door.knock(qa)
        assert ((status, code) == (403, "not_allowed")) == door.qa_may_not, (door, status, code)
        if door.path not in ("/api/me", "/api/me/language", "/api/logout"):
            assert await door.knock(adapter) == (403, "not_allowed"), door
    assert await Door("GET", "/api/events").knock(adapter) == (403, "not_allowed")
    assert MAY[Role.ADAPTER] == frozenset()


async def test_who_loses_the_role_loses_it_at_once(web: Web) -> None:  # noqa: F811
    person = await web.enter()
    talk, draft = await web.broken_cups()
    await people.set_role(web.store, web.merchant, "agent", "qa", web.clock)
    assert await Door("POST", "/api/drafts/{draft}/decision").knock(person, draft=draft.id) == (403, "not_allowed")
    assert (await person.get(f"/api/conversations/{talk}")).status_code == 200
    await people.set_active(web.store, web.merchant, "agent", False, web.clock)
    assert (await person.get(f"/api/conversations/{talk}")).status_code == 401


async def _reply_of(web: Web, talk: uuid.UUID, person: httpx.AsyncClient) -> uuid.UUID:  # noqa: F811
    reply = uuid.uuid4()
    body = {"id": str(reply), "text": "亲，在的"}
    answer = await person.post(f"/api/conversations/{talk}/replies", json=body)
    assert answer.status_code == 202, answer.text
    async with web.store.merchant(web.merchant) as session:
        await session.execute(update(OutboxRow).where(OutboxRow.id == reply).values(state="unconfirmed"))
    return reply


async def _translation_of(web: Web, talk: uuid.UUID, person: httpx.AsyncClient) -> uuid.UUID:  # noqa: F811
    """What the person typed and had translated."""
    me = (await person.get("/api/me")).json()["person"]["id"]
    row = TranslationRow(
        merchant=web.merchant,
        id=uuid.uuid4(),
        shop=web.shop,
        conversation=talk,
        kind="typed",
        ref=uuid.uuid4(),
        text_hash="x",
        source="您好",
        source_language="zh",
        language="en",
        state="ready",
        text="Hello",
        by=me,
        created_at=web.clock.now(),
        updated_at=web.clock.now(),
    )
    async with web.store.merchant(web.merchant) as session:
        session.add(row)
        found = row.id
    assert (await person.get(f"/api/translations/{found}")).status_code == 200
    return found


async def test_another_merchants_rows_do_not_exist(web: Web) -> None:  # noqa: F811
    person, stranger = await web.enter(), await web.enter("stranger")
    talk, draft = await web.broken_cups()
    reply = await _reply_of(web, talk, person)
    async with web.store.merchant(web.merchant) as session:
        message = await session.scalar(select(MessageRow.id))
        await session.execute(update(MessageRow).values(media={"url": "https://pictures.test/x.png"}))
        promise = CommitmentRow(
            merchant=web.merchant,
            id=uuid.uuid4(),
            conversation=talk,
            what="reship",
            state="owed",
            created_at=web.clock.now(),
            updated_at=web.clock.now(),
        )
        session.add(promise)
        owed = promise.id
        asked = uuid.uuid4()
        session.add(
            ApprovalRow(
                merchant=web.merchant,
                id=asked,
                shop=web.shop,
                conversation=talk,
                draft=draft.id,
                revision=1,
                option="reship",
                minor=5990,
                currency="CNY",
                ceiling="per_order",
                left_minor=0,
                state="requested",
                asked_by=str(uuid.uuid4()),
                created_at=web.clock.now(),
                updated_at=web.clock.now(),
            )
        )
    ids = {"conversation": talk, "draft": draft.id, "reply": reply, "message": message, "commitment": owed}
    ids["approval"] = asked
    ids["shop"] = web.shop
    ids["case"] = (await web.rows(CaseRow))[0].id
    ids["translation"] = await _translation_of(web, talk, person)
    given = await person.put("/api/me/avatar", content=picture(), headers={"Content-Type": "image/png"})
    ids["avatar"] = uuid.UUID(given.json()["avatar"])
    # Versions are moved by those who manage the shop only (tests/web/test_published.py).
    # So are the ways of receiving (tests/web/test_queue.py).
    left = _SENIORS_ONLY | {"/api/published/{version}/promote"}
    named = [
        door
        for door in GUARDED
        if "{" in door.path and not door.knows and not {door.path, f"{door.method} {door.path}"} & left
    ]
    assert {name for door in named for name in re.findall(r"\{(\w+)\}", door.path)} <= set(ids)
    for door in named:
        assert await door.knock(stranger, **ids) == (404, "not_found"), door
    for door in (door for door in GUARDED if door.knows):
        where = {"shop": str(web.shop), "question": "在吗", "language": "zh"}
        answer = await stranger.request(door.method, door.at(), params=where, json={} if door.method == "PUT" else None)
        # Who may only look is told so before anything is looked up.
        assert answer.status_code == (404 if door.method in _SAFE else 403), door
    for body in ({"shop": str(web.shop)}, {"conversation": str(talk)}, {"draft": str(draft.id)}):
        assert await Door("POST", "/api/check").knock(stranger, body={"text": "x", **body}) == (404, "not_found")
    assert await Door("POST", "/api/paste").knock(stranger, body={"text": "x", "shop": str(web.shop)}) == (
        404,
        "not_found",
    )
    assert (await stranger.get("/api/conversations", params={"shop": str(web.shop)})).status_code == 404
    for everything in ("/api/conversations?list=all", "/api/commitments?list=all", "/api/me"):
        told = (await stranger.get(everything)).text
        for id in (*ids.values(), web.shop, web.merchant):
            assert str(id) not in told
    # And nothing of it changed.
    assert (await web.rows(OutboxRow))[0].state == "unconfirmed"


async def test_an_id_of_anothers_reply_tells_nothing(web: Web) -> None:  # noqa: F811
    """The page makes the ids of replies: one that another merchant used is free here."""
    person, stranger = await web.enter(), await web.enter("stranger")
    reply = await _reply_of(web, await web.buyer("在吗"), person)
    theirs = await web.buyer("在吗", "c9", shop="s2")
    answer = await stranger.post(f"/api/conversations/{theirs}/replies", json={"id": str(reply), "text": "在的"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(web: Web) -> None:  # noqa: F811
    for base, secure in (("http://desk.test", False), ("https://desk.test", True)):
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=web.app), base_url=base)
        async with client:
            answer = await client.post("/api/login", json={"login": "agent", "password": PASSWORD})
        flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) is secure
        assert not any(flag.startswith("domain") for flag in flags)
        assert answer.headers["cache-control"] == "no-store"


async def test_every_answer_is_armoured(web: Web) -> None:  # noqa: F811
    person = await web.enter()
    for path in ("/", "/login", "/paste", "/static/app.js", "/api/me", "/api/nothing", "/health", "/in/plain", "/nope"):
        for client in (person, web.stranger()):
            answer = await client.get(path, headers={"Origin": "http://evil.test"})
            policy = dict(
                part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";")
            )
            assert policy["default-src"] in ("'none'", "'self'")
            assert policy["frame-ancestors"] == "'none'"
            assert policy["base-uri"] == "'none'"
            for source in ("script-src", "style-src", "connect-src"):
                assert "unsafe" not in policy.get(source, "")
                assert "*" not in policy.get(source, "")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_no_other_origin_is_invited(web: Web) -> None:  # noqa: F811
    answer = await web.stranger().options(
        "/api/conversations",
        headers={"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code in (401, 404, 405)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def _in_pieces(size: int) -> Any:
    for _ in range(size // 4096 + 1):
        yield b"x" * 4096


async def test_nobody_sends_more_than_is_read(web: Web) -> None:  # noqa: F811
    client = web.stranger()
    for path, limit in (("/api/login", 64 * 1024), ("/in/plain", 1024 * 1024)):
        for content in (b"x" * (limit + 1), _in_pieces(limit + 1)):
            answer = await client.post(path, content=content)
            assert answer.status_code == 413


_TEXTS = ("a\x00b", "\ud800", "\u202e\u2066", "x" * 10_000, "\ufffe", "{{7*7}}", "<script>alert(1)</script>")


async def test_no_text_breaks_a_door(web: Web) -> None:  # noqa: F811
    person = await web.enter()
    talk, draft = await web.broken_cups()
    about = {"revision": draft.revision, "text_hash": draft.text_hash}
    broken: list[tuple[str, str, str]] = []
    for text in _TEXTS:
        rejection = {"reason": "other", "note": text, "order": text, "issue": text}
        bodies: tuple[tuple[str, dict[str, Any]], ...] = (
            ("/api/check", {"text": text, "shop": str(web.shop)}),
            ("/api/paste", {"text": text, "shop": str(web.shop), "order_id": text[:64]}),
            (f"/api/conversations/{talk}/replies", {"id": str(uuid.uuid4()), "text": text, "vouch": [text]}),
            (f"/api/drafts/{draft.id}/decision", {**about, "kind": "edit", "text": text, "vouch": [text]}),
            (f"/api/drafts/{draft.id}/decision", {**about, "kind": "reject", "rejection": rejection}),
            (f"/api/drafts/{draft.id}/approval", {**about, "text": text, "vouch": [text], "note": text}),
            (f"/api/drafts/{draft.id}/approval", {**about, "option": text, "note": text}),
            ("/api/login", {"login": text[:200], "password": text[:200]}),
        )
        for path, body in bodies:
            content = json.dumps(body).encode()
            answer = await person.post(path, content=content, headers={"Content-Type": "application/json"})
            if answer.status_code >= 500:
                broken.append((path.rpartition("/")[2], str(body.get("kind")), ascii(text)[:20]))
    assert not broken


async def test_guessing_is_slow_at_the_door_too(web: Web) -> None:  # noqa: F811
    client = web.stranger()
    for _ in range(6):
        answer = await client.post("/api/login", json={"login": "agent", "password": "wrong password"})
        assert answer.status_code == 401
    answer = await client.post("/api/login", json={"login": "agent", "password": PASSWORD})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) >= 1
