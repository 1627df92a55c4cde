"""The issues of a turn: the whole text and each of its clauses, merged with the words that show them.

Owns how readings of clauses become issues; refuses to know about cases. What stays below the classifier's threshold is
no issue.
"""

from dataclasses import dataclass

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.flow.understand.classifier import Classifier, Label
from copilot.flow.understand.text import Span, clauses, count_han, fold
from copilot.flow.understand.words import says

_SURE = 0.6
_MANNERS = frozenset({Issue.THANKS.value, Issue.GREETING.value, Issue.UNCLEAR.value})
_WEAK = _MANNERS | {Issue.ABUSE.value, Issue.COMPLAINT.value}
_MOST = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What the classifier makes of a turn.

    ``issues`` are the issues a reply must deal with, the leading one first; ``manner`` the likeliest class when there is
    none ("thanks", "greeting", "_chase" …), null when nothing is clear; ``confidence`` belongs to the leading class.
    """

    issues: tuple[IssueReading, ...] = ()
    manner: str | None = None
    confidence: float = 0.0


def read_issues(text: str, classifier: Classifier) -> Reading:
    """The issues in ``text``; evidence spans are offsets into ``text``."""
    whole = classifier.rank(text, top=2)
    if not whole:
        return Reading()
    spans = clauses(text)
    parts = [(span, label) for span in spans if (label := classifier.best(span.text)) and is_content(span.text)]
    lead = _leading(whole[0], parts, classifier.threshold)
    if lead is None:
        clear = whole[0] if whole[0].probability >= classifier.threshold else None
        return Reading(manner=clear.name if clear else None, confidence=whole[0].probability)
    found = {lead.name: _reading(lead, _evidence(lead.name, spans, classifier, text))}
    for span, label in sorted(parts, key=lambda part: part[0].start):
        if label.name in found or label.name in _WEAK or label.name.startswith("_") or label.probability < _SURE:
            continue
        found[label.name] = _reading(label, span)
    return Reading(issues=tuple(found.values())[:_MOST], confidence=lead.probability)


def is_content(text: str) -> bool:
    """Whether a clause has enough words to carry an issue of its own."""
    folded = fold(text)
    return count_han(folded) >= 3 or len(folded.split()) >= 3


def is_issue(label: Label) -> bool:
    """Whether ``label`` is an issue that a reply deals with: neither a turn, nor manners, nor unclear."""
    return not label.name.startswith("_") and label.name not in _MANNERS


def _leading(whole: Label, parts: list[tuple[Span, Label]], threshold: float) -> Label | None:
    if is_issue(whole) and whole.probability >= threshold:
        return whole
    sure = [label for _, label in parts if is_issue(label) and label.probability >= _SURE]
    return max(sure, key=lambda label: label.probability, default=None)


def _evidence(name: str, spans: tuple[Span, ...], classifier: Classifier, text: str) -> Span:
    scored = [
        (label.probability, -span.start, span) for span in spans for label in classifier.rank(span.text) if label.name == name
    ]
    return max(scored)[2] if scored else Span(0, len(text), text)


def _reading(label: Label, span: Span) -> IssueReading:
    evidence = Evidence(start=span.start, end=span.end, text=span.text)
    return IssueReading(issue=Issue(label.name), confidence=round(min(label.probability, 1.0), 4), evidence=evidence)


def asks_something(text: str) -> bool:
    """Whether ``text`` is a question."""
    return says("question", fold(text))
