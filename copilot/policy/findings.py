"""Findings of one text put together: what stands of each family, and what stands for a check that failed.

Knows no rule's insides and looks at no text.
"""

from collections.abc import Collection

from copilot.domain.verdict import Finding, Severity
from copilot.policy.context import CheckContext
from copilot.policy.judge import leftmost_longest

_FAILED = {"zh": "检查未能完成,按拦截处理", "en": "the check could not be completed, so the text is held"}


def by_family(findings: list[Finding], rough: Collection[str]) -> list[Finding]:
    """``findings`` without overlaps inside a family, in the order of the text; ``rough`` as in ``leftmost_longest``."""
    if len(findings) < 2:
        return findings
    families: dict[str, list[Finding]] = {}
    for finding in findings:
        families.setdefault(finding.family, []).append(finding)
    kept = [finding for group in families.values() for finding in leftmost_longest(group, rough)]
    return sorted(kept, key=lambda finding: (finding.start, finding.end, finding.rule))


def failed(rule: str, family: str, text: str, context: CheckContext, error: Exception) -> Finding:
    """What blocks ``text`` because ``rule`` could not be asked: fail closed."""
    reason = _FAILED["zh" if (context.language or "zh").startswith("zh") else "en"]
    reason = f"{reason} ({type(error).__name__})"
    return Finding(rule=rule, family=family, severity=Severity.BLOCK, start=0, end=len(text), text=text, reason=reason)
