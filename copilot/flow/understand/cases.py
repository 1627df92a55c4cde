"""Cases out of a conversation that brings none: what was raised, asked, offered, chosen, held and closed so far.

Owns the fold over past turns; refuses to invent commitments (they come from sends) and to look past the burst.
"""

from dataclasses import dataclass, field

from copilot.domain.case import Case, CaseState, Commitment, OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.domain.message import Message, Role
from copilot.flow.understand.burst import Burst, answers_buyer, gather, unanswered
from copilot.flow.understand.classifier import Classifier
from copilot.flow.understand.orders import choose_order
from copilot.flow.understand.shop import ShopMove, read_shop
from copilot.flow.understand.turns import read_turn

_NO_CASE = frozenset({Issue.GREETING, Issue.THANKS, Issue.UNCLEAR})


@dataclass
class _Story:
    """The fold's state: cases by issue, the one in hand, what the shop said last."""

    cases: dict[Issue, Case] = field(default_factory=dict)
    current: Issue | None = None
    shop_text: str | None = None
    closed_by_buyer: bool = False

    @property
    def case(self) -> Case | None:
        found = self.cases.get(self.current) if self.current else None
        return found if found and found.state is not CaseState.RESOLVED else None

    def put(self, case: Case) -> None:
        self.cases[case.issue] = case
        self.current = case.issue


def derive_cases(conversation: Conversation, classifier: Classifier | None = None) -> tuple[Case, ...]:
    """The cases as they stand before the unanswered burst: the stored ones, else those read from the messages.

    The conversation's commitments stand in the case that they belong to.
    """
    return _with_commitments(_cases(conversation, classifier), conversation.commitments)


def _cases(conversation: Conversation, classifier: Classifier | None) -> tuple[Case, ...]:
    if conversation.cases:
        return conversation.cases
    story = _Story()
    end = unanswered(conversation).start
    for is_shop, start, stop in _blocks(conversation.messages, end):
        if is_shop:
            _shop_spoke(story, conversation.messages[start:stop])
        else:
            _buyer_spoke(story, conversation, start, stop, classifier)
    return tuple(story.cases.values())


def _with_commitments(cases: tuple[Case, ...], promises: tuple[Commitment, ...]) -> tuple[Case, ...]:
    """Each promise in the newest case about its order, else in the newest one: people promise what is talked about."""
    given: dict[int, list[Commitment]] = {}
    for promise in promises:
        about = [at for at, case in enumerate(cases) if case.order is not None and case.order.id == promise.order]
        if cases:
            given.setdefault(about[-1] if about else len(cases) - 1, []).append(promise)
    return tuple(
        case.model_copy(update={"commitments": (*case.commitments, *given[at])}) if at in given else case
        for at, case in enumerate(cases)
    )


def open_case(cases: tuple[Case, ...], understanding: Understanding | None = None) -> Case | None:
    """The case a turn belongs to: that of the issue it names, else the latest one not resolved.

    Without ``understanding`` the latest open case (to read the turn with); a turn that raises a new issue which no open
    case has belongs to none.
    """
    live = [case for case in cases if case.state is not CaseState.RESOLVED]
    if understanding is not None and understanding.turn is Turn.NEW_ISSUE:
        named = {reading.issue for reading in understanding.issues}
        return next((case for case in reversed(live) if case.issue in named), None)
    return live[-1] if live else None


def _blocks(messages: tuple[Message, ...], end: int) -> list[tuple[bool, int, int]]:
    """Stretches (spoken by the shop?, start, stop) of messages before ``end``; all else is passed over."""
    found: list[tuple[bool, int, int]] = []
    for position, message in enumerate(messages[:end]):
        if message.role is not Role.BUYER and not answers_buyer(message):
            continue
        is_shop = message.role is not Role.BUYER
        if found and found[-1][0] is is_shop:
            found[-1] = (is_shop, found[-1][1], position + 1)
        else:
            found.append((is_shop, position, position + 1))
    return found


def _buyer_spoke(
    story: _Story, conversation: Conversation, start: int, stop: int, classifier: Classifier | None
) -> None:
    burst = gather(conversation.messages, start, stop)
    case = story.case
    seen = read_turn(burst, case=case, last_shop_text=story.shop_text, classifier=classifier)
    story.closed_by_buyer = seen.turn is Turn.CLOSING
    raised = [one.issue for one in seen.issues if one.issue not in _NO_CASE]
    for issue in reversed(raised):
        known = story.cases.get(issue) or Case(issue=issue, language=seen.language)
        story.cases.pop(issue, None)
        story.put(known.model_copy(update={"state": CaseState.OPEN}))
    case = story.case
    if case is not None:
        order = _order(conversation, burst, case)
        story.put(_told(case, seen).model_copy(update={"order": order}))


def _order(conversation: Conversation, burst: Burst, case: Case) -> OrderChoice | None:
    found = choose_order(conversation, burst, case, case.issue)
    # "The order of the case" would forget how the case found it.
    return found if isinstance(found, OrderChoice) and found.why is not OrderWhy.CASE else case.order


def _told(case: Case, seen: Understanding) -> Case:
    changes: dict[str, object] = {
        "answered": {**case.answered, **seen.answered},
        "asked_for": tuple(slot for slot in case.asked_for if slot not in seen.answered),
    }
    if seen.turn in (Turn.CHOICE, Turn.CHANGE_OF_MIND) and len(seen.choice) == 1:
        changes["chosen"] = seen.choice[0]
    if seen.refused_all:
        changes["refused_all"] = True
    if case.state is CaseState.WAITING_BUYER and seen.turn in (Turn.ANSWER, Turn.CHOICE, Turn.CHANGE_OF_MIND):
        changes["state"] = CaseState.WAITING_US
    return case.model_copy(update=changes)


def _shop_spoke(story: _Story, messages: tuple[Message, ...]) -> None:
    story.shop_text = "\n".join(one.text.strip() for one in messages if one.text.strip() and answers_buyer(one))
    case = story.case
    if case is not None:
        move = _as_drafted(read_shop(story.shop_text), messages)
        story.put(_answered(case, move, farewell_given=story.closed_by_buyer))


def _as_drafted(move: ShopMove, messages: tuple[Message, ...]) -> ShopMove:
    """The move with what the sent drafts are known to have offered and asked, whatever their words look like."""
    marks = [one.draft for one in messages if one.draft is not None and one.draft.offered is not None]
    if not marks:
        return move
    offered = next((mark.offered for mark in reversed(marks) if mark.offered), ())
    asks = tuple(dict.fromkeys(slot for mark in marks for slot in mark.asks or ()))
    return move.model_copy(
        update={"offered": offered, "asks": asks, "question": move.question or bool(offered or asks)}
    )


def _answered(case: Case, move: ShopMove, *, farewell_given: bool) -> Case:
    changes: dict[str, object] = {
        "asked_for": tuple(slot for slot in dict.fromkeys((*case.asked_for, *move.asks)) if slot not in case.answered),
        "empathy_given": case.empathy_given or move.empathy,
    }
    if move.offered:
        changes.update(offered=move.offered, chosen=None, refused_all=False)
    if move.hold:
        changes.update(holds=case.holds + 1, state=CaseState.WAITING_US)
    elif move.question:
        changes["state"] = CaseState.WAITING_BUYER
    if farewell_given and move.farewell:
        changes["state"] = CaseState.RESOLVED
    return case.model_copy(update=changes)
