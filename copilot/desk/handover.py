"""The note for whoever takes a conversation over: what the buyer wants, what was offered, asked and promised, by when.

Composed from what was sent and decided, never from a guess; ids and the buyer's own words stay in the thread.
"""

import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import OPEN
from copilot.desk import words
from copilot.desk.card import Reader, escalation_of, owed_text, shown_view
from copilot.desk.owed_shapes import Handover
from copilot.desk.words import said
from copilot.domain.case import Case, CaseState, Commitment, Option
from copilot.domain.conversation import Conversation
from copilot.domain.draft import OPEN_STATES
from copilot.domain.issue_names import ISSUES
from copilot.flow.talks import load_talk
from copilot.flow.understand import derive_cases, last_shop_text, open_case, read_turn, unanswered
from copilot.store.tables import DraftRow


async def read_handover(session: AsyncSession, conversation: uuid.UUID, reader: Reader) -> Handover:
    """The note of ``conversation``, in the reader's language."""
    note = compose_handover((await load_talk(session, conversation)).with_cases, reader)
    newest = select(DraftRow).where(DraftRow.conversation == conversation).order_by(DraftRow.created_at.desc()).limit(1)
    draft = await session.scalar(newest)
    escalation = escalation_of(draft, shown_view(draft), reader.language) if draft is not None else None
    if draft is None or escalation is None or draft.state not in OPEN_STATES:
        return note
    lines = (escalation.text, *note.lines)
    return Handover(lines=lines, text="\n".join(lines))


def compose_handover(conversation: Conversation, reader: Reader) -> Handover:
    """The note; its lines are empty when nothing is open."""
    cases = [case for case in derive_cases(conversation) if case.state is not CaseState.RESOLVED]
    lines = [line for case in cases for line in _of_case(case, reader)]
    lines += _raised(conversation, cases, reader)
    in_cases = [promise for case in cases for promise in case.commitments]
    left = [promise for promise in conversation.commitments if promise not in in_cases]
    lines += _promised(left, reader)
    return Handover(lines=tuple(lines), text="\n".join(lines))


def _of_case(case: Case, reader: Reader) -> Iterator[str]:
    language, join = reader.language, reader.wording.join
    wants = said(ISSUES, case.issue.value, language)
    if case.order is not None:
        yield said(words.HANDOVER, "wants_about", language).format(what=wants, order=case.order.id)
    else:
        yield said(words.HANDOVER, "wants", language).format(what=wants)
    if case.chosen is not None:
        chosen = next((one for one in case.offered if one.id == case.chosen), None)
        yield said(words.HANDOVER, "chosen", language).format(what=_title(chosen, reader) if chosen else case.chosen)
    elif case.refused_all:
        yield said(words.HANDOVER, "refused", language)
    elif case.offered:
        titles = tuple(_title(one, reader) for one in case.offered)
        yield said(words.HANDOVER, "offered", language).format(what=join(titles))
    if case.asked_for:
        asked = tuple(said(words.SLOTS, slot, language) for slot in case.asked_for)
        yield said(words.HANDOVER, "asked", language).format(what=join(asked))
    yield from _promised(case.commitments, reader)
    yield said(words.CASE_STATES, case.state.value, language)


def _raised(conversation: Conversation, cases: list[Case], reader: Reader) -> Iterator[str]:
    """What the buyer's unanswered words raise besides."""
    burst = unanswered(conversation)
    if not burst.text:
        return
    said_before = last_shop_text(conversation, burst)
    read = read_turn(burst, case=open_case(tuple(cases)), last_shop_text=said_before)
    known = {case.issue for case in cases}
    for reading in read.issues:
        if reading.issue not in known:
            wants = said(ISSUES, reading.issue.value, reader.language)
            yield said(words.HANDOVER, "waiting", reader.language).format(what=wants)


def _title(option: Option, reader: Reader) -> str:
    """What the option is called in the reader's language; the buyer's words for it where we have none."""
    return said(words.OPTION_TITLES, option.key, reader.language) if option.key in words.OPTION_TITLES else option.title


def _promised(promises: tuple[Commitment, ...] | list[Commitment], reader: Reader) -> Iterator[str]:
    for promise in promises:
        if promise.state in OPEN:
            late = promise.due is not None and promise.due < reader.now
            line = said(words.HANDOVER, "late" if late else "promised", reader.language)
            yield line.format(what=owed_text(promise.what, promise.due, reader))
