"""One pass over each view of a text for the literals of all rules.

Finds candidates and leads them back to the base view; whether one is a violation is decided in ``judge``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from copilot.policy.fold import Folded

_PUNCTUATION_GAP = re.compile(r"\s*[,。!?;:、\n.]\s*")


Owner = tuple[int, int]
"""The places of a rule in its pack and of a matcher in the rule."""
Span = tuple[int, int]


class Scanner:
    """The literals of a pack, one automaton per view."""

    def __init__(self, literals: dict[str, list[list[str | int]]]) -> None:
        """``literals`` maps a view to [text, rule, matcher] entries."""
        self._views = [
            view for name in ("base", "compact", "sound") if (view := _View.of(name, literals.get(name, [])))
        ]
        self._sound = next((view for view in self._views if view.name == "sound"), None)
        self._where: dict[Owner, tuple[_View, ...]] = {}
        for view in self._views:
            for owner in {owner for owners in view.owners for owner in owners}:
                self._where[owner] = (*self._where.get(owner, ()), view)

    def look(self, folded: Folded) -> "Look":
        """The literals of one text, view by view as somebody asks."""
        return Look(folded, self._where)

    def heard(self, folded: Folded) -> "set[Owner]":
        """The matchers of which a literal stands in the view by sound."""
        if self._sound is None or folded.original.isascii():
            return set()
        owners = self._sound.owners
        hits = self._sound.automaton.find_matches_as_indexes(folded.sound, overlapping=True)
        return {owner for literal, _, _ in hits for owner in owners[literal]}


class Look:
    """What literals stand in one text; a view is looked at once, and only for a matcher that has literals there."""

    __slots__ = ("_folded", "_hits", "_where")

    def __init__(self, folded: Folded, where: "Mapping[Owner, tuple[_View, ...]]") -> None:
        """``where`` gives the views that hold literals of a matcher."""
        self._folded = folded
        self._where = where
        self._hits: dict[str, list[tuple[int, int, int]]] = {}

    def candidates(self, rule: int, matcher: int) -> list[Span]:
        """Where literals of the matcher stand, in every view, as spans of the base view; overlapping ones included."""
        owner = (rule, matcher)
        found: list[Span] = []
        for view in self._where.get(owner, ()):
            hits = self._hits.get(view.name)
            if hits is None:
                hits = self._hits[view.name] = view.hits(self._folded)
            if hits:
                found += view.spans(self._folded, owner, hits)
        return found


Leads = Callable[[int, int], Span]


class _View:
    def __init__(self, name: str, entries: list[list[str | int]]) -> None:
        self.name = name
        found: dict[str, tuple[Owner, ...]] = {}
        # Tens of thousands of literals belong to a few hundred matchers: they share what says so.
        known: dict[tuple[Owner, ...], tuple[Owner, ...]] = {}
        for text, rule, matcher in entries:
            literal = str(text)
            owners = (*found.get(literal, ()), (int(rule), int(matcher)))
            found[literal] = known.setdefault(owners, owners)
        self.owners = list(found.values())
        self.automaton = AhoCorasick(found)

    @classmethod
    def of(cls, name: str, entries: list[list[str | int]]) -> "_View | None":
        return cls(name, entries) if entries else None

    def hits(self, folded: Folded) -> list[tuple[int, int, int]]:
        """The number of each literal in this view of a text, and where it stands there."""
        text = folded.base if self.name == "base" else getattr(folded, self.name)
        return self.automaton.find_matches_as_indexes(text, overlapping=True)

    def spans(self, folded: Folded, owner: Owner, hits: Iterable[tuple[int, int, int]]) -> Iterator[Span]:
        """Those of ``hits`` that are a literal of ``owner`` by itself, as spans of the base view."""
        owners, base, gaps = self.owners, folded.base, self.name != "base"
        lead: Leads | None = None
        for literal, start, end in hits:
            if owner in owners[literal]:
                lead = lead or self._lead(folded)
                span = lead(start, end)
                if _whole(base, *span, gaps=gaps):
                    yield span

    def _lead(self, folded: Folded) -> Leads:
        return {"base": _same, "compact": folded.from_compact, "sound": folded.from_sound}[self.name]


def _same(start: int, end: int) -> tuple[int, int]:
    return start, end


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _whole(base: str, start: int, end: int, *, gaps: bool) -> bool:
    """Whether a match does not cut a Latin word or number and does not join words that stand apart by themselves."""
    if start and _continues(base[start - 1], base[start]):
        return False
    if end < len(base) and _continues(base[end - 1], base[end]):
        return False
    return not gaps or _one_piece(base, start, end)


def _continues(left: str, right: str) -> bool:
    return (_latin(left) and _latin(right)) or (left.isdecimal() and right.isdecimal())


def _one_piece(base: str, start: int, end: int) -> bool:
    """A single break at a word's or clause's end is how people write; several breaks, or odd ones, hide something."""
    found = list(re.finditer(r"[^\w]+|_+", base[start:end]))
    if len(found) != 1:
        return True
    gap = found[0]
    left, right = base[start + gap.start() - 1], base[start + gap.end()]
    if _latin(left) and _latin(right):
        return bool(gap.group().strip())
    return not _PUNCTUATION_GAP.fullmatch(gap.group())
