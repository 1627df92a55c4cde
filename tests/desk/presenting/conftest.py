"""A shop whose drafts stand in its platform's window: a world of the flow with notes, and people who press."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from copilot.access.shops import PRESENTS
from copilot.access.vault import Vault
from copilot.assets import policy_folders, prompt_folders
from copilot.channel.accounts import Accounts
from copilot.channel.outbox import Outbox
from copilot.channel.presenting import presses
from copilot.channel.presenting.notebook import Notebook
from copilot.channel.registry import Registry
from copilot.channel.tasks import NOTE_DRAFT, NOTE_PRESS
from copilot.desk.benches import Benches
from copilot.desk.presenting.presenter import Presenter
from copilot.desk.presenting.presser import Presser
from copilot.domain.clock import FrozenClock
from copilot.flow.checkpoints import open_saver
from copilot.flow.driver import Driver
from copilot.flow.graph import compile_graph
from copilot.flow.shops import Shops
from copilot.flow.threads import Threads
from copilot.jobs.conversations import shops_rules
from copilot.model.prompts import Prompts
from copilot.sdk import Account, AdapterSettings, Decided, Note, PresentingSettings, Receipt
from copilot.store.engine import Store
from copilot.store.tables import (
    AuditRow,
    DecisionRow,
    DraftRow,
    NoteRow,
    PersonRow,
    PressRow,
    ShopRow,
    TimerRow,
)
from tests.flow.conftest import NOON, RecordingAdapter, World, make_shop

R = TypeVar("R", NoteRow, PressRow, DecisionRow, AuditRow)

PEOPLE = {"anna": "agent", "bob": "agent", "boss": "supervisor", "quinn": "qa"}


class Settings(PresentingSettings):
    """Everybody is tied, but for a stranger."""

    people: str = ", ".join(f"u-{login}={login}" for login in PEOPLE)


@dataclass
class NotingAdapter(RecordingAdapter):
    """Keeps notes by their key, as a platform with idempotent sends does; ``broken`` are raised by the next calls."""

    settings: type[AdapterSettings] = Settings
    idempotent_send: bool = True
    notes: dict[str, Note] = field(default_factory=dict[str, Note])
    told: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    refusing: list[Exception] = field(default_factory=list[Exception])
    losing: list[Exception] = field(default_factory=list[Exception])

    async def note(self, account: Account, note: Note, idempotency_key: str) -> Receipt:
        if self.refusing:
            raise self.refusing.pop(0)
        self.notes.setdefault(idempotency_key, note)
        if self.losing:
            raise self.losing.pop(0)
        return Receipt(message_id=f"note-{list(self.notes).index(idempotency_key) + 1}")

    async def settled(self, account: Account, conversation: str, note_id: str, words: str) -> None:
        if self.refusing:
            raise self.refusing.pop(0)
        self.told.append((note_id, words))


@dataclass
class Window:
    """The platform's window over a world: what stands there, and what people press."""

    world: World
    adapter: NotingAdapter
    presenter: Presenter
    presser: Presser
    pressed: int = 0

    async def due(self) -> None:
        """Let every job of notes run that is due by now, and those that follow."""
        for _ in range(20):
            async with self.world.store.merchant(self.world.merchant) as session:
                armed = select(TimerRow).where(
                    TimerRow.kind.in_((NOTE_DRAFT, NOTE_PRESS)), TimerRow.due_at <= self.world.clock.now()
                )
                rows = list(await session.scalars(armed.order_by(TimerRow.due_at)))
                for row in rows:
                    await session.delete(row)
            if not rows:
                return
            for row in rows:
                run = self.presenter.see_to if row.kind == NOTE_DRAFT else self.presser.carry_out
                await run(self.world.merchant, uuid.UUID(row.ref), row.attempt)
        raise AssertionError("the jobs of notes never end")

    async def draft(self, text: str, conversation: str = "c1") -> DraftRow:
        """A buyer writes, and the draft's note stands in the window."""
        row = await self.world.draft(await self.world.buyer(text, conversation))
        await self.due()
        return row

    async def press(self, note: str, decision: str, agent: str | None = "u-anna", **said: str) -> str | None:
        """Somebody presses, as the platform tells it; returns what was said beside the note for it."""
        self.pressed += 1
        self.world.clock.advance(1)
        event = Decided.model_validate(
            {
                "shop": "shop-1", "conversation": "c1", "note_id": note, "decision": decision, "agent": agent,
                "at": self.world.clock.now(), **said,
            }
        )  # fmt: skip
        return await self.hears(event)

    async def hears(self, event: Decided) -> str | None:
        """The platform tells of a press."""
        before = len(self.adapter.told)
        async with self.world.store.merchant(self.world.merchant) as session:
            await presses.take(session, self.world.shop, event, self.world.clock.now())
        for row in await self.rows(PressRow):
            if row.state == "taken":
                await self.presser.carry_out(self.world.merchant, row.id)
        return self.adapter.told[-1][1] if len(self.adapter.told) > before else None

    async def sends(self) -> list[str]:
        """Let what was approved leave, and its notes be told; the texts that the platform got so far."""
        for reply in await self.world.replies():
            await self.world.outbox.send(self.world.merchant, reply.id)
        await self.due()
        return [reply.text for reply, _ in self.adapter.calls]

    async def rows(self, kind: type[R]) -> list[R]:
        """All rows of a kind, oldest first."""
        async with self.world.store.merchant(self.world.merchant) as session:
            found = list(await session.scalars(select(kind)))
        return sorted(found, key=lambda row: row.created_at if isinstance(row, NoteRow) else row.at)


@pytest.fixture(scope="session")
def rules_of_shops(compiled: Path) -> Shops:
    """Shipped rules, loaded once for all tests."""
    return Shops(policy_folders(), Prompts(prompt_folders(), compiled), compiled)


@pytest.fixture
async def window(store: Store, rules_of_shops: Shops) -> AsyncIterator[Window]:
    """A Chinese shop with four people."""
    clock = FrozenClock(NOON)
    merchant, shop = await make_shop(store, clock.now())
    async with store.merchant(merchant) as session:
        (await session.get_one(ShopRow, (merchant, shop.id))).settings = {PRESENTS: True}
        for login, role in PEOPLE.items():
            session.add(
                PersonRow(
                    merchant=merchant, id=uuid.uuid4(), login=login, name=login.title(), role=role, language="zh",
                    password_hash="none", active=True, created_at=clock.now(),
                )
            )  # fmt: skip
    adapter = NotingAdapter()
    async with open_saver(store) as saver, httpx.AsyncClient(trust_env=False) as http:
        driver = Driver(store, Threads(compile_graph(saver)), rules_of_shops, clock)
        vault = Vault([Fernet.generate_key().decode()], "a test")
        accounts = Accounts(store, vault, Registry([adapter]), clock, http, policy_folders())
        outbox = Outbox(store, accounts, clock, policy_folders())
        notebook = Notebook(store, accounts, clock)
        presser = Presser(store, notebook, Benches(store, clock, shops_rules(rules_of_shops, clock)))
        world = World(store, driver, outbox, adapter, clock, merchant, shop)
        yield Window(world, adapter, Presenter(store, notebook), presser)
