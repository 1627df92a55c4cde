"""The emulated homeserver itself: which deliveries it makes of what happens, and what people do in the agents' room.

Every event of a room is delivered, the bot's own as well, as a homeserver does.
"""

import itertools
import json
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from starlette.routing import BaseRoute

from copilot.domain.clock import Clock
from copilot.domain.message import Kind, Message, Role
from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Noted, Push, Said
from copilot_adapter_matrix.emulator.rooms import Rooms

SERVER = "emulated"
BOT = f"@support:{SERVER}"
AGENT = f"@anna:{SERVER}"
COLLEAGUE = f"@colleague:{SERVER}"
AGENTS_ROOM = f"!agents:{SERVER}"
PHOTO = f"mxc://{SERVER}/photo"


class MatrixEmulator(Emulator):
    """One shop's application service on an emulated homeserver; the tokens are those of its registration."""

    name: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix"

    def __init__(self, *, clock: Clock | None = None) -> None:
        """``clock`` stamps events; the machine's by default."""
        super().__init__(clock=clock)
        self.shop_id = "cups"
        self.as_token, self.hs_token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.events: dict[str, list[dict[str, Any]]] = {}
        self.outside: set[str] = set()
        """Rooms that the bot is invited into and not in."""
        self.sending: dict[str, Any] | None = None
        """The content that the bot is sending just now."""
        self.rooms = Rooms(self)
        self._transactions = itertools.count(1)

    def routes(self) -> Sequence[BaseRoute]:
        """The homeserver's calls."""
        return self.rooms.routes()

    def settings(self, base_url: str) -> dict[str, str]:
        """What ``shop add`` must be told to reach this emulator at ``base_url``."""
        super().settings(base_url)
        return {
            "homeserver": self.base_url,
            "as_token": self.as_token,
            "hs_token": self.hs_token,
            "bot": BOT,
            "agents_room": AGENTS_ROOM,
            "people": f"{AGENT}=anna",
            "colleagues": COLLEAGUE,
        }

    def announce(self, said: Said) -> None:
        """Deliver a message of a buyer's room."""
        message = said.message
        if message.role is Role.BUYER:
            sender = f"@{said.shopper.id}:{SERVER}"
        else:
            sender = BOT if said.by_call else COLLEAGUE
        content = self.sending if said.by_call and self.sending else _content(said)
        self.happened(said.conversation, message.id, sender, "m.room.message", content)

    def order_changed(self, order: Order) -> None:
        """Orders are not Matrix's: nobody tells of them."""

    async def invite(self, shopper_id: str, text: str) -> str:
        """A room that the bot is not in: nothing of it is delivered but the invitation."""
        thread = self.chats.of_shopper(shopper_id)
        said = self.chats.post(thread, Message(role=Role.BUYER, text=text))
        sender = f"@{shopper_id}:{SERVER}"
        self._keep(thread.id, said.message.id, sender, "m.room.message", _content(said))
        self.outside.add(thread.id)
        invitation = {"membership": "invite", "is_direct": True}
        event = self._keep(thread.id, self.chats.new_id(), sender, "m.room.member", invitation)
        self._deliver({**event, "state_key": BOT})
        return thread.id

    async def decide(
        self,
        note: Noted,
        decision: Literal["accept", "edit", "reject", "option"],
        *,
        text: str | None = None,
        reason: str | None = None,
        option: str | None = None,
    ) -> None:
        """Somebody of the shop reacts to a note, or edits it."""
        if decision == "edit":
            relation: dict[str, Any] = {"rel_type": "m.replace", "event_id": note.id}
            new = {"msgtype": "m.text", "body": text}
            content = {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
            self.happened(AGENTS_ROOM, self.chats.new_id(), AGENT, "m.room.message", content)
            return
        key = {"accept": "✅", "reject": f"❌ {reason or ''}".strip(), "option": option or ""}[decision]
        relation = {"rel_type": "m.annotation", "event_id": note.id, "key": key}
        self.happened(AGENTS_ROOM, self.chats.new_id(), AGENT, "m.reaction", {"m.relates_to": relation})

    def happened(self, room: str, event_id: str, sender: str, kind: str, content: dict[str, Any]) -> None:
        """Keep an event of a room and deliver it."""
        self._deliver(self._keep(room, event_id, sender, kind, content))

    def _keep(self, room: str, event_id: str, sender: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        event: dict[str, Any] = {
            "type": kind,
            "event_id": event_id,
            "room_id": room,
            "sender": sender,
            "origin_server_ts": int(self.clock.now().timestamp() * 1000),
            "content": content,
        }
        self.events.setdefault(room, []).append(event)
        return event

    def _deliver(self, event: dict[str, Any]) -> None:
        body = json.dumps({"events": [event]}, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"authorization": f"Bearer {self.hs_token}"}
        path = f"/{self.shop_id}/_matrix/app/v1/transactions/{next(self._transactions)}"
        self.pusher.push(Push(body, headers, method="PUT", path=path))


def _content(said: Said) -> dict[str, Any]:
    message = said.message
    if message.kind is Kind.IMAGE and message.media is not None:
        sizes = {"w": message.media.width, "h": message.media.height}
        return {"msgtype": "m.image", "body": "photo.png", "url": PHOTO, "info": sizes}
    # Cards are not Matrix's: a shopper who shows an order writes its number.
    return {"msgtype": "m.text", "body": message.text or message.order_id or message.product_id or ""}
