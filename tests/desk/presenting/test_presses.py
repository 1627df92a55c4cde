"""What people press in the platform's window: carried out once, as they saw it, by those who may, and told when not."""

from pathlib import Path

from sqlalchemy import update

from copilot.domain.draft import DraftState
from copilot.flow import decisions
from copilot.flow.decisions import Decision, DecisionKind
from copilot.sdk import Decided
from copilot.store.tables import AuditRow, DecisionRow, PersonRow, PressRow
from tests.desk.presenting.conftest import Window
from tests.flow.test_approvals import of_shop, per_order, view_of

THANKS = "谢谢"
OWN = "不客气，有需要随时找我。"


async def test_accepting_sends_the_text_that_was_seen_once(window: Window) -> None:
    row = await window.draft(THANKS)
    assert await window.press("note-1", "accept") is None
    assert await window.press("note-1", "accept") == "没有执行：这条草稿已经变了或已有决定"
    assert await window.sends() == [row.text]
    assert window.adapter.told[-1] == ("note-1", "已发送（Anna）")
    (decision,) = await window.rows(DecisionRow)
    person = decision.by
    (written,) = [one for one in await window.rows(AuditRow) if one.action == "draft.accept"]
    assert (written.by, written.object, written.detail and written.detail["in"]) == (person, str(row.id), "recording")


async def test_a_press_that_is_told_twice_is_one(window: Window) -> None:
    row = await window.draft(THANKS)
    event = Decided(
        shop="shop-1",
        conversation="c1",
        note_id="note-1",
        decision="accept",
        agent="u-anna",
        at=window.world.clock.now(),
    )
    assert await window.hears(event) is None
    assert await window.hears(event) is None
    assert await window.sends() == [row.text]
    assert len(await window.rows(PressRow)) == 1


async def test_a_job_that_died_after_the_decision_ends_as_done(window: Window) -> None:
    await window.draft(THANKS)
    await window.press("note-1", "accept")
    (press,) = await window.rows(PressRow)
    async with window.world.store.merchant(window.world.merchant) as session:
        (await session.get_one(PressRow, (press.merchant, press.id))).state = "taken"
    await window.presser.carry_out(window.world.merchant, press.id)
    (press,) = await window.rows(PressRow)
    assert (press.state, press.outcome) == ("done", "done")
    assert not window.adapter.told
    assert len(await window.world.replies()) == 1


async def test_one_press_never_acts_on_another_draft(window: Window) -> None:
    await window.draft(THANKS)
    row = await window.draft("快递到哪了")
    assert await window.press("note-1", "accept") == "没有执行：这条草稿已经变了或已有决定"
    assert await window.sends() == []
    assert await window.press("note-2", "accept") is None
    assert await window.sends() == [row.text]


async def test_an_edit_is_judged_and_sent_as_it_was_written(window: Window) -> None:
    await window.draft(THANKS)
    refusal = await window.press("note-1", "edit", text="加我微信 abc12345 聊")
    assert refusal is not None
    assert refusal.startswith("没有发送，规则不允许：")
    assert await window.sends() == []
    assert await window.press("note-1", "edit", text=OWN) is None
    assert await window.sends() == [OWN]
    assert window.adapter.told[-1] == ("note-1", "已按修改后的文字发送（Anna）")
    assert [press.words for press in await window.rows(PressRow)] == [None, None]


async def test_what_nothing_supports_leaves_only_when_its_person_says_it_again(window: Window) -> None:
    await window.draft("快递到哪了")
    text = "您的订单 6938000000000000001 明天18点前送到。"
    told = await window.press("note-1", "edit", text=text)
    assert told is not None
    assert "查不到依据" in told
    other = await window.press("note-1", "edit", "u-bob", text=text)
    assert other == told, "nobody stands for another person's words"
    assert await window.press("note-1", "edit", text=text) is None
    assert await window.sends() == [text]
    (written,) = [one for one in await window.rows(AuditRow) if one.action == "draft.edit"]
    assert written.detail
    assert written.detail["vouched"] is True


async def test_rejecting_with_a_reason_brings_another_draft(window: Window) -> None:
    row = await window.draft("快递到哪了")
    assert await window.press("note-1", "reject", reason="太长：一句就够") is None
    (decision,) = await window.rows(DecisionRow)
    assert decision.rejection is not None
    assert (decision.rejection["reason"], decision.rejection["note"]) == ("too_long", "一句就够")
    await window.world.driver.resume(window.world.merchant, row.id)
    await window.due()
    assert ("note-1", "已驳回（Anna）") in window.adapter.told
    assert [note.revision for note in window.adapter.notes.values()] == [1, 2]


async def test_a_bare_rejection_asks_why_and_takes_the_next_words_for_it(window: Window) -> None:
    await window.draft(THANKS)
    asked = await window.press("note-1", "reject")
    assert asked is not None
    assert asked.startswith("为什么驳回？")
    assert "语气" in asked
    elsewhere = await window.press("note-1", "edit", "u-bob", text="")
    assert elsewhere == "没有发送：没有可发的文字", "another person's words are no reason of hers"
    assert await window.press("note-1", "edit", text="已经回复过") is None
    (decision,) = await window.rows(DecisionRow)
    assert decision.rejection is not None
    assert decision.rejection["reason"] == "already_answered"
    assert await window.sends() == []


async def test_only_people_of_the_shop_who_may_decide_do(window: Window) -> None:
    row = await window.draft(THANKS)
    assert await window.press("note-1", "accept", "u-stranger") == "u-stranger 没有绑定到这里的账号，不能处理草稿"
    assert await window.press("note-1", "accept", None) is not None
    assert await window.press("note-1", "accept", "u-quinn") == "您的角色不能处理草稿"
    assert (await window.world.drafts(row.conversation))[0].state == DraftState.PROPOSED
    assert await window.rows(DecisionRow) == []


async def test_a_part_of_the_work_that_is_not_theirs_is_refused_here_too(window: Window) -> None:
    row = await window.draft(THANKS)
    async with window.world.store.merchant(window.world.merchant) as session:
        theirs = update(PersonRow).where(PersonRow.login == "bob").values(scopes=["after_sale_review"])
        await session.execute(theirs)
    assert await window.press("note-1", "accept", "u-bob") == "没有发送：您的工作范围不包括这项操作，请转给有权限的同事"
    assert (await window.world.drafts(row.conversation))[0].state == DraftState.PROPOSED
    (written,) = [one for one in await window.rows(AuditRow) if one.action == "scope.refused"]
    assert (written.object, written.detail) == (str(row.id), {"scope": "message_reply", "in": "recording"})
    assert await window.press("note-1", "accept") is None


async def test_a_conversation_that_a_colleague_has_is_theirs(window: Window) -> None:
    row = await window.draft(THANKS)
    assert await window.press("note-1", "reject", reason="太长") is None
    await window.world.driver.resume(window.world.merchant, row.id)
    await window.due()
    assert await window.press("note-2", "accept", "u-bob") == "没有发送：会话在Anna手上"
    assert await window.press("note-2", "accept", "u-boss") is None, "whoever stands above the agents may"


async def test_danger_needs_words_of_ones_own(window: Window) -> None:
    row = await window.draft("我要投诉12315")
    told = await window.press("note-1", "accept")
    assert told is not None
    assert told.startswith("没有发送：这条要先读一遍")
    assert row.text is not None
    assert await window.press("note-1", "edit", text=row.text) is None
    assert await window.sends() == [row.text]


async def test_a_note_that_nobody_knows_decides_nothing(window: Window) -> None:
    await window.draft(THANKS)
    assert await window.press("note-77", "accept") is None
    assert await window.press("note-77", "accept", "u-stranger") is None, "people press on other messages as well"
    assert await window.press("note-1", "option", option="B") == "没有这个方案：B"
    assert await window.rows(DecisionRow) == []


async def test_page_and_window_decide_once_between_them(window: Window) -> None:
    row = await window.draft(THANKS)
    page = Decision(row.id, 1, row.text_hash or "", DecisionKind.ACCEPT, by="somebody-on-the-page")
    await decisions.decide(window.world.store, window.world.merchant, page, window.world.clock)
    assert await window.press("note-1", "accept") == "没有执行：这条草稿已经变了或已有决定"
    assert await window.sends() == [row.text]


async def test_talk_beside_a_note_is_no_reply_unless_it_was_asked_for(window: Window) -> None:
    row = await window.draft(THANKS)
    assert await window.press("note-1", "answer", text="这个买家我认识") is None
    assert await window.press("note-1", "answer", "u-stranger", text="哈哈") is None
    assert (await window.world.drafts(row.conversation))[0].state == DraftState.PROPOSED
    assert await window.press("note-1", "reject") is not None
    assert await window.press("note-1", "answer", text="语气不对") is None
    (decision,) = await window.rows(DecisionRow)
    assert decision.rejection is not None
    assert decision.rejection["reason"] == "tone"


async def test_the_options_of_a_draft_stand_in_its_note_and_the_letter_that_is_pressed_is_taken(
    window: Window, tmp_path: Path
) -> None:
    window.world = of_shop(window.world, tmp_path, per_order("80.00"))
    row = await window.draft("收到碎了两个,怎么办")
    (note,) = window.adapter.notes.values()
    known = view_of(row).options
    assert [(one.key, one.title) for one in note.options] == [("A", "补发"), ("B", "部分退款")]
    assert [one.text for one in note.options] == [one.text for one in known]
    assert all(f"{one.key} {one.text}" in note.text for one in note.options)
    assert await window.press("note-1", "option", option="C") == "没有这个方案：C"
    assert await window.press("note-1", "option", option="b") is None
    assert await window.sends() == [known[1].text]
    (decision,) = await window.rows(DecisionRow)
    assert (decision.draft, decision.kind) == (row.id, "edit")
