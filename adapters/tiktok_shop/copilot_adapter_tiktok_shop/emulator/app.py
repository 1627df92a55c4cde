"""The emulated platform itself: which calls it serves, and which deliveries it makes of what happens.

Every message of a conversation is delivered, whoever wrote it, as the platform does with our own replies too.
"""

import itertools
from collections.abc import Sequence
from typing import Any, ClassVar

from starlette.routing import BaseRoute

from copilot.domain.clock import Clock
from copilot.domain.message import Kind, Message, Role
from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Push, Said, Thread
from copilot.sdk.testing.chats import stable_id
from copilot_adapter_tiktok_shop.emulator import shapes
from copilot_adapter_tiktok_shop.emulator.chat import ChatCalls
from copilot_adapter_tiktok_shop.emulator.gate import Gate, Keys
from copilot_adapter_tiktok_shop.emulator.said import as_listed
from copilot_adapter_tiktok_shop.emulator.shop import ShopCalls
from copilot_adapter_tiktok_shop.signing import sign_delivery


class TikTokShopEmulator(Emulator):
    """One shop on an emulated TikTok Shop; ``keys`` are what an adapter must know to call it."""

    name: ClassVar[str] = "tiktok_shop"
    title: ClassVar[str] = "TikTok Shop"

    def __init__(self, *, clock: Clock | None = None) -> None:
        """``clock`` stamps messages and judges how old a signature is; the machine's by default."""
        super().__init__(clock=clock)
        self.shop_id = stable_id(self.name, "shop")
        self.keys = Keys.make(self.clock.now())
        self._notes = itertools.count(1)

    def routes(self) -> Sequence[BaseRoute]:
        """The platform's own calls, each behind its checks."""
        gate = Gate(self.keys, self.faults, self.clock)
        return [*ChatCalls(self, gate).routes(), *ShopCalls(self, gate).routes()]

    def settings(self, base_url: str) -> dict[str, str]:
        """What ``shop add`` must be told to reach this emulator at ``base_url``."""
        super().settings(base_url)
        return {
            "app_key": self.keys.app_key,
            "app_secret": self.keys.app_secret,
            "access_token": self.keys.access_token,
            "refresh_token": self.keys.refresh_token,
            "access_token_expires_at": self.keys.expires_at.isoformat(),
            "shop_cipher": self.keys.shop_cipher,
            "api_url": self.base_url,
            "auth_url": self.base_url,
        }

    def enter(self, thread: Thread, order_id: str) -> str | None:
        """The platform says by a message of its own that the buyer comes from an order's page."""
        said = self.chats.post(thread, Message(role=Role.SYSTEM, kind=Kind.ORDER_CARD, text="", order_id=order_id))
        self.announce(said)
        return said.message.id

    def announce(self, said: Said) -> None:
        """Deliver a message; before a conversation's first one, that there is a conversation."""
        thread = self.chats.find(said.conversation)
        if thread is not None and thread.said[0] is said:
            opened = {"conversation_id": said.conversation, "create_time": shapes.seconds(thread.created_at)}
            self._deliver(13, opened)
        told = as_listed(said, self.shop_id)
        told["message_id"] = told.pop("id")
        # A delivery names nobody: its sender has an id and a role only.
        told["sender"] = {key: told["sender"][key] for key in ("im_user_id", "role")}
        self._deliver(14, {**told, "conversation_id": said.conversation})

    def given(self, thread: Thread) -> None:
        """Deliver that somebody joined or left; the platform does not say who."""
        self._deliver(13, {"conversation_id": thread.id, "create_time": shapes.seconds(thread.created_at)})

    def order_changed(self, order: Order) -> None:
        """Deliver the order's status, and its latest request when it has one."""
        now = shapes.seconds(self.clock.now())
        word = "CANCEL" if shapes.status(order) == "CANCELLED" else shapes.status(order)
        self._deliver(1, {"order_id": order.id, "order_status": word, "is_on_hold_order": False, "update_time": now})
        for request in shapes.cancellations(order)[-1:]:
            self._deliver(11, {key: request[key] for key in ("order_id", "cancel_id", "cancel_status", "create_time")})
        for request in shapes.returns(order)[-1:]:
            named = ("order_id", "return_id", "return_type", "return_status", "create_time", "update_time")
            self._deliver(12, {key: request[key] for key in named})

    def _deliver(self, kind: int, data: dict[str, Any]) -> None:
        note = {
            "type": kind,
            "tts_notification_id": stable_id("note", self.keys.app_key, str(next(self._notes))),
            "shop_id": self.shop_id,
            "timestamp": shapes.seconds(self.clock.now()),
            "data": data,
        }
        body = shapes.compact(note).encode()
        signature = sign_delivery(self.keys.app_key, self.keys.app_secret, body)
        self.pusher.push(Push(body, {"authorization": signature}))
