"""A small desk server with canned conversations, for the page alone: no store, no flow, the shapes of docs/api.md.

It keeps just enough state for decisions, replies and the event stream; what it is told to refuse stands in ``faults``.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.types import ASGIApp

from tests.browser.canned import conversation, conversations, shops
from tests.browser.current import current
from tests.browser.files import with_files
from tests.browser.mock_admin import Admin, administration
from tests.browser.mock_faces import Faces, faces
from tests.browser.mock_platform import Offers, offered

STATIC = Path(__file__).parents[2] / "copilot" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:;"
    " worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ACTIVE = ("proposed", "writing", "blocked", "rejected", "approved", "sending", "unconfirmed", "failed")


class Mock:
    """The state behind the page; tests change it and call ``emit`` as the real server would."""

    def __init__(self, language: str = "zh") -> None:
        self.now = datetime.now(UTC)
        self.conversations: dict[str, dict[str, Any]] = {one["id"]: one for one in conversations(self.now)}
        self.language = language
        self.signed_in = True
        self.alert: dict[str, Any] = {"sound": "deadline", "vibration": False}
        self.decisions: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.settled: list[tuple[str, str]] = []
        self.checks: list[dict[str, Any]] = []
        self.phrases: list[dict[str, Any]] = []
        self.typed: list[dict[str, Any]] = []
        self.translated: dict[str, Any] | None = None
        self.pastes: list[dict[str, Any]] = []
        self.requests: list[tuple[str, bool]] = []
        self.faults: dict[str, tuple[int, dict[str, Any]]] = {}
        self.streaming = True
        self.holders: dict[str, dict[str, Any]] = {}
        self.ended: set[str] = set()
        self.marked: set[str] = set()
        self.tags: dict[str, list[str]] = {}
        self.viewed: set[str] = set()
        self.moves: list[tuple[str, dict[str, Any]]] = []
        self.people: list[dict[str, Any]] = [_person("p1", "林晓")]
        self.faces = Faces("林晓")
        self.offers = Offers()
        self.owed: list[dict[str, Any]] = []
        self.admin = Admin()
        self.can = ["decide", "reply", "check", "read"]
        self.first: list[tuple[str, str]] = []
        self.sights: list[dict[str, Any]] = []
        self.today: list[dict[str, Any]] = []
        self.cases: list[dict[str, Any]] = []
        self.delay = 0.0
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._events: list[str] = []

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def emit(self, topic: str, conversation: str, ref: str = "", *, alert: bool = False) -> None:
        """Tell every page that something happened."""
        told = {"topic": topic, "ref": ref or conversation, "shop": None, "conversation": conversation}
        data = json.dumps({**told, "alert": True} if alert else told)
        event = f"id: {len(self._events) + 1}\nevent: {topic}\ndata: {data}\n\n"
        self._events.append(event)
        for queue in self._listeners:
            queue.put_nowait(event)

    def hang_up(self) -> None:
        """End every stream, as a server that stops does."""
        for queue in list(self._listeners):
            queue.put_nowait(None)

    @property
    def place(self) -> int:
        """How many events there have been."""
        return len(self._events)

    def me(self) -> dict[str, Any]:
        """The answer of /api/me."""
        return {
            "person": {
                "id": "p1",
                "name": "林晓",
                "login": "lin",
                "role": "agent",
                "language": self.language,
                "alert": self.alert,
            },
            "merchant": {"slug": "nanshan", "name": "南山商贸"},
            "csrf": "csrf-token",
            "shops": shops(),
            "can": self.can,
        }

    def rows(self, which: str, shop: str | None) -> list[dict[str, Any]]:
        """The rows of a list, what is lost first on top."""
        found = [self._row(one) for one in self._begun if shop in (None, "", one["shop"])]
        opened = [row for row in found if which == "all" or _open(row)]
        return sorted(opened, key=lambda row: (row["deadline_at"] or "9", row["waiting_since"] or "9"))

    @property
    def _begun(self) -> list[dict[str, Any]]:
        return [one for one in self.conversations.values() if one["messages"]]

    def _row(self, one: dict[str, Any]) -> dict[str, Any]:
        card, last = one["card"], one["messages"][-1]
        reply = one["replies"][-1] if one["replies"] else None
        return {
            "id": one["id"],
            "shop": one["shop"],
            "buyer": {"id": one["buyer"]["id"], "nickname": one["buyer"]["nickname"]},
            "last": {"role": last["role"], "kind": last["kind"], "text": last["text"], "at": last["sent_at"]},
            "waiting_since": last["sent_at"] if last["role"] == "buyer" else None,
            "unanswered": _unanswered(one["messages"]),
            "deadline_at": card["deadline_at"]
            if card and card["state"] in ("proposed", "writing", "blocked")
            else None,
            "draft": {"id": card["id"], "state": card["state"], "reason": card["reason"]} if card else None,
            "reply": {"id": reply["id"], "state": reply["state"]} if reply else None,
            **self._queue(one["id"], last),
        }

    def _queue(self, id: str, last: dict[str, Any]) -> dict[str, Any]:
        holder = self.holders.get(id) if self.several else {"id": "p1", "name": "林晓", "how": "auto"}
        ended = id in self.ended
        waits = last["role"] == "buyer" and not ended
        return {
            "place": "history" if ended else "in_progress" if holder else "unassigned",
            "state": "closed" if ended else "pending" if waits else "replied",
            "unread": last["role"] == "buyer" and last["id"] not in self.viewed,
            "unreplied": "waiting" if waits else None,
            "expiring": False,
            "marked": {"by": {"id": "p1", "name": "林晓"}, "at": self.now.isoformat()} if id in self.marked else None,
            "tags": self.tags.get(id, []),
            "holder": {"id": holder["id"], "name": holder["name"]} if holder else None,
            "how": holder["how"] if holder else None,
        }

    @property
    def several(self) -> bool:
        """Whether several receive, so that conversations wait for somebody."""
        return sum(one["receiving"] for one in self.people) > 1

    def chosen(self, which: str, shop: str | None, narrow: str | None) -> list[dict[str, Any]]:
        """The rows of a list and its filter."""
        rows = self.rows("open" if which == "open" else "all", shop)
        if which in ("in_progress", "unassigned"):
            rows = [row for row in rows if row["place"] == which]
        return [row for row in rows if narrow is None or _fits(row, narrow)]

    def counts(self) -> dict[str, int]:
        """How many conversations each list has."""
        rows = [self._row(one) for one in self._begun]
        failed = sum(map(_in_trouble, rows))
        mine = sum(1 for row in rows if row["place"] == "in_progress" and row["holder"]["id"] == "p1")
        queue = {"mine": mine, "unassigned": sum(1 for row in rows if row["place"] == "unassigned")}
        narrow = {name: sum(_fits(row, name) for row in rows) for name in FILTERS}
        return {"open": sum(map(_open, rows)), "all": len(rows), "failed": failed, **queue, **narrow}

    def card(self, draft: str) -> dict[str, Any] | None:
        """The conversation's card with this id."""
        return next(
            (one["card"] for one in self.conversations.values() if one["card"] and one["card"]["id"] == draft), None
        )

    def opened(self, shop: str, order: str) -> str:
        """The conversation with an order's buyer, which has no message yet."""
        known = (one for one in self.conversations.values() if any(o["id"] == order for o in one["orders"]["orders"]))
        one = next(known, None) or conversation("c-first", shop, "新买家", [])
        self.conversations[one["id"]] = one
        self.ended.discard(one["id"])
        self.first.append((shop, order))
        return str(one["id"])

    def sent(self, draft: str, text: str) -> None:
        """The platform took it: the text stands in the thread, the card is gone."""
        one = next(one for one in self.conversations.values() if one["card"] and one["card"]["id"] == draft)
        at = datetime.now(UTC).isoformat()
        one["messages"].append(_message(f"sent-{draft}", "agent", text, at, draft={"id": draft}, sent_by="assisted"))
        one["card"] = None
        self.emit("draft.sent", one["id"], draft)

    def buyer_says(self, conversation: str, text: str) -> None:
        """A message arrives."""
        one = self.conversations[conversation]
        at = datetime.now(UTC).isoformat()
        one["messages"].append(_message(f"m-{len(one['messages'])}-new", "buyer", text, at))
        self.emit("message.received", conversation)

    async def events(self, after: int | None) -> AsyncIterator[str]:
        """One page's stream: what happened since ``after``, then what happens."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield f"retry: 300\nid: {len(self._events) if after is None else after}\nevent: ready\ndata: {{}}\n\n"
            for event in self._events[after:] if after is not None else []:
                yield event
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._listeners.discard(queue)


def _message(id: str, role: str, text: str, at: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(
        ("order_id", "product_id", "media", "sent_by", "agent", "draft", "recalled_at")
    )
    return {**empty, "id": id, "role": role, "kind": "text", "text": text, "sent_at": at, **more}


FILTERS = ("unread", "unreplied", "expiring", "marked", "ended")


def _fits(row: dict[str, Any], narrow: str) -> bool:
    over = row["place"] == "history"
    return over if narrow == "ended" else bool(row[narrow]) and (narrow == "marked" or not over)


def _in_trouble(row: dict[str, Any]) -> bool:
    return bool(row["reply"]) and row["reply"]["state"] in ("failed", "unconfirmed")


def _person(id: str, name: str, **more: Any) -> dict[str, Any]:
    known = {"role": "agent", "receiving": True, "receives": True, "page_open": True, "online": True, "held": 0}
    return {"id": id, "name": name, **known, "capacity": None, "groups": [], **more}


def _open(row: dict[str, Any]) -> bool:
    reply = row["reply"]["state"] if row["reply"] else ""
    if row["place"] == "history":
        return False
    return bool(row["waiting_since"]) or reply in ("failed", "unconfirmed") or bool(row["draft"])


def _unanswered(messages: list[dict[str, Any]]) -> int:
    count = 0
    for message in reversed(messages):
        if message["role"] != "buyer":
            break
        count += 1
    return count


def _error(status: int, code: str, **more: Any) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": f"refused: {code}", "remedy": None, **more}}, status)


def verdict_of(text: str) -> dict[str, Any]:
    """A check that knows blocked words (微信, WhatsApp), a limit (¥500) and takes ¥99 for a claim without a source."""
    findings: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    for word in ("微信", "WhatsApp"):
        if word in text:
            start = text.index(word)
            findings.append(
                {
                    "rule": "off_platform.wechat",
                    "family": "off_platform",
                    "severity": "block",
                    "start": start,
                    "end": start + len(word),
                    "text": word,
                    "reason": "引导买家到平台外联系",
                    "suggestion": "我们就在这个窗口沟通。",
                }
            )
    if "¥500" in text:
        start = text.index("¥500")
        limit = {"rule": "over_authority.ceiling", "family": "over_authority", "severity": "block", "suggestion": None}
        findings.append({**limit, "start": start, "end": start + 4, "text": "¥500", "reason": "超过客服的权限"})
    if "¥99" in text:
        start = text.index("¥99")
        claims.append(
            {"kind": "amount", "start": start, "end": start + 3, "text": "¥99", "value": None, "source": None}
        )
    verdict = {"decision": "block" if findings else "pass", "pack": "mock", "pack_hash": "", "findings": findings}
    return {"verdict": verdict, "claims": claims, "needs_vouching": [claim["text"] for claim in claims]}


def make_mock_app(mock: Mock) -> ASGIApp:
    """The mock as an application; pages at /, /login and /paste, files at /static. ``mock`` may be ``current``."""
    app = FastAPI()

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        path = request.url.path
        if path.startswith("/api/") and path != "/api/events":
            mock.requests.append((path, "x-unattended" in request.headers))
        if path in mock.faults:
            status, body = mock.faults[path]
            return JSONResponse({"error": body}, status)
        if path.startswith("/api/") and path != "/api/login" and not mock.signed_in:
            return _error(401, "not_signed_in")
        changing = request.method == "POST" and path != "/api/login"
        if changing and request.headers.get("x-csrf-token") != "csrf-token":
            return _error(403, "csrf")
        if mock.delay and path.startswith("/api/") and path != "/api/events":
            await asyncio.sleep(mock.delay)
        answer: Response = await call_next(request)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    _pages(app)
    offered(app, current(lambda: mock.offers))
    _entering(app, mock)
    _reading(app, mock)
    _asking(app, mock)
    _acting(app, mock)
    _counting(app, mock)
    _translating(app, mock)
    _queueing(app, mock)
    _owing(app, mock)
    faces(app, current(lambda: mock.faces), lambda: mock.people)
    administration(app, current(lambda: mock.admin))
    kept = {"Cache-Control": "max-age=3600"}
    return with_files(app, STATIC, {"Content-Security-Policy": POLICY, **kept})


def _pages(app: FastAPI) -> None:
    @app.get("/")
    async def desk() -> FileResponse:
        return FileResponse(STATIC / "desk.html")

    @app.get("/{page}")
    async def page(page: Literal["login", "paste", "admin"]) -> FileResponse:
        return FileResponse(STATIC / f"{page}.html")


def _entering(app: FastAPI, mock: Mock) -> None:
    @app.post("/api/login")
    async def login(body: dict[str, str]) -> Response:
        if body["password"] != "right":
            return _error(401, "wrong_login")
        mock.signed_in = True
        return JSONResponse(mock.me())

    @app.post("/api/logout", status_code=204)
    async def logout() -> None:
        mock.signed_in = False

    @app.get("/api/me")
    async def me() -> dict[str, Any]:
        return mock.me()

    @app.post("/api/me/language", status_code=204)
    async def language(body: dict[str, str]) -> None:
        mock.language = body["language"]

    @app.post("/api/me/alert", status_code=204)
    async def alert(body: dict[str, Any]) -> None:
        mock.alert = body


def _reading(app: FastAPI, mock: Mock) -> None:
    @app.get("/api/conversations")
    async def listing(
        list: str = "open",
        shop: str | None = None,
        filter: str | None = None,
        mine: bool = False,
        failed: bool = False,
        after: int = 0,
        limit: int = 200,
        around: str | None = None,
    ) -> dict[str, Any]:
        rows, now = mock.chosen(list, shop, filter), datetime.now(UTC).isoformat()
        rows = [row for row in rows if not mine or (row["holder"] and row["holder"]["id"] == "p1")]
        rows = [row for row in rows if not failed or _in_trouble(row)]
        if around is not None:
            stands = next((at for at, row in enumerate(rows) if row["id"] == around), None)
            after = after if stands is None else max(0, stands - limit // 2)
        told = {"counts": mock.counts(), "event": str(mock.place), "now": now}
        return {"conversations": rows[after : after + limit], "total": len(rows), "after": after, **told}

    @app.get("/api/conversations/{id}")
    async def conversation(id: str) -> Response:
        if id not in mock.conversations:
            return _error(404, "not_found")
        return JSONResponse({**mock.conversations[id], "event": "0", "now": datetime.now(UTC).isoformat()})

    @app.get("/api/events")
    async def events(request: Request, after: str | None = None) -> Response:
        if not mock.streaming:
            return _error(503, "stopping")
        place = request.headers.get("last-event-id") or after
        stream = mock.events(int(place) if place else None)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _asking(app: FastAPI, mock: Mock) -> None:
    @app.post("/api/drafts/{id}/approval", status_code=201)
    async def approval(id: str, body: dict[str, Any]) -> Response:
        card = mock.card(id)
        if not card:
            return _error(404, "not_found")
        mock.asked.append({"id": id, **body})
        made = {
            "id": "approval-1",
            "conversation": card["conversation"],
            "draft": id,
            "revision": card["revision"],
            "state": "requested",
            "text": "已请主管定：客服自己的话",
            "own_text": body.get("text"),
            "ruling_note": None,
        }
        card["approval"] = made
        mock.emit("approval.requested", card["conversation"], "approval-1")
        return JSONResponse(made, 201)


def _translating(app: FastAPI, mock: Mock) -> None:
    @app.get("/api/phrases")
    async def phrases() -> dict[str, Any]:
        return {"items": mock.phrases, "total": len(mock.phrases), "version": 1}

    @app.post("/api/translations", status_code=202)
    async def translate(body: dict[str, Any]) -> Any:
        if not mock.translated:
            return JSONResponse({"error": {"code": "bad_input", "message": "none is due"}}, 422)
        mock.typed.append(body)
        return {
            "id": "t1",
            "state": "pending",
            "state_text": "正在翻译",
            "text": None,
            "language": "en",
            "differing": [],
        }

    @app.get("/api/translations/{id}")
    async def translated(id: str) -> dict[str, Any]:
        return mock.translated or {}


def _counting(app: FastAPI, mock: Mock) -> None:
    @app.post("/api/drafts/{id}/sight", status_code=204)
    async def sight(id: str, request: Request) -> None:
        mock.sights.append({"draft": id, **await request.json()})

    @app.get("/api/me/today")
    async def today() -> dict[str, Any]:
        return {"shops": mock.today, "now": mock.now.isoformat()}


def _acting(app: FastAPI, mock: Mock) -> None:
    @app.post("/api/drafts/{id}/decision")
    async def decision(id: str, body: dict[str, Any]) -> Response:
        card = mock.card(id)
        same = card and (card["revision"], card["text_hash"]) == (body["revision"], body["text_hash"])
        if not card or not same or card["state"] not in ("proposed", "blocked"):
            return _error(409, "stale_draft", card=card)
        mock.decisions.append({"id": id, **body})
        return JSONResponse({"state": _decided(mock, card, body)})

    @app.post("/api/conversations/{id}/replies", status_code=202)
    async def reply(id: str, body: dict[str, Any]) -> dict[str, Any]:
        mock.replies.append({"conversation": id, **body})
        at = datetime.now(UTC).isoformat()
        shown = {"id": body["id"], "source": "typed", "source_id": body["id"], "text": body["text"], "state": "queued"}
        mock.conversations[id]["replies"].append({**shown, "error": None, "at": at, "by": "林晓"})
        mock.emit("reply.queued", id, body["id"])
        return {"id": body["id"], "state": "queued"}

    @app.post("/api/replies/{id}/settle")
    async def settle(id: str, body: dict[str, str]) -> dict[str, str]:
        mock.settled.append((id, body["state"]))
        for one in mock.conversations.values():
            one["replies"] = [reply for reply in one["replies"] if reply["id"] != id]
        return {"state": body["state"]}

    @app.post("/api/check")
    async def check(body: dict[str, Any]) -> dict[str, Any]:
        mock.checks.append(body)
        return verdict_of(body["text"])

    @app.post("/api/conversations/{id}/lookup", status_code=202)
    async def lookup(id: str) -> None:
        mock.conversations[id]["orders"]["as_of"] = datetime.now(UTC).isoformat()
        mock.emit("conversation.changed", id)

    @app.post("/api/paste")
    async def paste(body: dict[str, Any]) -> dict[str, Any]:
        mock.pastes.append(body)
        source = mock.conversations["c-damaged"]
        if "?" in body["text"]:
            none = {"draft": None, "reason": "unclear", "reason_text": "看不出买家的诉求,请人工查看", "order": None}
            return {**none, "order_state": "none_given", "look_at": [], "owes": []}
        return {
            "draft": source["card"]["draft"],
            "reason": None,
            "reason_text": None,
            "order": source["orders"]["orders"][0] if body.get("order_id") else None,
            "order_state": "known" if body.get("order_id") else "none_given",
            "look_at": source["card"]["look_at"],
            "owes": source["card"]["owes"],
        }


def _queueing(app: FastAPI, mock: Mock) -> None:
    @app.post("/api/shops/{shop}/conversations", status_code=201)
    async def opened(shop: str, body: dict[str, str]) -> Response:
        return JSONResponse({"id": mock.opened(shop, body["order"])}, 201)

    @app.get("/api/team")
    async def team() -> dict[str, Any]:
        return {"applicable": mock.several, "people": mock.people}

    @app.post("/api/me/reception")
    async def reception(body: dict[str, Any]) -> dict[str, Any]:
        mock.people[0]["receives"] = body["receives"]
        mock.emit("reception.changed", "", "p1")
        return mock.people[0]

    @app.post("/api/conversations/search")
    async def search(body: dict[str, Any]) -> dict[str, Any]:
        words = body["words"].lower()
        rows = [row for row in mock.rows("all", body.get("shop")) if words in _all_words(mock, row["id"])]
        return {"conversations": rows, "counts": mock.counts(), "event": "0", "now": datetime.now(UTC).isoformat()}

    @app.post("/api/conversations/{id}/erase-buyer")
    async def forget(id: str) -> Response:
        mock.moves.append(("erase-buyer", {"conversation": id}))
        return JSONResponse({"conversations": 2, "rows": {}})

    @app.post("/api/conversations/{id}/{act}")
    async def act(
        id: str, act: Literal["take", "give", "end", "mark", "tags", "buyer-tags", "view"], request: Request
    ) -> Response:
        body: dict[str, Any] = json.loads(await request.body() or b"{}")
        mock.moves.append((act, {"conversation": id, **body}))
        holder = mock.holders.get(id)
        if act == "take" and holder and holder["id"] != "p1":
            return _error(409, "held_by_other", holder=holder)
        _carry_out(mock, id, act, body)
        told = {"view": "conversation.viewed", "buyer-tags": "conversation.changed"}
        mock.emit(told.get(act, "conversation.assigned"), id)
        return JSONResponse({})

    @app.post("/api/handover")
    async def handover(body: dict[str, Any]) -> dict[str, Any]:
        moved = [id for id, one in mock.holders.items() if one["id"] == body["holder"]]
        mock.moves.append(("handover", body))
        for id in moved:
            _carry_out(mock, id, "give", body)
        mock.emit("conversation.assigned", moved[0] if moved else "")
        return {"moved": [{"conversation": id, "lines": []} for id in moved]}


def _owing(app: FastAPI, mock: Mock) -> None:
    @app.get("/api/commitments")
    async def commitments() -> dict[str, Any]:
        late = sum(one["late"] for one in mock.owed)
        return {"commitments": mock.owed, "counts": {"open": len(mock.owed), "late": late}, "event": "0", "now": ""}

    @app.get("/api/cases")
    async def cases(list: str = "open") -> dict[str, Any]:
        found = [one for one in mock.cases if list == "all" or (one["state"] == "resolved") == (list == "resolved")]
        counts = {name: len(found) for name in ("open", "owed", "serious", "resolved", "all", "late")}
        return {"cases": found, "counts": counts, "by_issue": {}, "next": None, "event": "0", "now": ""}

    @app.post("/api/conversations/{id}/cases/{case}/resolve")
    async def resolve(id: str, case: str) -> dict[str, str]:
        for one in mock.cases:
            if one["id"] == case:
                one["state"] = "resolved"
        mock.emit("conversation.changed", id)
        return {"state": "resolved"}

    @app.post("/api/commitments/{id}/settle")
    async def settle_promise(id: str, body: dict[str, Any]) -> dict[str, Any]:
        mock.settled.append((id, body["state"]))
        mock.owed = [one for one in mock.owed if one["id"] != id]
        mock.emit(f"commitment.{body['state']}", "", id)
        return {"state": body["state"]}


def _decided(mock: Mock, card: dict[str, Any], body: dict[str, Any]) -> str:
    chooses = body["kind"] == "reject" and body["rejection"]["reason"] == "options"
    state = "approved" if body["kind"] in ("accept", "edit") else "rejected"
    if chooses:
        _choose(card, body["rejection"]["without"])
    else:
        card["state"] = state
    mock.emit(f"draft.{card['state']}", card["conversation"], card["id"])
    return state


def _choose(card: dict[str, Any], without: list[str]) -> None:
    """The same draft again, with the options that are not in ``without``."""
    draft = card["draft"]
    every = [{**one, "letter": one["id"]} for one in draft["options"]]
    every += card.get("left_out", [])
    every.sort(key=lambda one: one["letter"])
    kept = [one for one in every if one["key"] not in without]
    draft["options"] = [{"action": "refund", **one, "id": "ABC"[place]} for place, one in enumerate(kept)]
    card["left_out"] = [
        {name: one[name] for name in ("key", "title", "cost", "letter")} for one in every if one["key"] in without
    ]
    draft["text"], draft["claims"] = " ".join(one["title"] for one in kept), []
    card["revision"] += 1
    card["text_hash"] = f"hash-{card['id']}-{card['revision']}"


def _all_words(mock: Mock, id: str) -> str:
    one = mock.conversations[id]
    said = " ".join(message["text"] for message in one["messages"])
    orders = " ".join(order["id"] for order in one["orders"]["orders"])
    return f"{one['buyer']['nickname']} {said} {orders}".lower()


def _carry_out(mock: Mock, id: str, act: str, body: dict[str, Any]) -> None:
    if act == "take":
        mock.holders[id] = {"id": "p1", "name": "林晓", "how": "manual"}
    elif act == "give":
        person = next((one for one in mock.people if one["id"] == body["to"]), None)
        mock.holders.pop(id, None)
        if person:
            mock.holders[id] = {"id": person["id"], "name": person["name"], "how": "transfer"}
    elif act == "end":
        mock.ended.add(id)
        mock.holders.pop(id, None)
    elif act == "mark":
        (mock.marked.add if body["marked"] else mock.marked.discard)(id)
    elif act == "tags":
        mock.tags[id] = body["tags"]
    elif act == "buyer-tags":
        buyer = mock.conversations[id]["buyer"]
        buyer["tags"] = [one for one in buyer["tags"] if one not in body["remove"]] + body["add"]
    else:
        mock.viewed.add(body["message"])


def soon(now: datetime, seconds: float) -> str:
    """A time ``seconds`` from ``now``, as the API writes it."""
    return (now + timedelta(seconds=seconds)).isoformat()
