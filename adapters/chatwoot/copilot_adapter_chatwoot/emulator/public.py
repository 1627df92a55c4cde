"""The emulated calls of buyers: the public interface of an inbox, which asks for no token."""

import json
import secrets
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from copilot.domain.message import Message, Role
from copilot.sdk.testing import Shopper, Thread
from copilot_adapter_chatwoot.emulator import shapes

if TYPE_CHECKING:
    from copilot_adapter_chatwoot.emulator.app import ChatwootEmulator


class PublicCalls:
    """What a chat window on a web page does."""

    def __init__(self, platform: "ChatwootEmulator") -> None:
        """``platform`` holds the chats."""
        self._platform = platform

    def routes(self) -> list[Route]:
        """The calls that let a buyer write, and tap an option."""
        contacts = "/public/api/v1/inboxes/{inbox}/contacts"
        talks = f"{contacts}/{{source}}/conversations"
        return [
            Route(contacts, self._contact, methods=["POST"]),
            Route(talks, self._conversation, methods=["POST"]),
            Route(f"{talks}/{{conversation}}/messages", self._message, methods=["POST"]),
            Route(f"{talks}/{{conversation}}/messages/{{message}}", self._answer, methods=["PATCH"]),
        ]

    async def _contact(self, request: Request) -> Response:
        if request.path_params["inbox"] != self._platform.inbox_identifier:
            return _missing()
        name = (await _body(request)).get("name") or "Visitor"
        shopper = Shopper(id=secrets.token_hex(8), nickname=name)
        self._platform.add_shopper(shopper)
        told = {"source_id": shapes.source_id(shopper), "pubsub_token": secrets.token_hex(8), "name": name}
        return JSONResponse({**told, "id": shapes.contact_id(shopper), "email": None})

    async def _conversation(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _missing()
        return JSONResponse({"id": int(thread.id), "inbox_id": int(self._platform.place.inbox), "messages": []})

    async def _message(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None or thread.id != request.path_params["conversation"]:
            return _missing()
        body = await _body(request)
        said = self._platform.chats.post(thread, Message(role=Role.BUYER, text=str(body.get("content") or "")))
        self._platform.announce(said)
        return JSONResponse({**shapes.message(said, self._platform.place), "echo_id": body.get("echo_id")})

    async def _answer(self, request: Request) -> Response:
        thread, number = self._thread(request), request.path_params["message"]
        said = next((one for one in thread.said if one.message.id == number), None) if thread else None
        values = (await _body(request)).get("submitted_values")
        if said is None or number not in self._platform.options or not isinstance(values, list) or not values:
            return _missing()
        tapped = {name: str(value) for name, value in cast("dict[str, Any]", values[0]).items()}
        self._platform.submit(said, tapped)
        return JSONResponse(shapes.message(said, self._platform.place))

    def _thread(self, request: Request) -> Thread | None:
        if request.path_params["inbox"] != self._platform.inbox_identifier:
            return None
        source = request.path_params["source"]
        return next((one for one in self._platform.chats.threads() if shapes.source_id(one.shopper) == source), None)


async def _body(request: Request) -> dict[str, Any]:
    return json.loads(await request.body() or b"{}")


def _missing() -> Response:
    return JSONResponse({"error": "Resource could not be found"}, 404)
