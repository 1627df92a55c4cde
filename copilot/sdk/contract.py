"""The contract between the core and a platform adapter.

It is thin on purpose: what stands here is used today; webhooks, polling and capabilities join it with the first
adapters. An adapter translates at the edge and keeps no state of its own.
"""

from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from copilot.domain.base import Id, Shape

ADAPTER_API: Final = 1
"""The version of this contract; an adapter states the one it was written for as ``api``."""


class Reply(Shape):
    """An approved reply on its way out: the platform's ids of shop and conversation, and the text."""

    shop: Id
    conversation: Id
    text: str


class Receipt(Shape):
    """The platform took the reply: its id for the message, and its time when it gave one."""

    message_id: Id
    sent_at: datetime | None = None


@runtime_checkable
class Adapter(Protocol):
    """One platform. ``name`` equals the entry point's name; ``idempotent_send`` whether a key makes a resend safe."""

    name: str
    api: int
    idempotent_send: bool

    async def send(self, reply: Reply, idempotency_key: str) -> Receipt:
        """Send ``reply``; raises an ``AdapterError``, ``OutcomeUnknown`` when it cannot tell whether it arrived."""
        ...
