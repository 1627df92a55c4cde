"""From rule files to a compiled pack: literals per view with all their spellings, tables and lists as plain JSON.

Everything slow (YAML, traditional forms, sounds, variants) happens here, once per content hash.
"""

import hashlib
from importlib.metadata import version
from typing import Any

from copilot.domain.errors import PolicyFileError
from copilot.policy.collector import paused
from copilot.policy.document import Document
from copilot.policy.expand import Names, variants
from copilot.policy.fold import Folder
from copilot.policy.linear import Expression
from copilot.policy.load import PolicyFolders, Sourced, rules_of
from copilot.policy.model import Contact, FoldFile, Needs, PackFile, Pattern, Require, Rule, Terms, View
from copilot.policy.surroundings import resolve
from copilot.policy.tables import Tables, clean, digits, homophones, simplified

ENGINE = "21"
"""Raise when the compiled form or what it means changes: older cache files are then left alone."""

ALLOW = -1
"""The matcher index under which a rule's allow-literals are kept."""

Literal = tuple[str, int, int]
"""A folded literal with the places of its rule in the pack and of its matcher in the rule."""


def cache_key(folders: PolicyFolders, name: str) -> str:
    """Changes with any policy file, with the libraries that tables are derived from, and with the engine."""
    return digest_key(folders.digest(), name)


def digest_key(digest: str, name: str) -> str:
    """The same of folders whose ``digest`` is known."""
    parts = (ENGINE, name, digest, version("opencc"), version("pypinyin"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def compile_pack(folders: PolicyFolders, pack: PackFile, document: Document) -> dict[str, Any]:
    """The compiled form of ``pack``; ``PolicyFileError`` names file and line of whatever cannot be used."""
    sourced = folders.rules()
    rules = rules_of(pack, document, sourced)
    return compile_rules(rules, folders.fold(), sourced)


@paused()
def compile_rules(rules: list[Rule], fold: FoldFile, sourced: dict[str, Sourced]) -> dict[str, Any]:
    """The compiled form of some rules.

    {"rules", "tables", "lists", "literals": {view: [[text, rule, matcher], …]}, "digest"}
    """
    tables = _tables(rules, fold)
    folder = Folder(tables)
    names = Names(fold.aliases, fold.splits)
    literals: dict[str, dict[Literal, None]] = {"base": {}, "compact": {}, "sound": {}}
    for at, rule in enumerate(rules):
        _check_rule(rule, fold, sourced.get(rule.id))
        for index, matcher in enumerate(rule.matchers):
            if isinstance(matcher, Terms):
                for term in matcher.terms:
                    for view, literal in variants(term, matcher.views, folder, names):
                        literals[view][literal, at, index] = None
        for word in rule.allow:
            for view, literal in variants(word, (View.BASE, View.COMPACT), folder, names):
                literals[view][literal, at, ALLOW] = None
    found: dict[str, list[Literal]] = {
        view: [entry for entry in entries if entry[0]] for view, entries in literals.items()
    }
    compiled: dict[str, Any] = {
        "rules": [rule.model_dump(mode="json", exclude={"cases"}) for rule in rules],
        "tables": tables.plain(),
        "lists": {name: list(words) for name, words in fold.lists.items()},
        "literals": {view: [list(entry) for entry in entries] for view, entries in found.items()},
    }
    return {**compiled, "digest": hashlib.sha256(repr(compiled).encode()).hexdigest()}


def _tables(rules: list[Rule], fold: FoldFile) -> Tables:
    simple = simplified()
    sounding = {
        character
        for rule in rules
        for matcher in rule.matchers
        if isinstance(matcher, Terms) and View.HOMOPHONE in matcher.views
        for term in matcher.terms
        for character in term
    }
    return Tables(
        simplified=simple,
        looks_like=clean(fold.looks_like),
        emoji=clean(fold.emoji),
        homophones=homophones(sounding, simple, clean(fold.emoji)),
        digits=digits(fold),
    )


def _check_rule(rule: Rule, fold: FoldFile, source: Sourced | None) -> None:
    def place(*loc: str | int) -> str:
        return f"{source.document.path}:{source.document.line(loc)}" if source else rule.id

    resolve(rule.unless_before, fold.lists, place("unless_before"))
    resolve(rule.unless_after, fold.lists, place("unless_after"))
    for index, matcher in enumerate(rule.matchers):
        here = place("matchers", index)
        _check_needs(matcher.needs, fold, here)
        if isinstance(matcher, Pattern | Require):
            for number, pattern in enumerate(matcher.patterns):
                Expression(pattern, place("matchers", index, "patterns", number))
        if isinstance(matcher, Contact) and matcher.needs is not None and matcher.needs.handle:
            raise PolicyFileError(f"{here}: a contact matcher cannot need a handle", remedy="remove needs.handle")


def _check_needs(needs: Needs | None, fold: FoldFile, place: str) -> None:
    if needs is not None:
        for words in (needs.words, needs.before, needs.after):
            resolve(words, fold.lists, place)
