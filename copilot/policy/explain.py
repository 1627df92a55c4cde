"""What a rule is, in plain data: for people who ask why a text was marked. It decides nothing."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from copilot.domain.errors import BadInput
from copilot.policy.document import Document
from copilot.policy.lint_rules import text_of
from copilot.policy.load import PolicyFolders, Sourced, extended, open_folders
from copilot.policy.model import PackFile, Rule


def explain(rule_id: str, folders: Sequence[Path]) -> dict[str, JsonValue]:
    """Where ``rule_id`` comes from and what it does; ``BadInput`` names the closest ids when there is no such rule.

    ``layers`` are its files, the one that counts last; ``packs`` says by name what the newest edition makes of the
    rule and since when it is in force there without a break.
    """
    opened = open_folders(folders)
    layers = opened.layers()
    if rule_id not in layers:
        raise _unknown(rule_id, layers)
    sourced = layers[rule_id][-1]
    rule = sourced.rule
    return {
        "rule": rule.id,
        "family": rule.family,
        "severity": rule.severity.value,
        "speaker": [speaker.value for speaker in rule.scope.speaker],
        "origin": [origin.value for origin in rule.scope.origin],
        "only_if": rule.only_if.value if rule.only_if else None,
        "languages": list(rule.languages),
        "reason": rule.reason.model_dump(),
        "suggestion": rule.suggestion.model_dump(),
        "source": rule.source,
        "file": _place(sourced),
        "layers": [{"file": _place(layer), "severity": layer.rule.severity.value} for layer in layers[rule_id]],
        "matchers": [matcher.kind for matcher in rule.matchers],
        "packs": _packs(rule, opened),
        "violates": [text_of(case) for case in rule.cases.violates],
        "allowed": [text_of(case) for case in rule.cases.allowed],
    }


def _unknown(rule_id: str, known: dict[str, list[Sourced]]) -> BadInput:
    import difflib

    near = difflib.get_close_matches(rule_id, known, n=3, cutoff=0.3) or sorted(known)
    return BadInput(f"unknown rule '{rule_id}'", remedy=f"known: {', '.join(near)}")


def _place(sourced: Sourced) -> str:
    return f"{sourced.document.path}:{sourced.document.line(('id',))}"


def _packs(rule: Rule, opened: PolicyFolders) -> dict[str, JsonValue]:
    known = opened.packs()
    editions: dict[str, list[tuple[PackFile, Document]]] = {}
    for pack, document in sorted(known, key=lambda item: item[0].effective):
        editions.setdefault(pack.name, []).append((extended(pack, document, known, pack.effective), document))
    told = {name: _in_pack(rule, list_) for name, list_ in sorted(editions.items())}
    return {name: told_here for name, told_here in told.items() if told_here is not None}


def _in_pack(rule: Rule, editions: Sequence[tuple[PackFile, Document]]) -> JsonValue:
    newest, document = editions[-1]
    if rule.family not in newest.families:
        return None
    change = newest.rules.get(rule.id)
    since: date | None = None
    for pack, _ in editions:
        its = pack.rules.get(rule.id)
        enforced = rule.family in pack.families and (its is None or its.enabled)
        since = (since or pack.effective) if enforced else None
    return {
        "enabled": change.enabled if change else True,
        "severity": ((change.severity if change else None) or rule.severity).value,
        "reason": change.reason if change else None,
        "since": since.isoformat() if since else None,
        "edition": f"{newest.name}@{newest.effective:%Y-%m}",
        "file": f"{document.path}:{document.line(('rules', rule.id) if change else ('families',))}",
        "extends": newest.extends,
    }
