"""The emulated Chatwoot itself: which calls it serves, and which signed deliveries it makes of what happens.

Every message is delivered, whoever wrote it: our own replies, what colleagues type, private notes.
"""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.routing import BaseRoute

from copilot.domain.clock import Clock
from copilot.domain.message import Message, Role, SentBy
from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Noted, Push, Said, Thread
from copilot_adapter_chatwoot.emulator import shapes
from copilot_adapter_chatwoot.emulator.account import AccountCalls
from copilot_adapter_chatwoot.emulator.public import PublicCalls
from copilot_adapter_chatwoot.signing import SIGNATURE, TIMESTAMP, sign

_ACCOUNT, _INBOX = "3", "7"


class ChatwootEmulator(Emulator):
    """One inbox of one account of an emulated Chatwoot."""

    name: ClassVar[str] = "chatwoot"
    title: ClassVar[str] = "Chatwoot"

    def __init__(self, *, clock: Clock | None = None) -> None:
        """``clock`` stamps messages and deliveries; the machine's by default."""
        super().__init__(clock=clock)
        self.shop_id = f"chat.example-{_ACCOUNT}-{_INBOX}"
        self.access_token = secrets.token_urlsafe(18)
        self.webhook_secret = secrets.token_urlsafe(24)
        self.inbox_identifier = secrets.token_urlsafe(18)
        self.assignees: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.options: dict[str, shapes.Options] = {}
        self.attributes: dict[str, dict[str, Any]] = {}

    @property
    def place(self) -> shapes.Place:
        """Whose chats these are."""
        return shapes.Place(_ACCOUNT, _INBOX, self.base_url, self.options, self.attributes)

    def routes(self) -> Sequence[BaseRoute]:
        """Chatwoot's own calls, those of agents behind their token, those of buyers open."""
        return [*AccountCalls(self).routes(), *PublicCalls(self).routes()]

    def settings(self, base_url: str) -> dict[str, str]:
        """What ``shop add`` must be told to reach this emulator at ``base_url``."""
        super().settings(base_url)
        return {
            "account_id": _ACCOUNT,
            "inbox_id": _INBOX,
            "access_token": self.access_token,
            "webhook_secret": self.webhook_secret,
            "api_url": self.base_url,
            "options": "true",
        }

    def deliver_to(self, url: str) -> None:
        """Where deliveries go from now on: below ``url``, at this shop's own place."""
        super().deliver_to(f"{url.rstrip('/')}/{self.shop_id}")

    def conversation(self, thread: Thread, *, can_reply: bool = True) -> dict[str, Any]:
        """A conversation on the wire."""
        return shapes.conversation(
            thread,
            self.place,
            status=self.states.get(thread.id, "open"),
            assignee=self.assignees.get(thread.id),
            can_reply=can_reply,
        )

    def announce(self, said: Said) -> None:
        """Deliver a message; before a conversation's first one, that there is a conversation."""
        thread = self.chats.find(said.conversation)
        assert thread is not None  # it was posted to one
        if thread.said[0] is said:
            self._deliver("conversation_created", self.conversation(thread))
        if said.message.role == "buyer" and self.states.get(thread.id) == "resolved":
            self.move(thread, "open")
        self._deliver("message_created", shapes.delivered(said, self.place, self.conversation(thread)))

    def announce_note(self, thread: Thread, told: Mapping[str, Any]) -> None:
        """Deliver a private note, as Chatwoot does to whoever listens."""
        conversation = self.conversation(thread)
        body = {**told, "message_type": "outgoing", "conversation": conversation}
        self._deliver("message_created", {**body, "account": {"id": int(_ACCOUNT), "name": "Emulated account"}})

    def accept_note(self, thread: Thread, text: str) -> Noted:
        """Store a note that came through the interface and announce it."""
        noted = super().accept_note(thread, text)
        self.announce_note(thread, self.note(noted))
        return noted

    def note(self, noted: Noted) -> dict[str, Any]:
        """A note on the wire."""
        return {
            "id": int(noted.id),
            "content": noted.text,
            "inbox_id": int(_INBOX),
            "conversation_id": int(noted.conversation),
            "message_type": shapes.TYPES["outgoing"],
            "content_type": "text",
            "content_attributes": {},
            "created_at": shapes.seconds(self.clock.now()),
            "private": True,
            "source_id": None,
            "sender": {"id": int(shapes.AGENT), "name": f"Agent {shapes.AGENT}", "type": "user"},
        }

    def accept_options(self, thread: Thread, above: str, items: Sequence[Mapping[str, str]]) -> Said:
        """Store a message with options that came through the interface; the buyer's window shows all of it."""
        text = "\n".join([above, *(one["title"] for one in items)])
        said = self.chats.post(thread, Message(role=Role.AGENT, text=text, sent_by=SentBy.PERSON), by_call=True)
        self.options[said.message.id] = shapes.Options(above, items)
        self.announce(said)
        return said

    async def tap(self, shopper_id: str, question: str) -> None:
        """A buyer taps an option below the last message that has one of these words."""
        thread = self.chats.of_shopper(shopper_id)
        for said in reversed(thread.said):
            below = self.options.get(said.message.id)
            tapped = next((one for one in below.items if one["title"] == question), None) if below else None
            if tapped is not None:
                self.submit(said, tapped)
                return
        raise ValueError("no message of the conversation has this option")

    def submit(self, said: Said, tapped: Mapping[str, str]) -> None:
        """Keep what was tapped and tell whoever listens; as often as it is asked for, as Chatwoot does."""
        self.options[said.message.id].tapped = tapped
        thread = self.chats.find(said.conversation)
        assert thread is not None  # it was said in one
        self._deliver("message_updated", shapes.delivered(said, self.place, self.conversation(thread)))

    def keep_attributes(self, shopper_id: str, **attributes: Any) -> None:
        """An agent writes custom attributes into a contact; whoever listens hears of them with its next message."""
        self.attributes.setdefault(shopper_id, {}).update(attributes)

    async def resolve(self, shopper_id: str) -> None:
        """An agent closes the conversation in Chatwoot's window."""
        self.move(self.chats.of_shopper(shopper_id), "resolved")

    async def assign(self, shopper_id: str, agent: str | None) -> None:
        """Chatwoot gives the conversation to ``agent``, or to nobody."""
        thread = self.chats.of_shopper(shopper_id)
        before = self.assignees.pop(thread.id, None)
        if agent is not None:
            self.assignees[thread.id] = agent
        changed = {"previous_value": before and int(before), "current_value": agent and int(agent)}
        told = {**self.conversation(thread), "changed_attributes": [{"assignee_id": changed}]}
        self._deliver("conversation_updated", told)

    async def take_back(self, shopper_id: str) -> str:
        """The last message of a conversation is deleted in Chatwoot's window; returns its id."""
        thread = self.chats.of_shopper(shopper_id)
        said = thread.said[-1]
        told = shapes.delivered(said, self.place, self.conversation(thread))
        told |= {"content": "This message was deleted", "content_attributes": {"deleted": True}}
        told.pop("attachments", None)
        self._deliver("message_updated", told)
        return said.message.id

    def order_changed(self, order: Order) -> None:
        """Chatwoot knows no orders."""
        del order

    def move(self, thread: Thread, status: str) -> None:
        """Change a conversation's status and tell whoever listens."""
        before, self.states[thread.id] = self.states.get(thread.id, "open"), status
        changed = [{"status": {"previous_value": before, "current_value": status}}]
        self._deliver("conversation_status_changed", {**self.conversation(thread), "changed_attributes": changed})

    def _deliver(self, event: str, told: Mapping[str, Any]) -> None:
        body = shapes.compact({**told, "event": event})
        stamp = str(int(self.clock.now().timestamp()))
        headers = {
            TIMESTAMP: stamp,
            SIGNATURE: sign(self.webhook_secret, stamp, body),
            "x-chatwoot-delivery": str(uuid.uuid4()),
            "content-type": "application/json",
        }
        self.pusher.push(Push(body, headers))
