"""Whether a turn asks about the options that stand, and what else it raises beside that or a choice."""

from copilot.domain.case import Case, CommitmentState, Option
from copilot.domain.issue import Inquiry, Issue, IssueReading
from copilot.flow.understand.answers import is_short_reply
from copilot.flow.understand.choice import Choice
from copilot.flow.understand.inquiry import COVERED, OTHER, lettered, topics_of
from copilot.flow.understand.issues import opens_another
from copilot.flow.understand.remedies import fit, remedies_in
from copilot.flow.understand.seen import CERTAIN, SURE, Seen, presses
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_FEELINGS = frozenset({Issue.COMPLAINT, Issue.REFUND_REQUEST})
_IN_A_PARCEL = frozenset({"reship", "exchange", "return", "gift", "repair"})
_EXACT = frozenset({"difference", "route", "until", "more"})
"""Topics of which hardly anything but an option that stands is asked."""


def standing(case: Case | None) -> tuple[Option, ...]:
    """The options that a question can be about: those offered, of which the chosen one alone is left."""
    if case is None or case.refused_all:
        return ()
    return tuple(option for option in case.offered if case.chosen in (None, option.id))


def only_names_chosen(text: str, choice: Choice | None, inquiry: Inquiry | None, case: Case) -> bool:
    """Whether words name the option that was chosen before and choose nothing by it.

    "Do I pay for the replacement?" asks about it, "refund still not here" presses for it.
    """
    if choice is None or case.chosen is None or choice.refused_all or choice.ids != (case.chosen,):
        return False
    if inquiry is not None and inquiry.topics != (OTHER,):
        return True
    if not remedies_in(text) or lettered(text, case.offered):
        return False
    # "I want a refund" is no choice any more where that refund was promised and is late.
    broken = any(one.state is CommitmentState.BROKEN for one in case.commitments)
    return broken or not says("choice_deciding", fold(text))


def inquires(seen: Seen) -> bool:
    """Whether the turn asks about what was offered, beside a choice or instead of one."""
    if seen.inquiry is None or seen.case is None:
        return False
    if seen.case.chosen is not None and (says("chase", seen.folded) or seen.choice is not None):
        # Who has chosen and presses is told how things stand.
        return False
    if seen.choice is not None:
        return not seen.choice.refused_all
    own = [one for one in beyond(seen) if not _asks_how_it_goes(one)]
    if not own or all(map(is_further, own)):
        # Words that nothing recognises are a question about the options only where they sound like nothing else.
        vague = seen.inquiry.topics == (OTHER,) and not seen.inquiry.options
        return not vague or _asks_plainly(seen)
    if not is_short_reply(seen.folded):
        return False
    topics = set(seen.inquiry.topics)
    if lettered(seen.burst.text, standing(seen.case)) or topics & _EXACT:
        return True
    sure = seen.inquiry.options or topics & {"way_back", "amount", "how"}
    return own[0].confidence < (CERTAIN if sure else SURE)


def _asks_how_it_goes(reading: IssueReading) -> bool:
    """Whether what sounds like a question about the goods is one about money and ways: "how do you cover it"."""
    if reading.issue not in (Issue.USAGE_QUESTION, Issue.PRODUCT_QUESTION) or reading.evidence is None:
        return False
    return bool(topics_of(reading.evidence.text))


def _asks_plainly(seen: Seen) -> bool:
    """Whether a question that names neither an option nor a topic is one, and no pressing or feeling."""
    if presses(seen) or says("rhetorical", seen.folded) or seen.reading.manner == "_chase":
        return False
    return seen.lead is None or (seen.lead.issue in COVERED - _FEELINGS and not _of_a_parcel(seen.lead, seen))


def inquiry_of(seen: Seen) -> Inquiry | None:
    """What the turn asks about the options that stand; None when that is nothing."""
    if not inquires(seen) or seen.inquiry is None:
        return None
    # "A is fine, ok?" asks nothing beside its choice.
    empty = seen.choice is not None and seen.inquiry.topics == (OTHER,) and bool(seen.inquiry.options)
    return None if empty else seen.inquiry


def beyond(seen: Seen) -> list[IssueReading]:
    """What the turn raises that no question about the options could be."""
    issue = seen.case.issue if seen.case else None
    others = [one for one in seen.reading.issues if one.issue is not issue]
    return [one for one in others if one.issue not in COVERED or _of_a_parcel(one, seen)]


def _of_a_parcel(reading: IssueReading, seen: Seen) -> bool:
    """Whether a parcel is asked after by its name where nothing that was offered would travel in one."""
    if reading.issue is not Issue.LOGISTICS_QUERY or reading.evidence is None or reading.confidence < SURE:
        return False
    travels = any(fit(option, _IN_A_PARCEL) for option in standing(seen.case))
    return not travels and says("parcel_said", fold(reading.evidence.text))


def is_further(reading: IssueReading) -> bool:
    """Whether the buyer says beside a choice that this is about something else."""
    return reading.evidence is not None and reading.confidence >= SURE and opens_another(reading.evidence.text)
