"""The contract between the core and a platform adapter.

An adapter translates at the edge and keeps no state of its own: the core stores credentials, supplies them with every
call, de-duplicates, orders, retries and limits. What an adapter can do beyond sending it says by implementing one of
the small protocols of ``capabilities``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel, ConfigDict

from copilot.domain.base import Id, Shape
from copilot.domain.clock import Clock

ADAPTER_API: Final = 1
"""The version of this contract; an adapter states the one it was written for as ``api``."""


class Transport(StrEnum):
    """Whether the platform documents how chat messages travel.

    ``not_public``: the message contract of this adapter is ours, and reaching the platform needs an approved channel
    or a person who copies.
    """

    PUBLIC = "public"
    NOT_PUBLIC = "not_public"


class AdapterSettings(BaseModel):
    """What a shop must enter for this adapter; secrets are ``SecretStr``. Subclass it.

    The core stores it sealed and gives it back with every call; field titles and descriptions are shown to people. A
    field ``calls_per_second`` bounds the calls that a process makes for the shop.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def app_id(self) -> str | None:
        """What the platform calls the app that signs deliveries, when it names one; finds deliveries without a shop."""
        return None


@dataclass(frozen=True)
class Account:
    """A shop as its adapter sees it: the platform's id, its settings, and what calls are made with.

    ``settings`` is an instance of the adapter's own settings class. ``http`` has time-outs set and is shared; never
    close it. Take the time from ``clock``.
    """

    shop: str
    settings: Any
    http: httpx.AsyncClient
    clock: Clock


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
    """One platform. ``name`` equals the entry point's name.

    ``idempotent_send`` says whether the platform itself refuses a second message with the same key; where it does not,
    an unknown outcome is read back (``capabilities.History``) or shown to a person.
    """

    name: str
    api: int
    transport: Transport
    settings: type[AdapterSettings]
    idempotent_send: bool

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send ``reply`` once; never retry inside.

        Raises:
            OutcomeUnknown: the call broke off, or the platform answered in a way that leaves open whether it arrived.
            AdapterError: it did not arrive; the subclass says why.
        """
        ...
