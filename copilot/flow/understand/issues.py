"""The issues of a turn: the whole text and each of its clauses, merged with the words that show them.

Owns how readings of clauses become issues; refuses to know about cases. What stays below the classifier's threshold is
no issue.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from copilot.domain.issue import CATEGORY_OF, Category, Evidence, Issue, IssueReading, Risk
from copilot.flow.understand.asked import asked_beside
from copilot.flow.understand.classifier import Classifier, Label
from copilot.flow.understand.guess import MANNERS, is_guess, is_issue, unless_guessed
from copilot.flow.understand.joined import halves
from copilot.flow.understand.risks import find_risks
from copilot.flow.understand.text import (
    Span,
    adds_fault,
    asks_beside,
    bare,
    clauses,
    count_han,
    fold,
    introduces,
    names_another_order,
    readings,
)
from copilot.flow.understand.wishes import Wish, saying_in, wish_in
from copilot.flow.understand.words import patterns, says

_LIKELY = 0.5
_SURE = 0.6
_ALSO = 0.8
_DOUBTED, _PLAIN = 0.5, 0.9
"""A reading of the whole turn below the first yields to a clause that is read with the second."""
_WISHED = 0.9
"""How sure a wish is that was recognised by its words."""
_HINTED = 0.1
"""Less than this behind a chase is chance."""
CHASE = "_chase"
_STORY = 4
"""A turn of so many clauses has room for several matters."""
_SPOKEN_OF, _ABOUT_US = 0.85, 0.95
"""So sure must it be that a turn is about a review, or a complaint, to outweigh what a clause of it sounds like."""
_ASKED_BESIDE = 0.5
"""A parcel asked after in a sentence of its own is a matter of its own."""
_WEAK = MANNERS | {Issue.ABUSE.value, Issue.COMPLAINT.value, Issue.HUMAN_REQUEST.value, Issue.REVIEW.value}
_THREATS = frozenset({Risk.CHARGEBACK, Risk.LAWYER, Risk.MEDIA, Risk.REGULATOR, Risk.REVIEW_THREAT})
_YIELDING = frozenset({Issue.ABUSE.value, Issue.COMPLAINT.value, Issue.REVIEW.value})
_MOST = 4
_SAME_MATTER: tuple[frozenset[Issue], ...] = (
    frozenset(
        {Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED}
    ),
    frozenset({Issue.REFUND_REQUEST, Issue.REFUND_STATUS, Issue.RETURN_EXCHANGE, Issue.CANCEL_ORDER}),
    frozenset({Issue.SIZE_FIT, Issue.SIZE_MISMATCH}),
    frozenset({Issue.REFUND_STATUS, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY}),
    frozenset({Issue.QUALITY_DEFECT, Issue.DAMAGED, Issue.WARRANTY}),
    frozenset({Issue.NOT_AS_DESCRIBED, Issue.AD_MISMATCH, Issue.WRONG_ITEM}),
    frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION, Issue.STOCK}),
)
"""Issues that one matter goes through: clauses about it are the same issue, unless the buyer says "also"."""
_FAULTS = frozenset(
    {
        Issue.QUALITY_DEFECT,
        Issue.DAMAGED,
        Issue.WRONG_ITEM,
        Issue.MISSING_ITEM,
        Issue.NOT_AS_DESCRIBED,
        Issue.SIZE_MISMATCH,
        Issue.DELIVERY_DELAY,
        Issue.LOST_PARCEL,
        Issue.NOT_RECEIVED,
    }
)
_FAULTY_GOODS = _FAULTS - {Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED}
_UNDER_WAY = frozenset({Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY})
_ABOUT_GOODS = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION, Issue.STOCK, Issue.SIZE_FIT})
_REMEDIES = frozenset({Issue.REFUND_REQUEST, Issue.RETURN_EXCHANGE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the classifier makes of a turn.

    ``issues`` are the issues a reply must deal with, the leading one first; ``manner`` the likeliest class when there
    is none ("thanks", "greeting", "_chase" …), null when nothing is clear; ``confidence`` belongs to the leading class.
    ``pressed`` is what a chase would be about if nothing were open, given that it is one. ``wish`` names what a clause
    wants of an order; ``asked`` are clauses that ask what none of the issues is about.
    """

    issues: tuple[IssueReading, ...] = ()
    manner: str | None = None
    confidence: float = 0.0
    pressed: IssueReading | None = None
    wish: str = ""
    asked: tuple[IssueReading, ...] = ()


def read_issues(text: str, classifier: Classifier) -> Reading:
    """The issues in ``text``; evidence spans are offsets into ``text``."""
    ranks: dict[str, tuple[Label, ...]] = {}
    spans = clauses(text)
    # Nods and thanks beside a matter say nothing about which one it is.
    matter = tuple(span for span in spans if not _is_polite(span.text))
    whole = _whole(text, spans, matter, classifier, ranks)
    if not whole:
        return Reading()
    whole = unless_guessed(whole, text)

    def likeliest(words: str) -> Label | None:
        found = _rank(words, classifier, ranks) if is_content(words) else ()
        return found[0] if found else None

    told = [halves(span, likeliest) for span in spans]
    halved = {half for one in told if len(one) > 1 for half in one}
    spans = tuple(half for one in told for half in one)
    ranked = [(span, _rank_clause(span.text, classifier, ranks)) for span in spans]
    wishes = {span: wish for span in spans if (wish := wish_in(span.text)) is not None}
    if wishes:
        ranked = [(span, _as_wished(wishes[span], labels) if span in wishes else labels) for span, labels in ranked]
        whole = whole if _said_beside(whole[0], ranked, wishes) else _as_wished(next(iter(wishes.values())), whole)
    # What the buyer says to be about something further is no part of it.
    end = next((at for at, span in enumerate(spans) if at and opens_another(span.text)), len(spans))
    saying = saying_in(text[: spans[end].start] if end < len(spans) else text)
    if saying is not None and (end < len(spans) or _takes(saying, whole, classifier)):
        ranked = [
            (span, _as_wished(saying, found) if at < end and _takes(saying, found, classifier) else found)
            for at, (span, found) in enumerate(ranked)
        ]
        whole = _as_wished(saying, whole) if _takes(saying, whole, classifier) else whole
        wishes = {spans[0]: saying}
    parts = [
        (span, united)
        for span, labels in ranked
        if labels and (united := _united(labels)).probability >= classifier.threshold and is_content(span.text)
        if not is_guess(labels, span.text) and not (len(ranked) > 1 and says("only_arrived", fold(span.text)))
    ]
    lead = _leading(whole[0], parts, classifier.threshold, stands=_stands(whole[0], text))
    if lead is None:
        clear = whole[0] if whole[0].probability >= classifier.threshold else None
        pressed = _pressed(whole, text) if clear and clear.name == CHASE else None
        # Wishes with an issue have led; what is left is said in thanks.
        thanked = next((one.name for one in wishes.values() if one.issue is Issue.THANKS), "")
        return Reading(
            manner=clear.name if clear else None, confidence=whole[0].probability, pressed=pressed, wish=thanked
        )
    leading = _reading(lead, _evidence(lead.name, ranked, text))
    found = [leading]
    for span, label in sorted(parts, key=lambda part: part[0].start):
        if _adds(span, label, found, plainly=span in halved):
            found.append(_reading(label, span))
    # What is raised first comes first; what one sentence leads with is as likely its end. Unless all of it together
    # plainly says one thing: then the rest is how it came to that ("not shipped yet? cancel it").
    # A fault of the goods stays first: the wish is one of its remedies.
    plain = lead == whole[0] and lead.probability >= _PLAIN and len(matter) < _STORY
    plain = plain and not any(one.issue in _FAULTY_GOODS for one in found)
    found.sort(
        key=lambda reading: (plain and reading is not leading, reading.evidence.start if reading.evidence else 0)
    )
    wish = next((one.name for one in wishes.values()), "")
    found = _swapped(found)
    asked = asked_beside(ranked, found, _SAME_MATTER)
    return Reading(issues=tuple(found[:_MOST]), confidence=lead.probability, wish=wish, asked=asked)


def _whole(
    text: str,
    spans: Sequence[Span],
    matter: Sequence[Span],
    classifier: Classifier,
    ranks: dict[str, tuple[Label, ...]],
) -> tuple[Label, ...]:
    """The classes of all that is said, without what is said for manners (``matter`` is the rest).

    That something has come leads to nothing either; with it the rest may sound like more than it does alone.
    """
    found = _rank(" ".join(span.text for span in matter) if 0 < len(matter) < len(spans) else text, classifier, ranks)
    told = [span.text for span in matter if not says("only_arrived", fold(span.text))]
    if not 0 < len(told) < len(matter) or (found and found[0].probability >= _LIKELY):
        return found
    return _rank(" ".join(told), classifier, ranks)


def _swapped(found: list[IssueReading]) -> list[IssueReading]:
    """``found`` with goods for goods where the bare word for it sounded like an address that changes."""
    meant = [one.model_copy(update={"issue": Issue.RETURN_EXCHANGE}) if _swaps_goods(one) else one for one in found]
    return list({one.issue: one for one in reversed(meant)}.values())[::-1]


def _swaps_goods(reading: IssueReading) -> bool:
    if reading.issue is not Issue.ADDRESS_CHANGE or reading.evidence is None:
        return False
    folded = fold(reading.evidence.text)
    return says("swapped", folded) and not says("address_said", folded)


def _pressed(whole: tuple[Label, ...], text: str) -> IssueReading | None:
    """The issue behind "nobody replies" or "still waiting for it", where the words alone tell it."""
    chase, *others = whole
    behind = next((label for label in others if is_issue(label)), None)
    if behind is None or behind.probability < _HINTED:
        return None
    share = behind.probability / (1.0 - min(chase.probability, 0.999))
    return _reading(Label(behind.name, share), Span(0, len(text), text)) if share >= _SURE else None


def _united(labels: tuple[Label, ...]) -> Label:
    """The likeliest class of a clause; two that are one matter, or a fault and its remedy, share their probability."""
    first, second = labels[0], labels[1] if len(labels) > 1 else None
    if second is None or not (is_issue(first) and is_issue(second)):
        return first
    pair = {Issue(first.name), Issue(second.name)}
    fault = pair & _FAULTS
    if fault and pair & _REMEDIES and first.probability < _ALSO:
        return Label(fault.pop().value, first.probability + second.probability)
    if any(pair <= matter for matter in _SAME_MATTER):
        return Label(first.name, first.probability + second.probability)
    return first


def _adds(span: Span, label: Label, found: list[IssueReading], *, plainly: bool) -> bool:
    if label.name in _WEAK or label.name.startswith("_"):
        return False
    # "calling my bank to dispute it" presses for the matter named before; it raises none. Asked last: it costs most.
    known = {reading.issue for reading in found}
    another = Issue(label.name) not in known if plainly else _is_another(span, label, known)
    return another and not _threatens(span.text)


def _threatens(text: str) -> bool:
    return any(one.risk in _THREATS for one in find_risks(text))


def _is_another(span: Span, label: Label, known: set[Issue]) -> bool:
    """Whether what a clause sounds like stands beside the ``known`` issues instead of being one of them."""
    issue = Issue(label.name)
    if issue in known:
        return False
    if opens_another(span.text) or (adds_fault(span.text) and issue in _FAULTS):
        return label.probability >= _SURE
    if asks_beside(span.text) and issue in _UNDER_WAY and not known & _SAME_MATTER[0]:
        return label.probability >= _ASKED_BESIDE
    before_sale = all(map(_is_before_sale, {issue, *known}))
    if label.probability < (_SURE if before_sale else _ALSO):
        return False
    asked = issue in _ABOUT_GOODS and asks_something(span.text)
    beside = asked and (known <= _UNDER_WAY or label.probability >= _PLAIN)
    if _is_goods(issue) and not before_sale and not beside:
        # Words about the goods describe a fault as well; a plain question about them is one.
        return False
    if any(issue in matter and known & matter for matter in _SAME_MATTER):
        return False
    # Who reports a fault and wants money raises one thing: the fault's remedies hold the refund.
    return not (issue in _REMEDIES and known & _FAULTS)


def _is_before_sale(issue: Issue) -> bool:
    """Who has not bought yet asks about the goods and about when they would come."""
    return CATEGORY_OF[issue] is Category.PRE_SALE or issue is Issue.SHIPPING_TIME


def _is_goods(issue: Issue) -> bool:
    return CATEGORY_OF[issue] is Category.PRE_SALE


def opens_another(clause: str) -> bool:
    """Whether ``clause`` says that it is about something further ("also", the other parcel)."""
    return introduces(clause) or says("another", fold(clause))


def is_content(text: str) -> bool:
    """Whether a clause has enough words to carry an issue of its own."""
    folded = fold(text)
    return count_han(folded) >= 2 or len(folded.split()) >= 2


def _is_polite(clause: str) -> bool:
    folded = fold(clause)
    for kind in ("thanks", "closing", "ack"):
        folded = patterns()[kind].sub(" ", folded)
    return not any(character.isalnum() for character in folded)


def _stands(whole: Label, text: str) -> bool:
    """Whether a turn is about a review or about how the buyer was treated, and not only written in anger."""
    if whole.name == Issue.REVIEW.value:
        # "Five stars given, where is the coupon?" is no question about coupons; a threatened review presses.
        return whole.probability >= _SPOKEN_OF and not _threatens(text)
    return whole.name == Issue.COMPLAINT.value and whole.probability >= _ABOUT_US


def _leading(whole: Label, parts: list[tuple[Span, Label]], threshold: float, *, stands: bool) -> Label | None:
    sure = [label for _, label in parts if is_issue(label) and label.probability >= _SURE]
    matters = [label for label in sure if label.name not in _YIELDING]
    clear = is_issue(whole) and whole.probability >= threshold
    if clear and (whole.name not in _YIELDING or stands or not matters):
        best = max(matters, key=lambda label: label.probability, default=whole)
        # Several clauses read as one may sound like something that none of them says.
        unsaid = all(label.name != whole.name or label.probability < whole.probability for _, label in parts)
        if unsaid and whole.probability < _DOUBTED and best.probability >= _PLAIN:
            return best
        return next((label for label in matters if _is_remedied(label, whole)), whole)
    # Anger and threats say how the buyer feels; what it is about says what to do.
    return max(matters or sure, key=lambda label: label.probability, default=None)


def _is_remedied(clause: Label, whole: Label) -> bool:
    """Whether a clause tells of a fault, and all of it less plainly of what the buyer wants for it."""
    if Issue(whole.name) not in _REMEDIES or whole.probability >= _PLAIN or not is_issue(clause):
        return False
    return Issue(clause.name) in _FAULTY_GOODS and clause.probability > whole.probability


def _rank(text: str, classifier: Classifier, ranks: dict[str, tuple[Label, ...]]) -> tuple[Label, ...]:
    """The likeliest classes of ``text``; ``ranks`` keeps them, because a lone clause is the whole text."""
    words = bare(text)
    if words not in ranks:
        ranks[words] = classifier.rank(words)
    return ranks[words]


def _rank_clause(text: str, classifier: Classifier, ranks: dict[str, tuple[Label, ...]]) -> tuple[Label, ...]:
    """The likeliest classes of one clause; what announces a further matter says nothing about which one it is."""
    found = _rank(text, classifier, ranks)
    further = asks_beside(text) or names_another_order(text)
    if not found or not further or found[0].probability >= _SURE:
        return found
    others = (_rank(one, classifier, ranks) for one in readings(text))
    return max((found, *(one for one in others if one)), key=lambda labels: labels[0].probability)


def _as_wished(wish: Wish, found: tuple[Label, ...]) -> tuple[Label, ...]:
    return (Label(wish.issue.value, _WISHED), *(label for label in found if label.name != wish.issue.value))


def _takes(saying: Wish, found: tuple[Label, ...], classifier: Classifier) -> bool:
    """Whether words that sound like ``found`` are what the turn's ``saying`` is mistaken for, or sound like nothing."""
    if not found or not is_issue(found[0]) or found[0].probability < classifier.threshold:
        return True
    return found[0].name == saying.issue.value or Issue(found[0].name) in saying.takes


def _said_beside(whole: Label, ranked: list[tuple[Span, tuple[Label, ...]]], wishes: Collection[Span]) -> bool:
    """Whether a clause that wishes nothing says what all of the turn sounds like.

    A condition ("if it hasn't shipped") says nothing that has happened.
    """
    return any(
        labels[0].name == whole.name and labels[0].probability >= _SURE
        for span, labels in ranked
        if labels and span not in wishes and not says("choice_condition", fold(span.text))
    )


def _evidence(name: str, ranked: list[tuple[Span, tuple[Label, ...]]], text: str) -> Span:
    scored = [
        (label.probability, -span.start, span) for span, labels in ranked for label in labels if label.name == name
    ]
    return max(scored)[2] if scored else Span(0, len(text), text)


def _reading(label: Label, span: Span) -> IssueReading:
    evidence = Evidence(start=span.start, end=span.end, text=span.text)
    return IssueReading(issue=Issue(label.name), confidence=round(min(label.probability, 1.0), 4), evidence=evidence)


def asks_something(text: str) -> bool:
    """Whether ``text`` is a question."""
    return says("question", fold(text))
