"""The contract between the core and a platform adapter.

An adapter translates at the edge and keeps no state of its own: the core stores credentials, supplies them with every
call, de-duplicates, orders, retries and limits. How messages come in (``inbound``) and what it can do beyond sending
(``capabilities``) it says by implementing small protocols.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel, ConfigDict, Field, field_validator

from copilot.domain.base import Id, Shape
from copilot.domain.clock import Clock

ADAPTER_API: Final = 1
"""The version of this contract; an adapter states the one it was written for as ``api``. What 1 promises is frozen:
names, shapes and errors of ``copilot.sdk`` are only added to, and what is added has a default."""


class Transport(StrEnum):
    """Whether the platform documents how chat messages travel.

    ``not_public``: the message contract of this adapter is ours, and reaching the platform needs an approved channel
    or a person who copies.
    """

    PUBLIC = "public"
    NOT_PUBLIC = "not_public"


class Level(StrEnum):
    """How much of an adapter its author has proved with the conformance kit.

    ``listed``: it loads and keeps the form of the contract. ``base``: recorded traffic of the platform becomes the
    right events, and sends end in the right errors. ``full``: all that it declares holds against an emulator.
    """

    LISTED = "listed"
    BASE = "base"
    FULL = "full"


class AdapterSettings(BaseModel):
    """What a shop must enter for this adapter; secrets are ``SecretStr``. Subclass it.

    The core stores it sealed and gives it back with every call; field titles and descriptions are shown to people. A
    field ``calls_per_second`` bounds the calls that a process makes for the shop.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def app_id(self) -> str | None:
        """What the platform calls the app that signs deliveries, when it names one; finds deliveries without a shop."""
        return None

    def presents(self) -> bool:
        """Whether drafts stand in the platform's window (``PrivateNote``); the core asks when settings are stored."""
        return False


class PresentingSettings(AdapterSettings):
    """Settings of an adapter that shows drafts in the platform's own window. Subclass it.

    ``people`` ties the platform's ids of people to logins of ours; nobody else can decide there.
    """

    people: str = Field(
        "",
        title="People",
        description="Who decides on drafts there: id on the platform = login here, with commas between. "
        "谁可以在平台里处理草稿:平台账号=这里的登录名,用逗号隔开。",
        max_length=20_000,
    )

    @field_validator("people")
    @classmethod
    def _pairs(cls, value: str) -> str:
        tied = [part.strip() for part in value.split(",") if part.strip()]
        ids = [part.rpartition("=")[0].strip() for part in tied]
        if not all(ids) or not all(part.rpartition("=")[2].strip() for part in tied):
            raise ValueError("write it as id=login, id=login")
        if len(set(ids)) != len(ids):
            raise ValueError("an id is tied to two logins")
        return value

    def presents(self) -> bool:
        """Yes, unless a subclass knows better."""
        return True

    def login_of(self, agent: str) -> str | None:
        """The login of the person whom the platform calls ``agent``; None: nobody of ours."""
        for part in self.people.split(","):
            known, _, login = part.rpartition("=")
            if known.strip() == agent:
                return login.strip()
        return None


class Limits(Shape):
    """What a text on this platform may be; what is written for a buyer obeys it.

    ``max_chars`` code points of one message (None: only the clock profile knows, or nobody), ``emoji`` whether buyers
    see them. Markup is never written: where a platform reads some, its adapter escapes what would be taken for it.
    """

    max_chars: Annotated[int, Field(gt=0)] | None = None
    emoji: bool = True


@dataclass(frozen=True)
class Account:
    """A shop as its adapter sees it: the platform's id, its settings, and what calls are made with.

    ``shop`` is the platform's id, ``settings`` is an instance of the adapter's own settings class. ``http`` has
    time-outs set and is shared; never close it. Take the time from ``clock``.
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
    """The platform took the reply: ``message_id`` is its id for the message, ``sent_at`` its time when it gave one."""

    message_id: Id
    sent_at: datetime | None = None


@runtime_checkable
class Adapter(Protocol):
    """One platform. ``name`` equals the entry point's name; its class is made without arguments.

    ``idempotent_send`` says whether the platform itself refuses a second message with the same key; where it does not,
    an unknown outcome is read back (``capabilities.History``) or shown to a person. ``level`` is what its author has
    proved, ``limits`` what texts may be.
    """

    name: str
    api: int
    transport: Transport
    settings: type[AdapterSettings]
    idempotent_send: bool
    limits: Limits
    level: Level

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        """Send ``reply`` once, word for word; never retry inside.

        Raises:
            OutcomeUnknown: the call broke off, or the platform answered in a way that leaves open whether it arrived.
            AdapterError: it did not arrive; the subclass says why.
        """
        ...
