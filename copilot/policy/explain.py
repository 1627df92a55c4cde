"""What a rule is, in plain data: for people who ask why a text was marked. It decides nothing."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from copilot.domain.errors import BadInput
from copilot.policy.load import open_folders


def explain(rule_id: str, folders: Sequence[Path]) -> dict[str, JsonValue]:
    """Where ``rule_id`` comes from and what it does; ``BadInput`` names the closest ids when there is no such rule."""
    import difflib

    opened = open_folders(folders)
    rules = opened.rules()
    if rule_id not in rules:
        near = difflib.get_close_matches(rule_id, rules, n=3, cutoff=0.3) or sorted(rules)
        raise BadInput(f"unknown rule '{rule_id}'", remedy=f"known: {', '.join(near)}")
    sourced = rules[rule_id]
    rule = sourced.rule
    packs = {pack.name: pack.rules.get(rule_id) for pack, _ in opened.packs() if rule.family in pack.families}
    return {
        "rule": rule.id,
        "family": rule.family,
        "severity": rule.severity.value,
        "speaker": [speaker.value for speaker in rule.scope.speaker],
        "reason": rule.reason.model_dump(),
        "suggestion": rule.suggestion.model_dump(),
        "source": rule.source,
        "file": f"{sourced.document.path}:{sourced.document.line(('id',))}",
        "matchers": [matcher.kind for matcher in rule.matchers],
        "packs": {
            name: change.model_dump(mode="json") if change else {"enabled": True} for name, change in packs.items()
        },
        "violates": [case if isinstance(case, str) else case.text for case in rule.cases.violates],
        "allowed": [case if isinstance(case, str) else case.text for case in rule.cases.allowed],
    }
