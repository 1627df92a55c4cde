"""After a serious case has ended the buyer is asked once whether it is solved: in time, and never without a person."""

import uuid
from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from copilot.channel.resolving import resolve_by_person
from copilot.domain.case import Case
from copilot.domain.draft import DraftState, Rejection, RejectReason
from copilot.domain.errors import QuestionOver, StaleDraft
from copilot.domain.issue import Issue
from copilot.flow.decisions import Decision, DecisionKind, decide
from copilot.flow.follow_up import FollowUps
from copilot.flow.follow_up_text import Question
from copilot.flow.follow_up_window import first_moment, window
from copilot.flow.understand.solved import solved_says
from copilot.playbook.terms import DeskHours
from copilot.store.tables import CaseRow, CommitmentRow, DraftRow, MessageRow, TimerRow
from tests.flow.conftest import World
from tests.flow.test_cases import LATE, kept, raised, reread, solved, talk_of, writes

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")


def follow_ups(world: World) -> FollowUps:
    return FollowUps(world.store, world.driver.shops, world.clock)


async def resolved(world: World, text: str = LATE) -> uuid.UUID:
    """A case that an agent has ended, and that is to be asked about."""
    conversation = await raised(world, text)
    (row,) = await kept(world)
    assert await solved(world, conversation, row)
    await follow_ups(world).arm(world.merchant, row.id)
    return conversation


async def due(world: World) -> CaseRow:
    (row,) = await kept(world)
    await follow_ups(world).due(world.merchant, row.id)
    return (await kept(world))[0]


async def timer(world: World, kind: str = "case.follow_up") -> datetime | None:
    async with world.store.system() as session:
        return await session.scalar(select(TimerRow.due_at).where(TimerRow.kind == kind))


async def proposed(world: World, conversation: uuid.UUID) -> DraftRow:
    """The question, before the agent."""
    world.clock.advance(24 * HOUR)
    await due(world)
    return (await world.drafts(conversation))[-1]


async def accepts(world: World, draft: DraftRow, kind: DecisionKind = DecisionKind.ACCEPT) -> DraftState:
    rejection = Rejection(reason=RejectReason.TONE) if kind is DecisionKind.REJECT else None
    decision = Decision(draft.id, draft.revision, draft.text_hash or "", kind, "agent-1", rejection=rejection)
    return await decide(world.store, world.merchant, decision, world.clock)


async def asked(world: World) -> uuid.UUID:
    """The question has been approved and sent."""
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    world.clock.advance(60)
    assert await accepts(world, draft) is DraftState.APPROVED
    await world.driver.resume(world.merchant, draft.id)
    (reply,) = [one for one in await world.replies() if one.source_kind == "draft"]
    await world.outbox.send(world.merchant, reply.id)
    world.clock.advance(60)
    await reread(world, conversation)
    assert (await world.drafts(conversation))[-1].state == DraftState.SENT
    return conversation


@pytest.mark.feature("F087")
async def test_a_serious_case_is_asked_about_a_day_later(world: World) -> None:
    conversation = await resolved(world)
    (row,) = await kept(world)
    assert row.resolved_at is not None
    assert row.follow_up == "armed"
    assert await timer(world) == row.resolved_at + timedelta(hours=24)

    world.clock.advance(23 * HOUR)
    await due(world)
    assert len(await world.drafts(conversation)) == 1, "too early"
    world.clock.advance(HOUR)
    row = await due(world)
    draft = (await world.drafts(conversation))[-1]
    assert (row.follow_up, row.follow_up_draft, draft.state) == ("proposed", draft.id, "proposed")
    assert await world.replies()
    assert not [one for one in await world.replies() if one.source_kind == "draft"]

    await due(world)
    assert len(await world.drafts(conversation)) == 2, "once"


@pytest.mark.feature("F087")
async def test_other_cases_are_not_asked_about(world: World) -> None:
    await resolved(world, "能开发票吗")
    (row,) = await kept(world)
    assert (row.issue, row.follow_up, await timer(world)) == ("invoice", "none", None)


@pytest.mark.feature("F088")
async def test_the_question_names_the_matter_and_offers_nothing(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    assert draft.text is not None
    assert draft.view is not None
    assert "解决" in draft.text or "弄好" in draft.text
    assert any(word in draft.text for word in ("快递慢", "快递迟迟不到"))
    assert "？" in draft.text or "?" in draft.text
    assert not any(word in draft.text for word in ("好评", "评价", "五星", "补偿", "优惠"))
    assert (draft.view["options"], draft.view["owes"], draft.view["claims"]) == ([], [], [])
    assert draft.view["verdict"]["decision"] == "pass"


async def test_every_issue_has_a_question_that_may_be_sent(world: World) -> None:
    talk = await talk_of(world, await writes(world, "在吗"))
    rules = world.driver.shops.of_shop(talk.shop, talk.merchant_slug, world.clock.now())
    question = Question(world.store, world.driver.shops, world.clock)
    for issue, language, variant in product(Issue, ("zh", "en"), range(3)):
        view = question.compose(talk, Case(issue=issue, language=language), rules, variant)
        assert view is not None
        assert [(one.rule, one.severity) for one in view.verdict.findings] == [], view.text
        assert view.claims == (), view.text


async def test_a_shop_that_is_closed_asks_when_it_opens(world: World) -> None:
    conversation = await raised(world)
    world.clock.advance(11 * HOUR)  # 23:00 in the shop, which opens at 9
    (row,) = await kept(world)
    assert await solved(world, conversation, row)
    await follow_ups(world).arm(world.merchant, row.id)
    moment = await timer(world)
    assert moment is not None
    assert moment.astimezone(SHANGHAI).time() == time(9)


async def test_where_the_chat_is_closed_it_is_a_to_do(world: World) -> None:
    conversation = await resolved(world)
    async with world.store.merchant(world.merchant) as session:
        await session.execute(delete(MessageRow))
    world.clock.advance(24 * HOUR)
    row = await due(world)
    async with world.store.merchant(world.merchant) as session:
        (to_do,) = await session.scalars(select(CommitmentRow))
    assert row.follow_up == "owed"
    assert (to_do.what, to_do.due, to_do.source, to_do.case_id) == (
        "ask_solved",
        row.follow_up_until,
        "follow_up",
        row.id,
    )
    # The buyer comes back: nobody has to call them up.
    await writes(world, LATE)
    await world.driver.draft_conversation(world.merchant, conversation)
    async with world.store.merchant(world.merchant) as session:
        (to_do,) = await session.scalars(select(CommitmentRow))
    assert to_do.state == "withdrawn"


async def test_a_message_of_the_buyer_cancels_it(world: World) -> None:
    conversation = await resolved(world)
    world.clock.advance(HOUR)
    await writes(world, "好的 谢谢")
    await world.driver.draft_conversation(world.merchant, conversation)
    (row,) = await kept(world)
    assert (row.state, row.follow_up, await timer(world)) == ("resolved", "cancelled", None)


async def test_a_message_that_comes_just_before_it_cancels_it_too(world: World) -> None:
    conversation = await resolved(world)
    world.clock.advance(24 * HOUR - 1)
    await writes(world, "在吗")
    world.clock.advance(1)
    assert (await due(world)).follow_up == "cancelled"
    assert len(await world.drafts(conversation)) == 1


async def test_a_worker_that_comes_too_late_asks_nothing(world: World) -> None:
    conversation = await resolved(world)
    world.clock.advance(49 * HOUR)
    assert (await due(world)).follow_up == "over"
    assert len(await world.drafts(conversation)) == 1


async def test_a_question_that_nobody_sent_is_let_go_of(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    (row,) = await kept(world)
    assert await timer(world, "case.follow_up_end") == row.follow_up_until
    world.clock.advance(24 * HOUR)
    await follow_ups(world).end(world.merchant, row.id)
    assert (await world.drafts(conversation))[-1].state == "expired"
    with pytest.raises(StaleDraft):
        await accepts(world, draft)


async def test_a_question_is_not_approved_when_its_time_has_passed(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    world.clock.advance(24 * HOUR)
    with pytest.raises(QuestionOver):
        await accepts(world, draft)
    assert (await world.drafts(conversation))[-1].state == DraftState.PROPOSED
    assert not [one for one in await world.replies() if one.source_kind == "draft"]


async def test_a_question_that_was_approved_in_time_does_not_leave_late(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    world.clock.advance(24 * HOUR - 60)
    assert await accepts(world, draft) is DraftState.APPROVED
    world.clock.advance(120)
    (case,) = await kept(world)
    await follow_ups(world).end(world.merchant, case.id)
    assert await timer(world, "case.follow_up_end") is not None, "it is looked at again once it has ended"
    before = len(world.adapter.calls)
    (reply,) = [one for one in await world.replies() if one.source_kind == "draft"]
    await world.outbox.send(world.merchant, reply.id)
    (reply,) = [one for one in await world.replies() if one.source_kind == "draft"]
    assert (reply.state, reply.error, len(world.adapter.calls)) == ("failed", "follow_up_over", before)
    await follow_ups(world).end(world.merchant, case.id)
    assert [row.follow_up for row in await kept(world)] == ["over"]


async def test_a_rejection_after_its_time_brings_no_new_question(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    world.clock.advance(24 * HOUR - 60)
    assert await accepts(world, draft, DecisionKind.REJECT) is DraftState.REJECTED
    world.clock.advance(120)
    await world.driver.resume(world.merchant, draft.id)
    assert (await world.drafts(conversation))[-1].state == DraftState.REJECTED
    assert [row.follow_up for row in await kept(world)] == ["over"]


async def test_the_buyer_overtakes_the_question(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    world.clock.advance(60)
    await world.driver.draft_conversation(world.merchant, conversation)
    assert (await world.drafts(conversation))[-1].state == "proposed", "nobody has spoken"

    await writes(world, "在吗")
    with pytest.raises(StaleDraft):
        await accepts(world, draft)
    await world.driver.draft_conversation(world.merchant, conversation)
    states = {row.id: row.state for row in await world.drafts(conversation)}
    assert states[draft.id] == "superseded"
    assert (await kept(world))[0].follow_up == "cancelled"


async def test_a_question_that_an_agent_does_not_like_is_worded_again(world: World) -> None:
    conversation = await resolved(world)
    draft = await proposed(world, conversation)
    assert await accepts(world, draft, DecisionKind.REJECT) is DraftState.REJECTED
    await world.driver.resume(world.merchant, draft.id)
    again = (await world.drafts(conversation))[-1]
    assert (again.id, again.revision, again.state) == (draft.id, 2, "proposed")
    assert again.text != draft.text


@pytest.mark.feature("F088")
@pytest.mark.parametrize(
    ("said", "state", "answer"),
    [("解决了,谢谢", "resolved", True), ("没有,还没收到", "open", False), ("还是没到啊", "open", False)],
)
async def test_the_answer_is_kept_and_a_no_reopens_the_case(world: World, said: str, state: str, answer: bool) -> None:
    conversation = await asked(world)
    await writes(world, said)
    await world.driver.draft_conversation(world.merchant, conversation)
    (row,) = await kept(world)
    assert (row.state, row.solved, row.follow_up) == (state, answer, "answered")
    assert row.reopened == int(not answer)
    await reread(world, conversation)
    (again,) = await kept(world)
    assert (again.reopened, again.version) == (row.reopened, row.version)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("没问题了", True),
        ("好了 谢谢", True),
        ("没解决", False),
        ("还没", False),
        ("yes all sorted, thanks!", True),
        ("no problems", True),
        ("Not yet", False),
        ("it still hasn't arrived", False),
        ("收到了,但又碎了一个", False),
        ("收到的是坏的", False),
        ("碎了的换好了,谢谢", True),
        ("收到了，不错的", True),
        ("碎的已经补发收到了", True),
        ("yes, the missing part came", True),
        ("nothing missing now, thanks", True),
        ("the broken one was replaced, all good thanks", True),
        ("换了还是坏", False),
        ("the replacement is broken", False),
        ("got it but it's cracked", False),
        ("你们有蓝色的吗", None),
    ],
)
def test_what_buyers_answer(said: str, answer: bool | None) -> None:
    assert solved_says(said) is answer


# The window.

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = DeskHours(opens=time(9), closes=time(22))
NIGHT = DeskHours(opens=time(20), closes=time(2))


@pytest.mark.parametrize(
    ("resolved_at", "desk", "moment"),
    [
        (NOON, None, NOON + timedelta(hours=24)),
        (NOON, DAY, NOON + timedelta(hours=24)),
        # 23:00 in the shop: at nine on the morning after that
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), DAY, datetime(2026, 11, 22, 1, 0, tzinfo=UTC)),
        # 1:00 in the shop, whose evening lasts until two
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), NIGHT, datetime(2026, 11, 21, 17, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 19, 0, tzinfo=UTC), NIGHT, datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_first_moment_at_which_people_answer(
    resolved_at: datetime, desk: DeskHours | None, moment: datetime
) -> None:
    start, end = window(resolved_at, (24, 48))
    assert first_moment(start, end, resolved_at, desk, SHANGHAI) == moment


@given(
    st.integers(0, 60 * 24 * 400),
    st.integers(0, 60 * 72),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London"]),
)
def test_it_is_never_outside_window_and_hours(after: int, later: int, opens: int, closes: int, name: str) -> None:
    zone, resolved_at = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=after)
    desk = DeskHours(opens=time(opens // 60, opens % 60), closes=time(closes // 60, closes % 60))
    start, end = window(resolved_at, (24, 48))
    moment = first_moment(start, end, resolved_at + timedelta(minutes=later), desk, zone)
    if moment is None:
        return
    assert max(start, resolved_at + timedelta(minutes=later)) <= moment <= end
    local = moment.astimezone(zone).time()
    if desk.opens < desk.closes:
        assert desk.opens <= local or local <= time(3, 30), "only a skipped hour moves what opens"
        assert local < desk.closes or desk.closes <= time(3, 30)


MOVES = st.lists(st.sampled_from(["resolve", "raise", "due", "hours", "day", "job"]), min_size=1, max_size=14)


async def test_at_most_one_question_for_each_resolution_and_always_in_time(world: World) -> None:
    """Random sequences over one database, each on a conversation of its own."""
    conversation = await raised(world)
    (case,) = await kept(world)
    sequences: list[list[str]] = []

    @given(MOVES)
    @settings(max_examples=25, deadline=None)
    def collect(moves: list[str]) -> None:
        sequences.append(moves)

    collect()
    asked_at: list[tuple[datetime, datetime]] = []
    known = {row.id for row in await world.drafts(conversation)}
    for move in (one for moves in sequences for one in moves):
        if move == "resolve":
            async with world.store.merchant(world.merchant) as session:
                await resolve_by_person(
                    session, conversation, case.id, by="agent-2", evidence=None, now=world.clock.now()
                )
            await follow_ups(world).arm(world.merchant, case.id)
        elif move == "raise":
            await writes(world, LATE)
            await world.driver.draft_conversation(world.merchant, conversation)
        elif move in ("due", "job"):
            moment = await timer(world)
            if move == "job" and moment is not None and moment > world.clock.now():
                world.clock.advance((moment - world.clock.now()).total_seconds())
            await follow_ups(world).due(world.merchant, case.id)
        else:
            world.clock.advance(7 * HOUR if move == "hours" else 24 * HOUR)
        (row,) = await kept(world)
        for draft in await world.drafts(conversation):
            if draft.flow_version == "follow_up" and draft.id not in known:
                known.add(draft.id)
                assert row.resolved_at is not None
                waited = draft.created_at - row.resolved_at
                assert timedelta(hours=24) <= waited <= timedelta(hours=48)
                asked_at.append((row.resolved_at, draft.created_at))
    assert asked_at, "the sequences must reach a question"
    assert len({at for at, _ in asked_at}) == len(asked_at), "one for each resolution"
