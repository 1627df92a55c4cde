"""Causes that a text gives, as the words of the cause."""

import re
from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found, Look

_CAUSE = Look(
    (
        "由于",
        "因为",
        "受",
        "导致",
        "造成",
        "原因",
        "缘故",
        "due to",
        "because of",
        "caused by",
        "owing to",
        "result of",
    ),
    r"(?:由于|是因为|因为|受)(?P<zh>[^,。;!?\n]{2,24}?)(?:影响|导致|造成|的?原因|的?关系|所以)"
    r"|(?:由于|因为)(?P<zh2>[^,。;!?\n]{2,16}?)(?=,|。|被?退回|才会|$)"
    r"|(?:^|(?<=[,。;!?\s]))(?P<zh3>[^,。;!?\n\s我您你是这那]{2,12}?)(?:导致的?|造成的?|的(?:原因|缘故))"
    r"|(?<![a-z])(?:due to|because of|caused by|owing to|as a result of)\s(?P<en>[a-z][a-z' -]{2,48}?)(?=[,.;!?\n]|$"
    r"|\s(?:and|but|so|we|your|it|the (?:parcel|package|order))\s)",
)
_SUBJECT = re.compile(r"什么|何|哪|吗|如果|要是|您|你|把|写|填|选|退|换|告诉|说明")


def causes(text: str) -> Iterator[Found]:
    """Causes with their words in small letters; a question for the cause gives none."""
    for match in _CAUSE.over(text):
        words = (match["zh"] or match["zh2"] or match["zh3"] or match["en"]).strip().lower()
        if not _SUBJECT.search(words):
            yield Found(FactKind.CAUSE, match.start(), match.end(), words)
