"""Where a platform gives conversations out and says only that somebody joined, it is asked who; the desk follows."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, update

from copilot.channel.attending import Attendance
from copilot.channel.queueing import SETTING
from copilot.channel.tasks import ATTENDED_TALK
from copilot.sdk import Account, PlatformDown
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, ShopRow, TimerRow
from tests.channel.platform import Channel, PlainAdapter, open_channel, said

CHANGED = {"type": "conversation_changed", "shop": "s1", "conversation": "c1"}


@dataclass
class Telling(PlainAdapter):
    """Says who has a conversation when it is asked; ``shut`` are raised by the next calls."""

    agent: object = None
    shut: list[Exception] = field(default_factory=list[Exception])
    asked: list[str] = field(default_factory=list[str])

    async def attended_by(self, account: Account, conversation: str) -> object:
        self.asked.append(conversation)
        if self.shut:
            raise self.shut.pop(0)
        return self.agent


async def by_platform(channel: Channel) -> None:
    shop = await channel.shop()
    async with channel.store.merchant(shop.merchant) as session:
        await session.execute(update(ShopRow).values(settings={**shop.settings, SETTING: {"by": "platform"}}))


async def talk(channel: Channel) -> ConversationRow:
    (row,) = await channel.rows(ConversationRow)
    return row


async def test_whoever_joined_has_the_conversation_until_they_leave(store: Store) -> None:
    platform = Telling(agent="agent-7")
    async with open_channel(store, platform) as channel:
        await by_platform(channel)
        await channel.take(said("s1", "m1"))
        await channel.take(CHANGED)
        assert (await channel.jobs()).count(ATTENDED_TALK) == 1
        row = await talk(channel)
        attendance = Attendance(store, channel.accounts, channel.inbound._taking, channel.clock)
        for agent in ("agent-7", "agent-8", None):
            platform.agent = agent
            await attendance.ask(row.merchant, row.id)
            assert (await talk(channel)).platform_agent == agent
        assert platform.asked == ["c1"] * 3


async def test_where_the_desk_gives_out_nobody_is_asked(store: Store) -> None:
    async with open_channel(store, Telling()) as channel:
        await channel.take(said("s1", "m1"))
        await channel.take(CHANGED)
        assert ATTENDED_TALK not in await channel.jobs()


@pytest.mark.parametrize("failure", [PlatformDown("not now"), TypeError("a surprise")], ids=["error", "surprise"])
async def test_what_could_not_be_asked_is_asked_again_and_changes_nothing(store: Store, failure: Exception) -> None:
    platform = Telling(agent="agent-7")
    async with open_channel(store, platform) as channel:
        await channel.take(said("s1", "m1"))
        row = await talk(channel)
        attendance = Attendance(store, channel.accounts, channel.inbound._taking, channel.clock)
        await attendance.ask(row.merchant, row.id)
        platform.shut, platform.agent = [failure, failure], None
        await attendance.ask(row.merchant, row.id)
        async with store.merchant(row.merchant) as session:
            again = await session.scalar(select(TimerRow).where(TimerRow.kind == ATTENDED_TALK))
        assert again is not None
        assert (again.ref, again.attempt) == (str(row.id), 1)
        # The last attempt is in vain too: the next change tells.
        await attendance.ask(row.merchant, row.id, 3)
        async with store.merchant(row.merchant) as session:
            assert len((await session.scalars(select(TimerRow).where(TimerRow.kind == ATTENDED_TALK))).all()) == 1
        assert (await talk(channel)).platform_agent == "agent-7"


async def test_a_platform_that_says_so_by_itself_is_not_asked(store: Store) -> None:
    async with open_channel(store) as channel:
        await channel.take(said("s1", "m1"))
        row = await talk(channel)
        await Attendance(store, channel.accounts, channel.inbound._taking, channel.clock).ask(row.merchant, row.id)
        assert (await talk(channel)).platform_agent is None
