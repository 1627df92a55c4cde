"""A platform that is asked or stays connected, for tests: what it says next is put into it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from copilot.sdk import (
    ADAPTER_API,
    Account,
    AdapterSettings,
    Batch,
    Level,
    Limits,
    MessageEvent,
    Receipt,
    Reply,
    Transport,
)
from tests.channel.platform import PlainSettings, said


def batch(*ids: str, cursor: str | None = None, shop: str = "s1", **more: Any) -> Batch:
    """A batch of messages with these ids."""
    events = tuple(MessageEvent.model_validate(said(shop, one, f"words of {one}")) for one in ids)
    return Batch(events=events, cursor=cursor, **more)


@dataclass
class _Fed:
    """What both have in common: each entry is given once; an exception is raised."""

    name: str = "plain"
    api: int = ADAPTER_API
    transport: Transport = Transport.PUBLIC
    settings: type[AdapterSettings] = PlainSettings
    idempotent_send: bool = False
    limits: Limits = field(default_factory=Limits)
    level: Level = Level.LISTED
    says: list[Batch | Exception] = field(default_factory=list[Batch | Exception])
    asked: list[str | None] = field(default_factory=list[str | None])
    refreshed: int = 0

    async def send(self, account: Account, reply: Reply, idempotency_key: str) -> Receipt:
        raise NotImplementedError

    async def refresh(self, account: Account) -> AdapterSettings:
        self.refreshed += 1
        return account.settings


@dataclass
class Asked(_Fed):
    """Answers ``poll`` with what it was given, then with nothing new."""

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        self.asked.append(cursor)
        if not self.says:
            return Batch()
        told = self.says.pop(0)
        if isinstance(told, Exception):
            raise told
        return told


@dataclass
class Standing(_Fed):
    """Yields what it was given; at its end it stays open, or ends when ``ends``."""

    ends: bool = False
    open: int = 0
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, account: Account, cursor: str | None) -> AsyncGenerator[Batch]:
        self.asked.append(cursor)
        self.open += 1
        try:
            while True:
                while self.says:
                    told = self.says.pop(0)
                    if isinstance(told, Exception):
                        raise told
                    yield told
                if self.ends:
                    return
                self.more.clear()
                await self.more.wait()
        finally:
            self.open -= 1

    def tell(self, *batches: Batch | Exception) -> None:
        self.says += batches
        self.more.set()
