"""The emulated client interface: events sent once under their key, what stands in a room, files and receipts."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk.testing import Cut
from copilot.sdk.testing.page import picture

if TYPE_CHECKING:
    from copilot_adapter_matrix.emulator.app import MatrixEmulator

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Rooms:
    """The calls of one emulated homeserver."""

    platform: "MatrixEmulator"
    taken: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def routes(self) -> list[Route]:
        """All of them, each behind the token."""
        room = "/_matrix/client/v3/rooms/{room}"
        send, receipt = f"{room}/send/m.room.message/{{transaction}}", f"{room}/receipt/m.read/{{event}}"
        media = "/_matrix/client/v1/media/download/{server}/{file}"
        return [
            Route(send, self._guard(self._send, "send"), methods=["PUT"]),
            Route(f"{room}/messages", self._guard(self._messages, "read"), methods=["GET"]),
            Route(receipt, self._guard(self._read, "read"), methods=["POST"]),
            Route("/_matrix/client/v3/join/{room}", self._guard(self._join, "read"), methods=["POST"]),
            Route("/_matrix/media/v3/upload", self._guard(self._upload, "read"), methods=["POST"]),
            Route(media, self._guard(self._download, "read"), methods=["GET"]),
        ]

    def _guard(self, handler: Handler, call: Literal["send", "read"]) -> Handler:
        async def guarded(request: Request) -> Response:
            faults = self.platform.faults
            if faults.take("server_error", call):
                return Response("oops", 500)
            if faults.take("throttle", call):
                seconds = faults.retry_after
                headers = {"retry-after": str(int(seconds))}
                return failed(429, "M_LIMIT_EXCEEDED", headers, retry_after_ms=int(seconds * 1000))
            known = request.headers.get("authorization") == f"Bearer {self.platform.as_token}"
            if not known or faults.take("token_expired", call):
                return failed(401, "M_UNKNOWN_TOKEN")
            return await handler(request)

        return guarded

    async def _send(self, request: Request) -> Response:
        room, transaction = request.path_params["room"], request.path_params["transaction"]
        known = self.taken.get((room, transaction))
        if known is not None:
            return JSONResponse({"event_id": known})
        content: dict[str, Any] = json.loads(await request.body())
        faults = self.platform.faults
        if faults.take("refuse"):
            return failed(413, "M_TOO_LARGE")
        if faults.take("window_closed"):
            return failed(403, "M_FORBIDDEN")
        event = self._accept(room, content)
        if event is None:
            return failed(404, "M_NOT_FOUND")
        self.taken[room, transaction] = event
        if faults.take("cut_after_accepting"):
            return Cut()
        return JSONResponse({"event_id": event})

    def _accept(self, room: str, content: dict[str, Any]) -> str | None:
        """The id of the event; None where there is no such room."""
        from copilot_adapter_matrix.emulator.app import AGENTS_ROOM, BOT

        if room == AGENTS_ROOM:
            return self._note(content, AGENTS_ROOM, BOT)
        thread = self.platform.chats.find(room)
        if thread is None:
            return None
        kind = Kind.IMAGE if content.get("msgtype") == "m.image" else Kind.TEXT
        message = Message(
            role=Role.AGENT,
            kind=kind,
            text=content["body"] if kind is Kind.TEXT else "",
            sent_by=SentBy.PERSON,
            media=Media(url=content["url"]) if kind is Kind.IMAGE else None,
        )
        self.platform.sending = content
        try:
            return self.platform.accept_message(thread, message).message.id
        finally:
            self.platform.sending = None

    def _note(self, content: dict[str, Any], room: str, bot: str) -> str:
        relation = content.get("m.relates_to")
        if relation is not None:
            for noted in self.platform.notes:
                if noted.id == relation["event_id"]:
                    noted.settled = content["body"]
            event = self.platform.chats.new_id()
        else:
            shown = next(iter(self.platform.chats.threads()))
            event = self.platform.accept_note(shown, content["body"]).id
        self.platform.happened(room, event, bot, "m.room.message", content)
        return event

    async def _join(self, request: Request) -> Response:
        self.platform.outside.discard(request.path_params["room"])
        return JSONResponse({"room_id": request.path_params["room"]})

    async def _messages(self, request: Request) -> Response:
        if request.path_params["room"] in self.platform.outside:
            return failed(403, "M_FORBIDDEN")
        limit = int(request.query_params["limit"])
        found = self.platform.events.get(request.path_params["room"], [])
        return JSONResponse({"start": "s", "chunk": list(reversed(found))[:limit]})

    async def _read(self, request: Request) -> Response:
        thread = self.platform.chats.find(request.path_params["room"])
        if thread is None:
            return failed(404, "M_NOT_FOUND")
        thread.unread = 0
        return JSONResponse({})

    async def _upload(self, request: Request) -> Response:
        await request.body()
        return JSONResponse({"content_uri": f"mxc://emulated/{self.platform.chats.new_id()}"})

    async def _download(self, request: Request) -> Response:
        del request
        return Response(picture(), media_type="image/png")


def failed(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """A refusal as a homeserver words it."""
    return JSONResponse({"errcode": code, "error": "refused", **more}, status, headers)
