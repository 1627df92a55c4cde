"""Drafts stand in the platform's window once, with what a card shows, and the note says what became of them."""

from datetime import timedelta

import pytest

from copilot.channel.presenting.moved import AGAIN
from copilot.domain.draft import DraftState
from copilot.domain.message import Role
from copilot.sdk import OutcomeUnknown, PlatformDown
from copilot.store.tables import NoteRow, ShopRow
from tests.desk.presenting.conftest import Window

THANKS = "谢谢"


async def test_a_note_shows_what_a_card_shows_at_a_look(window: Window) -> None:
    row = await window.draft("什么时候发货")
    (note,) = window.adapter.notes.values()
    assert (note.draft, note.revision, note.text) == (str(row.id), 1, row.text)
    assert (note.conversation, note.buyer, note.asked, note.language) == ("c1", "buyer-c1", ("什么时候发货",), "zh")
    assert any(line.startswith("发送即承诺：给买家答复") for line in note.remarks)
    assert note.act == "发送 · 承诺给买家答复"
    (kept,) = await window.rows(NoteRow)
    assert (kept.state, kept.note_id) == ("open", "note-1")


async def test_danger_is_said_and_cannot_be_accepted_unread(window: Window) -> None:
    await window.draft("我要投诉12315")
    (note,) = window.adapter.notes.values()
    assert note.act is None
    assert note.remarks[0].startswith("请先读一遍")
    assert note.remarks[1].startswith("请主管看")


async def test_silence_is_shown_with_its_reason_and_nothing_where_nobody_waits(window: Window) -> None:
    row = await window.draft("asdf")
    assert row.state == DraftState.BLOCKED
    (note,) = window.adapter.notes.values()
    assert (note.text, note.act, note.options) == ("", None, ())
    assert note.remarks[0].startswith("没有草稿：")


async def test_a_shop_that_presents_nothing_gets_no_job(window: Window) -> None:
    async with window.world.store.merchant(window.world.merchant) as session:
        (await session.get_one(ShopRow, (window.world.merchant, window.world.shop.id))).settings = {}
    await window.draft(THANKS)
    assert not window.adapter.notes


async def test_what_is_overtaken_says_so_and_the_new_one_stands_beside_it(window: Window) -> None:
    await window.draft(THANKS)
    await window.draft("快递到哪了")
    assert [note.asked for note in window.adapter.notes.values()] == [(THANKS,), (THANKS, "快递到哪了")]
    assert window.adapter.told == [("note-1", "已过时：买家又发了消息，或已有人回复")]
    assert [note.state for note in await window.rows(NoteRow)] == ["closed", "open"]


async def test_a_colleagues_own_reply_ends_the_note(window: Window) -> None:
    row = await window.draft(THANKS)
    window.world.clock.advance(1)
    await window.world.hears(Role.AGENT, "不客气")
    await window.world.draft(row.conversation)
    await window.due()
    assert [words for _, words in window.adapter.told] == ["已过时：买家又发了消息，或已有人回复"]


@pytest.mark.parametrize("error", [OutcomeUnknown("cut"), PlatformDown("nobody there")])
async def test_a_note_whose_call_broke_off_is_written_again_under_its_key(window: Window, error: Exception) -> None:
    (window.adapter.losing if isinstance(error, OutcomeUnknown) else window.adapter.refusing).append(error)
    await window.draft(THANKS)
    window.world.clock.advance(AGAIN[0].total_seconds())
    await window.due()
    assert len(window.adapter.notes) == 1
    (kept,) = await window.rows(NoteRow)
    assert (kept.state, kept.note_id, kept.attempts) == ("open", "note-1", 2)


async def test_a_note_that_may_stand_there_is_told_that_it_is_over(window: Window) -> None:
    window.adapter.losing.append(OutcomeUnknown("cut"))
    row = await window.draft(THANKS)
    window.world.clock.advance(1)
    await window.world.hears(Role.AGENT, "不客气")
    await window.world.draft(row.conversation)
    await window.due()
    window.world.clock.advance(60)
    await window.due()
    assert [note for note, _ in window.adapter.told] == ["note-1"]


async def test_a_platform_that_is_gone_is_left_alone_in_the_end(window: Window) -> None:
    window.adapter.refusing += [PlatformDown("gone")] * 50
    row = await window.draft(THANKS)
    for pause in AGAIN:
        window.world.clock.advance(pause.total_seconds())
        await window.due()
    left = len(window.adapter.refusing)
    window.world.clock.advance(timedelta(hours=1).total_seconds())
    await window.due()
    assert len(window.adapter.refusing) == left
    assert (await window.rows(NoteRow))[0].state == "failed"
    assert (await window.world.drafts(row.conversation))[0].state == DraftState.PROPOSED
