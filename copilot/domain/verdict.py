"""The one verdict of every check: for a model's text, a composed one and what a person types."""

from enum import StrEnum

from copilot.domain.base import Shape


class Severity(StrEnum):
    """What a finding does: ``block`` stops the text, ``warn`` asks, ``info`` tells."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Decision(StrEnum):
    """The sum of the findings."""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"


class Finding(Shape):
    """One rule that spoke: ``start``/``end`` count code points of the original text, end exclusive."""

    rule: str
    family: str
    severity: Severity
    start: int
    end: int
    text: str
    reason: str
    suggestion: str | None = None


class Verdict(Shape):
    """What a pack says of a text.

    ``pack`` is name@date ("douyin.cn@2026-11"), ``pack_hash`` the content hash of the compiled pack; ``not_judged``
    maps a rule to why it could not speak (no facts, no authority).
    """

    decision: Decision
    pack: str
    pack_hash: str = ""
    findings: tuple[Finding, ...] = ()
    not_judged: dict[str, str] = {}


def decide(findings: tuple[Finding, ...]) -> Decision:
    """The decision that ``findings`` add up to."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Decision.BLOCK
    return Decision.WARN if Severity.WARN in severities else Decision.PASS
