"""What platforms tell besides messages: kept where it belongs, and a turn whose words changed is drafted again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from copilot.access.merchants import NewShop, add_shop
from copilot.channel.verifying import BadSignature
from copilot.domain.draft import DraftState
from copilot.sdk import (
    Account,
    Assigned,
    Decided,
    Delivery,
    Ended,
    Event,
    Identity,
    MessageEdited,
    MessageRecalled,
    Rated,
    Read,
)
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DeadLetterRow, DraftRow, MessageRow, PressRow, ShopRow
from tests.channel import platform
from tests.channel.platform import NOON, Channel, delivery, open_channel, said

LATER = NOON + timedelta(minutes=1)
MORE = {"edited": MessageEdited, "recalled": MessageRecalled, "assigned": Assigned, "ended": Ended, "rated": Rated}


@pytest.fixture
async def channel(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Channel]:
    kinds = {**platform.EVENTS, **MORE, "read": Read, "decided": Decided}
    monkeypatch.setattr(platform, "EVENTS", kinds)
    async with open_channel(store) as opened:
        await opened.take(said("s1", "m1", "where is my percel"))
        yield opened


def told(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "shop": "s1", "conversation": "c1", **more}


async def open_draft(channel: Channel, *burst: str) -> None:
    shop = await channel.shop()
    (conversation,) = await channel.rows(ConversationRow)
    async with channel.store.merchant(shop.merchant) as session:
        row = DraftRow(
            merchant=shop.merchant, shop=shop.id, conversation=conversation.id, burst=list(burst), revision=1,
            state=DraftState.PROPOSED, flow_version="x", deadline_at=NOON, created_at=NOON, updated_at=NOON,
        )  # fmt: skip
        session.add(row)


async def test_edited_words_stand_in_their_place_and_are_drafted_again(channel: Channel) -> None:
    await open_draft(channel, "m1")
    await channel.take(told("edited", message_id="m1", text="where is my parcel", at=LATER.isoformat()))
    (row,) = await channel.rows(MessageRow)
    assert (row.text, row.edited_at) == ("where is my parcel", LATER)
    assert await channel.jobs() == ["draft.conversation", "draft.conversation"]
    # The open draft answers other words: whoever drafts next must not take it for the answer.
    assert (await channel.rows(DraftRow))[0].burst == []
    assert "conversation.changed" in await channel.topics()


async def test_nobody_edits_what_the_other_side_said(channel: Channel) -> None:
    await channel.take(told("edited", message_id="m1", text="refund me 500", at=LATER.isoformat(), role="agent"))
    assert (await channel.rows(MessageRow))[0].text == "where is my percel"
    await channel.take(told("edited", message_id="m1", text="where is my parcel", at=LATER.isoformat(), role="buyer"))
    assert (await channel.rows(MessageRow))[0].text == "where is my parcel"


async def test_a_recalled_message_is_read_by_nobody(channel: Channel) -> None:
    await channel.take(told("recalled", message_id="m1"))
    (row,) = await channel.rows(MessageRow)
    assert row.recalled_at == NOON
    assert await channel.jobs() == ["draft.conversation", "draft.conversation"]
    await channel.take(told("edited", message_id="m1", text="again"))
    assert (await channel.rows(MessageRow))[0].text == "where is my percel", "what was taken back is not written again"


@pytest.mark.parametrize(
    ("event", "column", "value"),
    [
        (told("assigned", agent="agent-7"), "platform_agent", "agent-7"),
        (told("assigned"), "platform_agent", None),
        (told("ended", at=LATER.isoformat()), "ended_at", LATER),
        (told("rated", stars=4), "stars", 4),
        (told("rated", stars=4), "rated_at", NOON),
        (told("rated", stars=4, at=LATER.isoformat()), "rated_at", LATER),
        (told("read", at=LATER.isoformat()), "read_at", LATER),
    ],
)
async def test_what_is_told_of_a_conversation_is_kept(
    channel: Channel, event: dict[str, Any], column: str, value: object
) -> None:
    await channel.take(event)
    (row,) = await channel.rows(ConversationRow)
    assert getattr(row, column) == value
    assert await channel.jobs() == ["draft.conversation"], "nothing of it is drafted anew"
    assert (await channel.topics()).count("conversation.changed") == 1


async def test_an_end_that_the_platform_tells_waits_for_nobody_and_gives_out_what_does(channel: Channel) -> None:
    assert (await channel.rows(ConversationRow))[0].queued_at is not None
    await _looked(channel)
    await channel.take(told("ended"))
    assert (await channel.rows(ConversationRow))[0].queued_at is None
    assert await _looked(channel) == 1


async def test_one_look_serves_all_who_wrote_in_between(channel: Channel) -> None:
    for number in range(5):
        await channel.take(said("s1", f"m{number}", conversation=f"c{number + 5}"))
    assert await _looked(channel) == 1
    assert await _looked(channel) == 0


async def _looked(channel: Channel) -> int:
    """How many looks at what waits are due now; they are taken away."""
    async with channel.store.system() as session:
        gone = await session.execute(
            text("DELETE FROM timers WHERE kind = 'queue.drain' AND due_at <= :now RETURNING id"),
            {"now": channel.clock.now()},
        )
        return len(gone.all())


async def test_a_conversation_that_ended_is_opened_by_the_next_message(channel: Channel) -> None:
    await channel.take(told("ended"))
    await channel.take(said("s1", "m2"))
    assert (await channel.rows(ConversationRow))[0].ended_at is None


@pytest.mark.parametrize("kind", ["edited", "recalled", "assigned", "ended", "rated", "read"])
async def test_what_is_not_ours_changes_nothing(channel: Channel, kind: str) -> None:
    more = {"message_id": "m9", "text": "x", "stars": 5}
    await channel.take({**told(kind, **more), "conversation": "c9"})
    assert await channel.jobs() == ["draft.conversation"]
    assert "conversation.changed" not in await channel.topics()
    assert await channel.rows(DeadLetterRow) == []


async def test_a_decision_made_there_is_kept_once_with_the_job_that_carries_it_out(channel: Channel) -> None:
    for _ in range(2):
        await channel.take(told("decided", note_id="n1", decision="edit", text="on its way", agent="agent-7"))
    (press,) = await channel.rows(PressRow)
    assert (press.note_id, press.kind, press.words, press.agent) == ("n1", "edit", "on its way", "agent-7")
    assert (await channel.jobs()).count("note.press") == 1
    assert await channel.rows(DeadLetterRow) == []


class Unnamed:
    """Says of no delivery whose it is before it is opened."""

    def __init__(self, inner: platform.PlainAdapter) -> None:
        self._inner = inner

    def identify(self, delivery: Delivery) -> Identity:
        self._inner.identify(delivery)
        return Identity(unnamed=True)

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        return tuple(event for event in self._inner.parse(delivery, account) if event.shop == account.shop)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


async def test_a_delivery_that_names_nobody_goes_to_whose_secret_signed_it(channel: Channel) -> None:
    channel.accounts.adapters._by_name["plain"] = Unnamed(channel.adapter)  # type: ignore[assignment]
    await channel.inbound.take("plain", delivery("secret-2", said("s2", "n1", "for the second shop")))
    assert [row.platform_message_id for row in await channel.rows(MessageRow, "s2")] == ["n1"]
    assert [row.platform_message_id for row in await channel.rows(MessageRow)] == ["m1"]
    with pytest.raises(BadSignature):
        await channel.inbound.take("plain", delivery("secret-3", said("s1", "n2")))
    # Another shop's trouble is not this one's.
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(platform.text("UPDATE credentials SET sealed = 'rubbish'"))
    await channel.inbound.take("plain", delivery("secret-2", said("s2", "n3")))
    assert len(await channel.rows(MessageRow, "s2")) == 2


async def test_a_delivery_signed_for_another_shop_writes_into_none(channel: Channel) -> None:
    channel.accounts.adapters._by_name["plain"] = Unnamed(channel.adapter)  # type: ignore[assignment]
    await channel.inbound.take("plain", delivery("secret-2", said("s1", "n1", "not ours")))
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        assert (await session.scalars(select(MessageRow.platform_message_id))).all() == ["m1"]
    assert await channel.rows(MessageRow, "s2") == []


async def test_sixty_shops_share_one_address(channel: Channel) -> None:
    channel.accounts.adapters._by_name["plain"] = Unnamed(channel.adapter)  # type: ignore[assignment]
    merchant, clock = channel.merchants["s1"], channel.clock
    for number in range(60):
        new = NewShop(
            slug=f"shop-{number}", name="Cups", platform="douyin", market="cn", platform_shop_id=f"n{number}",
            adapter="plain", pack="douyin.cn", profile="douyin.cn", zone="Asia/Shanghai",
            settings=platform.PlainSettings(secret=SecretStr(f"secret-n{number}")),
        )  # fmt: skip
        await add_shop(channel.store, channel.accounts.vault, merchant, new, clock)
    await channel.inbound.take("plain", delivery("secret-n59", said("n59", "x1", conversation="c59")))
    stored = {row.platform_message_id for row in await channel.rows(MessageRow)}
    assert stored == {"m1", "x1"}
    (shop,) = [row for row in await channel.rows(ShopRow) if row.platform_shop_id == "n59"]
    (conversation,) = [row for row in await channel.rows(ConversationRow) if row.platform_conversation_id == "c59"]
    assert conversation.shop == shop.id
