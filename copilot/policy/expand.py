"""Spelling variants of a term, made when a pack is compiled: they multiply terms, which costs nothing at scan time."""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from copilot.policy.fold import Folder
from copilot.policy.model import View

_MOST_SPLITS = 64


def variants(term: str, views: tuple[View, ...], folder: Folder, names: "Names") -> Iterator[tuple[str, str]]:
    """Pairs (scan view, folded literal) for ``term``; scan views are "base", "compact" and "sound"."""
    base = folder.term(term)
    compact = folder.term(term, compact=True)
    yield "base", base
    if View.COMPACT in views and compact:
        yield "compact", compact
    if View.HOMOPHONE in views:
        yield "sound", folder.term(term, sound=True)
    if View.ALIAS in views:
        for view, literal in _aliases(base, folder, names.aliases):
            yield view, literal
            if View.SPLIT in views and view == "compact":
                yield from _splits(literal, folder, names.splits)
    if View.SPLIT in views:
        yield from _splits(compact, folder, names.splits)


class Names:
    """Aliases and written-apart forms, folded."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]], splits: Mapping[str, tuple[str, ...]]) -> None:
        """As the fold files give them."""
        self.aliases = aliases
        self.splits = splits


def _aliases(base: str, folder: Folder, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for word, others in aliases.items():
        if word not in base:
            continue
        for other in others:
            literal = folder.term(base.replace(word, other))
            yield "base", literal
            compact = folder.term(literal, compact=True)
            if compact == literal:
                yield "compact", compact


def _splits(compact: str, folder: Folder, splits: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    forms = [(character, *splits.get(character, ())) for character in compact]
    for parts in islice(product(*forms), 1, _MOST_SPLITS):
        yield "compact", folder.term("".join(parts), compact=True)
