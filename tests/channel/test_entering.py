"""An invitation is kept once and entered by a job; what was said before is a conversation like any other."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from copilot.channel.entering import Enterer
from copilot.channel.tasks import ENTER_TALK
from copilot.domain.message import Message, Role
from copilot.sdk import Account, Invited, MessageEvent, PlatformDown
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, TimerRow
from tests.channel import platform
from tests.channel.platform import NOON, open_channel

BEFORE = MessageEvent(
    shop="s1",
    conversation="c7",
    message=Message(id="m1", role=Role.BUYER, text="is anybody there", sent_at=NOON),
    buyer="b7",
)


@dataclass
class Door(platform.PlainAdapter):
    """A platform that invites; ``shut`` are raised by the next calls."""

    shut: list[Exception] = field(default_factory=list[Exception])
    entered: list[str] = field(default_factory=list[str])

    async def enter(self, account: Account, conversation: str) -> tuple[MessageEvent, ...]:
        self.entered.append(conversation)
        if self.shut:
            raise self.shut.pop(0)
        return (BEFORE,)


async def test_what_was_said_before_is_drafted_and_nothing_comes_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "EVENTS", {**platform.EVENTS, "invited": Invited})
    door = Door(shut=[PlatformDown("not yet")])
    async with open_channel(store, door) as channel:
        for _ in range(2):
            await channel.take({"type": "invited", "shop": "s1", "conversation": "c7"})
        (row,) = await channel.rows(ConversationRow)
        assert row.ended_at is not None, "nobody waits in it yet"
        enterer = Enterer(store, channel.accounts, channel.inbound._taking, channel.clock)
        await enterer.enter(row.merchant, row.id)
        async with store.merchant(row.merchant) as session:
            again = await session.scalar(select(TimerRow).where(TimerRow.kind == ENTER_TALK))
        assert again is not None
        assert (again.ref, again.attempt) == (str(row.id), 1)
        for _ in range(2):
            await enterer.enter(row.merchant, row.id, 1)
        (message,) = await channel.rows(MessageRow)
        assert message.text == "is anybody there"
        (row,) = await channel.rows(ConversationRow)
        assert (row.ended_at, door.entered) == (None, ["c7"] * 3)
        assert (await channel.jobs()).count("draft.conversation") == 1
