"""Cases out of a conversation that brings none: what was raised, asked, offered, chosen, held and closed so far.

Owns the fold over past turns and how what is kept of a case goes into it; refuses to invent commitments (they come from
sends).
"""

from collections.abc import Sequence

from copilot.domain.case import Case, CaseState, Commitment, Option, OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
from copilot.domain.issue import ASKS, CATEGORY_OF, TOLD, Category, Issue, Turn, Understanding
from copilot.domain.message import Message, Role
from copilot.flow.understand.burst import Burst, answers_buyer, gather, unanswered
from copilot.flow.understand.classifier import Classifier
from copilot.flow.understand.orders import Ambiguous, choose_order
from copilot.flow.understand.shop import ShopMove, read_shop
from copilot.flow.understand.solved import solved_says
from copilot.flow.understand.story import TALK, Block, Book, Read, Remembered, Story
from copilot.flow.understand.telling import further
from copilot.flow.understand.turns import read_turn

_NO_CASE = frozenset({Issue.GREETING, Issue.THANKS, Issue.UNCLEAR})
_PARCEL = frozenset({Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY})
_EXPLICIT = (OrderWhy.CARD, OrderWhy.TYPED)


def derive_cases(conversation: Conversation, classifier: Classifier | None = None) -> tuple[Case, ...]:
    """The cases as they stand before the unanswered burst: the stored ones, else those read from the messages.

    The conversation's commitments stand in the case that they belong to.
    """
    cases = conversation.cases or recall(conversation, classifier=classifier, through=False).cases
    return _with_commitments(cases, conversation.commitments)


def recall(
    conversation: Conversation,
    memory: Sequence[Remembered] = (),
    classifier: Classifier | None = None,
    *,
    through: bool = True,
) -> Book:
    """The cases of the messages together with those that are remembered (the oldest first).

    Words that are still there are read again, so that a case follows them; of a case whose words are gone, or that
    another conversation of the buyer raised, what is kept goes on from where it was read to. ``through`` reads the
    unanswered turn too.
    """
    story = Story()
    present = {message.id for message in conversation.messages if message.recalled_at is None}
    for one in memory:
        if one.here and one.raised_by in present:
            story.known.append(one)
        else:
            story.seed(one)
        if one.resolved_at is not None and one.resolved_by != TALK:
            story.pending.append((one.resolved_at, one, TALK))
        if one.picked_at is not None:
            story.pending.append((one.picked_at, one, "order"))
    story.pending.sort(key=lambda event: event[0])
    burst = unanswered(conversation)
    for is_shop, start, stop in _blocks(conversation.messages, burst.start):
        part = conversation.messages[start:stop]
        story.block = _block(part)
        story.happen(story.block.first)
        if is_shop:
            _shop_spoke(story, part)
        else:
            _buyer_spoke(story, conversation, gather(conversation.messages, start, stop), classifier)
    open_part = tuple(one for one in conversation.messages[burst.start :] if one.role is Role.BUYER)
    story.block = _block(open_part)
    story.happen(story.block.first if open_part else None)
    _answered_us(story, burst)
    before = story.read()
    if through and not burst.empty:
        _buyer_spoke(story, conversation, burst, classifier)
    story.happen(None)
    gone = [one for one in story.known if one.state is not CaseState.RESOLVED and not one.reopened]
    left = tuple(Read(one.case, one, one.raised_by, one.raised_at) for one in story.known if one not in gone)
    return Book((*left, *before), (*left, *story.read()), tuple(one.id for one in gone))


def _with_commitments(cases: tuple[Case, ...], promises: tuple[Commitment, ...]) -> tuple[Case, ...]:
    """Each promise in the newest case about its order, else in the newest one: people promise what is talked about."""
    given: dict[int, list[Commitment]] = {}
    known = [promise for case in cases for promise in case.commitments]
    for promise in promises:
        about = [at for at, case in enumerate(cases) if case.order is not None and case.order.id == promise.order]
        if cases and promise not in known:
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
        # "You said it ships tomorrow" and "why hasn't it" are one matter, by whatever name each of them goes.
        kin = _PARCEL if named & _PARCEL else frozenset[Issue]()
        return next(
            (case for case in reversed(live) if case.issue in named or (case.issue in kin and case.commitments)), None
        )
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


def _block(messages: Sequence[Message]) -> Block:
    times = [message.sent_at for message in messages if message.sent_at is not None]
    by = next((message.id for message in messages if message.id), None)
    return Block(by, min(times, default=None), max(times, default=None))


def _buyer_spoke(story: Story, conversation: Conversation, burst: Burst, classifier: Classifier | None) -> None:
    _answered_us(story, burst)
    story.heard = story.block
    case = in_hand = story.case
    seen = read_turn(burst, case=case, last_shop_text=story.shop_text, classifier=classifier)
    story.closed_by_buyer = seen.turn is Turn.CLOSING
    raised = [one.issue for one in seen.issues if one.issue not in _NO_CASE]
    picked_in = story.current if seen.turn is Turn.CHOICE and case is not None else None
    for issue in reversed(raised):
        known = _same_matter(story, conversation, burst, issue, seen) or Case(issue=issue, language=seen.language)
        entry = story.cases.pop(issue, None)
        if entry is not None:
            story.cases[issue] = entry
        # The first one is in hand, and gets its order below.
        order = (
            known.order
            if issue is raised[0] and picked_in is None
            else _order(conversation, burst, known, seen, in_hand)
        )
        story.put(known.model_copy(update={"state": CaseState.OPEN, "order": order}))
    # A choice is one in the case that offered it, whatever else is raised beside it.
    story.current = picked_in or story.current
    case = story.case
    if case is not None:
        order = _order(conversation, burst, case, seen, in_hand)
        if not raised and _turns_to_another(story, case, order):
            # Asked in the same words about another order: what was said of the first one is not true of it.
            story.past.append(story.cases.pop(case.issue))
            case = Case(issue=case.issue, language=seen.language)
        story.put(_told(case, seen).model_copy(update={"order": order}))
        entry = story.cases[case.issue]
        entry.inquired = seen.turn is Turn.ANSWER and seen.inquiry is not None
        entry.product = burst.product_cards[-1] if burst.product_cards else entry.product


def _same_matter(
    story: Story, conversation: Conversation, burst: Burst, issue: Issue, seen: Understanding
) -> Case | None:
    """The case that is raised again; None when what was said of the issue before was about another order."""
    entry = story.cases.get(issue)
    if entry is None:
        return None
    ended = entry.case.state is CaseState.RESOLVED
    if entry.case.order is None or not (ended or entry.kept is not None):
        return entry.case
    found = choose_order(conversation, burst, None, issue, seen)
    if isinstance(found, OrderChoice):
        same = found.id == entry.case.order.id or (found.why not in _EXPLICIT and not ended)
    else:
        elsewhere = entry.kept is not None and not entry.kept.here
        same = not ended or not (isinstance(found, Ambiguous) or elsewhere)
    if same:
        return entry.case
    story.past.append(story.cases.pop(issue))
    return None


def _turns_to_another(story: Story, case: Case, order: OrderChoice | None) -> bool:
    """Whether the buyer leaves a kept case for the same matter with another order, both named by the buyer."""
    kept, before = story.cases[case.issue].kept is not None, case.order
    if before is None or order is None or before.why not in _EXPLICIT or order.why is not OrderWhy.CARD:
        return False
    return kept and order.id != before.id


def _answered_us(story: Story, burst: Burst) -> None:
    """The buyer's first words after our question whether a case is solved."""
    for entry in story.entries:
        if entry.asking and not burst.empty:
            entry.asking, entry.solved = False, solved_says(burst.text)
            if entry.solved is False:
                story.cases[entry.case.issue] = entry
                story.past = [one for one in story.past if one is not entry]
                entry.case = entry.case.model_copy(update={"state": CaseState.OPEN})
                entry.touched, entry.by, entry.at = True, story.block.by, story.block.first
                story.current = entry.case.issue


def _order(
    conversation: Conversation, burst: Burst, case: Case, seen: Understanding, in_hand: Case | None
) -> OrderChoice | None:
    found = choose_order(conversation, burst, case, case.issue, seen, in_hand=in_hand)
    if not isinstance(found, OrderChoice) or found.why is OrderWhy.CASE:
        # "The order of the case" would forget how the case found it.
        return case.order
    picked = case.order is not None and case.order.why is OrderWhy.AGENT
    return case.order if picked and found.why not in _EXPLICIT else found


def _told(case: Case, seen: Understanding) -> Case:
    changes: dict[str, object] = {
        "answered": {**case.answered, **_kept(seen), **_all_told(case, seen)},
        "asked_for": tuple(slot for slot in case.asked_for if slot not in seen.answered),
    }
    if seen.turn in (Turn.CHOICE, Turn.CHANGE_OF_MIND) and len(seen.choice) == 1:
        changes["chosen"] = seen.choice[0]
    if seen.refused_all:
        changes["refused_all"] = True
    if case.state is CaseState.WAITING_BUYER and seen.turn in (Turn.ANSWER, Turn.CHOICE, Turn.CHANGE_OF_MIND):
        changes["state"] = CaseState.WAITING_US
    return case.model_copy(update=changes)


def _kept(seen: Understanding) -> dict[str, str]:
    return {slot: value for slot, value in seen.answered.items() if slot != ASKS}


def _all_told(case: Case, seen: Understanding) -> dict[str, str]:
    words = further(case.answered.get(TOLD), seen.answered.get(TOLD))
    return {TOLD: words} if words else {}


def _only_ships(case: Case, stated: tuple[Option, ...]) -> bool:
    """Whether "we'll ship it today" is said where nothing has gone wrong: then it is no remedy to be taken."""
    before = case.issue is Issue.SHIPPING_TIME or CATEGORY_OF[case.issue] is Category.PRE_SALE
    return before and all(one.key == "reship" for one in stated)


def _shop_spoke(story: Story, messages: tuple[Message, ...]) -> None:
    story.shop_text = "\n".join(one.text.strip() for one in messages if one.text.strip() and answers_buyer(one))
    for entry in story.entries:
        asked = entry.kept.asked if entry.kept else None
        if asked is not None and any(one.draft is not None and one.draft.id == asked for one in messages):
            entry.asking = entry.asked = True
    _take_over(story, messages)
    _person_came(story, messages)
    case = story.case
    if case is not None:
        move = _as_drafted(read_shop(story.shop_text), messages)
        inquired = (entry := story.entry) is not None and entry.inquired
        story.put(_answered(case, move, farewell_given=story.closed_by_buyer, inquired=inquired))


def _person_came(story: Story, messages: tuple[Message, ...]) -> None:
    """Who asked for a person and is answered by one has got it: the talk goes back to what it was about."""
    entry = story.entry
    if entry is None or entry.case.issue is not Issue.HUMAN_REQUEST:
        return
    if not any(one.role is Role.AGENT and one.draft is None and one.text.strip() for one in messages):
        return
    others = [one for one in story.cases.values() if one is not entry and one.case.state is not CaseState.RESOLVED]
    if others:
        story.put(entry.case.model_copy(update={"state": CaseState.RESOLVED}))
        story.current = others[-1].case.issue


def _take_over(story: Story, messages: tuple[Message, ...]) -> None:
    """What a sent draft was about, where an agent or a model named it, goes before our own reading of the turn."""
    mark = next((one.draft for one in reversed(messages) if one.draft is not None and one.draft.named), None)
    if mark is None or mark.named is None or (story.case is not None and story.current is mark.named):
        return
    wrong = story.entry
    case = Case(issue=mark.named, language=wrong.case.language if wrong is not None else None)
    if wrong is not None and wrong.raised_by == story.heard.by:
        # These words raised it only in our reading; the order that they name is the right one.
        case = case.model_copy(update={"order": wrong.case.order})
        story.cases.pop(wrong.case.issue)
        if wrong.kept is not None:
            story.known.append(wrong.kept)
    known = story.cases.get(mark.named)
    case = known.case if known is not None else case
    now, story.block = story.block, story.heard
    story.put(case.model_copy(update={"state": CaseState.OPEN, "order": mark.order or case.order}))
    story.block = now


def _as_drafted(move: ShopMove, messages: tuple[Message, ...]) -> ShopMove:
    """The move with what the sent drafts are known to have offered and asked, whatever their words look like."""
    marks = [one.draft for one in messages if one.draft is not None and one.draft.offered is not None]
    if not marks:
        return move
    offered = next((mark.offered for mark in reversed(marks) if mark.offered), ())
    asks = tuple(dict.fromkeys(slot for mark in marks for slot in mark.asks or ()))
    return move.model_copy(
        update={
            "offered": offered,
            "conditional": (),
            "asks": asks,
            "question": move.question or bool(offered or asks),
        }
    )


def _answered(case: Case, move: ShopMove, *, farewell_given: bool, inquired: bool) -> Case:
    changes: dict[str, object] = {
        "asked_for": tuple(slot for slot in dict.fromkeys((*case.asked_for, *move.asks)) if slot not in case.answered),
        "empathy_given": case.empathy_given or move.empathy,
    }
    if move.offered:
        changes.update(offered=move.offered, chosen=None, refused_all=False)
    elif move.conditional and case.chosen is None:
        # What a colleague settles on takes the place of the ways that were open before.
        changes.update(offered=move.conditional, refused_all=False)
    elif move.stated and not case.offered and case.chosen is None and not _only_ships(case, move.stated):
        # What was put to the buyer as a choice, or is agreed, is not undone by words about it.
        changes.update(offered=move.stated, refused_all=False)
    if move.hold:
        changes.update(holds=case.holds + 1, state=CaseState.WAITING_US)
    elif move.question or (inquired and case.offered and case.chosen is None):
        # Who asked about the ways that are open, and was told, still has to choose one.
        changes["state"] = CaseState.WAITING_BUYER
    if farewell_given and move.farewell:
        changes["state"] = CaseState.RESOLVED
    return case.model_copy(update=changes)
