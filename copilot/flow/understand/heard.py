"""What words say by themselves, read once for as long as one draft is written.

The same turn is read for the cases, for the draft, and again for the cases with what the draft asks; earlier turns are
read each of these times. Nothing is kept beyond the block: a buyer's words stay nowhere that an erasure does not reach.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from copilot.domain.issue import Evidence, Issue, IssueReading, RiskReading
from copilot.flow.understand import classifier as local
from copilot.flow.understand.classifier import Classifier
from copilot.flow.understand.denials import corrects, without_denied
from copilot.flow.understand.issues import Reading, read_issues
from copilot.flow.understand.risks import find_risks
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

Heard = tuple[Reading, tuple[RiskReading, ...]]
"""The issues and the risks of a text."""

_PLAIN = 0.6
"""How sure words are that say only one thing, to a classifier that is not."""
_SAY_ONE_THING = {"sent_or_not": Issue.SHIPPING_TIME, "stops_parcel": Issue.CANCEL_ORDER}
"""Words that say only one thing, and what that is."""
_heard: ContextVar[dict[str, Heard] | None] = ContextVar("heard", default=None)


@contextmanager
def remembering() -> Generator[None]:
    """Until the end of the block each text is read once; tasks that are begun in it share what was read."""
    token = _heard.set({})
    try:
        yield
    finally:
        _heard.reset(token)


def heard(text: str, classifier: Classifier | None = None) -> Heard:
    """The issues and risks of ``text``, whatever was said before it; what another ``classifier`` reads is not kept."""
    if classifier is not None:
        return _meant(text, classifier), find_risks(text)
    known = _heard.get()
    found = known.get(text) if known is not None else None
    if found is None:
        found = _meant(text, local.load()), find_risks(text)
        if known is not None:
            known[text] = found
    return found


def _meant(text: str, classifier: Classifier) -> Reading:
    """The issues of ``text`` without what it denies, where it says something else beside that."""
    if not corrects(text):
        return _plainly_said(read_issues(text, classifier), text)
    reading = read_issues(without_denied(text), classifier)
    issues, asked = (tuple(_in_their_words(one, text) for one in of) for of in (reading.issues, reading.asked))
    return replace(reading, issues=issues, asked=asked)


def _plainly_said(reading: Reading, text: str) -> Reading:
    """What the classifier is not sure of and says only one thing: 乳胶枕发货没, 点错了 能拦下来嘛."""
    if reading.issues or reading.manner not in (None, Issue.UNCLEAR.value):
        return reading
    folded = fold(text)
    issue = next((issue for name, issue in _SAY_ONE_THING.items() if says(name, folded)), None)
    if issue is None or (reading.manner is not None and issue is Issue.SHIPPING_TIME):
        return reading
    whole = Evidence(start=0, end=len(text), text=text)
    return replace(reading, issues=(IssueReading(issue=issue, confidence=_PLAIN, evidence=whole),))


def _in_their_words(reading: IssueReading, text: str) -> IssueReading:
    at = reading.evidence
    whole = None if at is None else Evidence(start=at.start, end=at.end, text=text[at.start : at.end])
    return reading.model_copy(update={"evidence": whole})
