"""The emulated calls of agents: conversations, messages, sending, notes, status, behind an access token."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk.signing import same
from copilot.sdk.testing import Cut, Said, Thread, page
from copilot.sdk.testing.forms import Part, parts_of
from copilot_adapter_chatwoot.emulator import shapes

if TYPE_CHECKING:
    from copilot_adapter_chatwoot.emulator.app import ChatwootEmulator

Endpoint = Callable[[Request], Awaitable[Response]]

_PAGE: Final = 20
_PAGE_TALKS: Final = 25
_PAGE_AFTER: Final = 100
_LONGEST: Final = 150_000
_STATES: Final = frozenset({"open", "resolved", "pending", "snoozed"})


class AccountCalls:
    """The calls of one emulated account."""

    def __init__(self, platform: "ChatwootEmulator") -> None:
        """``platform`` holds the chats."""
        self._platform = platform

    def routes(self) -> list[Route]:
        """All of them, each behind the token; files are open to whoever has their address."""
        one = "/api/v1/accounts/{account}/conversations/{conversation}"
        file = "/rails/active_storage/blobs/{way}/{message}/{name}"
        return [
            Route("/api/v1/accounts/{account}/conversations", self._guard(self._list), methods=["GET"]),
            Route(one, self._guard(self._get), methods=["GET"]),
            Route(f"{one}/messages", self._guard(self._messages), methods=["GET"]),
            Route(f"{one}/messages", self._guard(self._send, "send"), methods=["POST"]),
            Route(f"{one}/update_last_seen", self._guard(self._seen), methods=["POST"]),
            Route(f"{one}/toggle_status", self._guard(self._status), methods=["POST"]),
            Route(file, self._file, methods=["GET"]),
        ]

    def _guard(self, endpoint: Endpoint, call: Literal["send", "read"] = "read") -> Endpoint:
        async def guarded(request: Request) -> Response:
            return self._refused(request) or self._fault(call) or await endpoint(request)

        return guarded

    def _refused(self, request: Request) -> Response | None:
        if not same(request.headers.get("api_access_token", ""), self._platform.access_token):
            return JSONResponse({"error": "Invalid Access Token"}, 401)
        if request.path_params["account"] != self._platform.place.account:
            return _missing()
        return None

    def _fault(self, call: Literal["send", "read"]) -> Response | None:
        faults = self._platform.faults
        if faults.take("throttle", call):
            return PlainTextResponse("Retry later\n", 429, {"Retry-After": f"{faults.retry_after:g}"})
        if faults.take("server_error", call):
            return PlainTextResponse("We're sorry, but something went wrong (500)", 500)
        if faults.take("token_expired", call):
            return JSONResponse({"error": "Invalid Access Token"}, 401)
        return None

    async def _list(self, request: Request) -> Response:
        query = request.query_params
        if query.get("inbox_id", self._platform.place.inbox) != self._platform.place.inbox:
            return JSONResponse({"data": {"meta": {}, "payload": []}})
        threads = [one for one in self._platform.chats.threads() if one.said]
        shown = [self._platform.conversation(one) for one in threads]
        wanted = query.get("status", "open")
        found = [one for one in shown if wanted in ("all", one["status"])]
        found.sort(key=lambda one: one["last_activity_at"], reverse=True)
        start = (int(query.get("page", "1")) - 1) * _PAGE_TALKS
        page = found[start : start + _PAGE_TALKS]
        return JSONResponse({"data": {"meta": {"all_count": len(found)}, "payload": page}})

    async def _get(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _missing()
        can_reply = not self._platform.faults.take("window_closed")
        return JSONResponse(self._platform.conversation(thread, can_reply=can_reply))

    async def _messages(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _missing()
        told = [(said.sequence, shapes.message(said, self._platform.place)) for said in thread.said]
        told += [
            (int(one.id), self._platform.note(one)) for one in self._platform.notes if one.conversation == thread.id
        ]
        told.sort(key=lambda one: one[0])
        query = request.query_params
        if query.get("after"):
            found = [one for number, one in told if number > int(query["after"])][:_PAGE_AFTER]
        else:
            before = int(query["before"]) if query.get("before") else None
            found = [one for number, one in told if before is None or number < before][-_PAGE:]
        return JSONResponse(
            {"meta": {"contact": shapes.contact(thread.shopper, self._platform.place)}, "payload": found}
        )

    async def _send(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _missing()
        fields, file = await _asked(request)
        content = fields.get("content") or ""
        if fields.get("private") is True:
            noted = self._platform.accept_note(thread, content)
            return JSONResponse(self._platform.note(noted))
        if self._platform.faults.take("refuse") or len(content) > _LONGEST:
            return JSONResponse({"error": "Content is too long (maximum is 150000 characters)"}, 422)
        if fields.get("content_type") == "input_select":
            items: list[dict[str, str]] = fields.get("content_attributes", {}).get("items", [])
            if not items or any(one.keys() != {"title", "value"} for one in items):
                return JSONResponse({"error": "Content attributes contains invalid keys for items"}, 422)
            said = self._platform.accept_options(thread, content, items)
        else:
            said = self._said(thread, content, file)
        if self._platform.faults.take("cut_after_accepting"):
            return Cut()
        return JSONResponse(shapes.message(said, self._platform.place))

    def _said(self, thread: Thread, content: str, file: Part | None) -> Said:
        if file is None:
            return self._platform.accept(thread, content)
        kind = Kind.VIDEO if file.content_type.startswith("video/") else Kind.IMAGE
        assert file.body == page.picture()  # the only file there is to serve again
        media = Media(url=f"{self._platform.base_url}/shopper/photo.png")
        message = Message(role=Role.AGENT, kind=kind, text=content, sent_by=SentBy.PERSON, media=media)
        return self._platform.accept_message(thread, message)

    async def _seen(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _missing()
        thread.unread = 0
        return JSONResponse(self._platform.conversation(thread))

    async def _status(self, request: Request) -> Response:
        thread = self._thread(request)
        status = json.loads(await request.body() or b"{}").get("status")
        if thread is None or status not in _STATES:
            return _missing()
        self._platform.move(thread, status)
        return JSONResponse({"meta": {}, "payload": {"success": True, "current_status": status}})

    async def _file(self, request: Request) -> Response:
        if request.path_params["way"] == "redirect":
            return RedirectResponse(str(request.url).replace("/redirect/", "/proxy/"), 302)
        return Response(page.picture(), media_type="image/png")

    def _thread(self, request: Request) -> Thread | None:
        return self._platform.chats.find(request.path_params["conversation"])


async def _asked(request: Request) -> tuple[dict[str, Any], Part | None]:
    """What is to be sent: JSON, or a form where a file goes along."""
    body = await request.body()
    form = parts_of(request.headers.get("content-type", ""), body)
    if not form:
        return json.loads(body), None
    fields: dict[str, Any] = {name: part.text for name, part in form.items() if part.file_name is None}
    return {**fields, "private": fields.get("private") == "true"}, form.get("attachments[]")


def _missing() -> Response:
    return JSONResponse({"error": "Resource could not be found"}, 404)
