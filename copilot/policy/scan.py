"""One pass over each view of a text for the literals of all rules.

Finds candidates and leads them back to the base view; whether one is a violation is decided in ``judge``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from copilot.policy.fold import Folded

_PUNCTUATION_GAP = re.compile(r"\s*[,。!?;:、\n.]\s*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A literal of a rule's matcher at ``start``–``end`` of the base view."""

    rule: int
    matcher: int
    start: int
    end: int


Owner = tuple[int, int]
"""The places of a rule in its pack and of a matcher in the rule."""


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

    def hears(self, folded: Folded) -> bool:
        """Whether any literal stands in the view by sound."""
        if self._sound is None or folded.original.isascii():
            return False
        return bool(self._sound.automaton.find_matches_as_indexes(folded.sound, overlapping=True))


class Look:
    """What literals stand in one text; a view is looked at once, and only for a matcher that has literals there."""

    __slots__ = ("_folded", "_found", "_where")

    def __init__(self, folded: Folded, where: "Mapping[Owner, tuple[_View, ...]]") -> None:
        """``where`` gives the views that hold literals of a matcher."""
        self._folded = folded
        self._where = where
        self._found: dict[str, dict[Owner, list[Candidate]]] = {}

    def candidates(self, rule: int, matcher: int) -> list[Candidate]:
        """Every literal of the matcher in every view, overlapping ones included."""
        owner = (rule, matcher)
        found: list[Candidate] = []
        for view in self._where.get(owner, ()):
            known = self._found.get(view.name)
            if known is None:
                known = self._found[view.name] = view.by_owner(self._folded)
            found += known.get(owner, ())
        return found


Leads = Callable[[int, int], tuple[int, int]]


class _View:
    def __init__(self, name: str, entries: list[list[str | int]]) -> None:
        self.name = name
        self.owners: list[list[tuple[int, int]]] = []
        self.texts: list[str] = []
        at: dict[str, int] = {}
        for text, rule, matcher in entries:
            literal = str(text)
            if literal not in at:
                at[literal] = len(self.texts)
                self.texts.append(literal)
                self.owners.append([])
            self.owners[at[literal]].append((int(rule), int(matcher)))
        self.automaton = AhoCorasick(self.texts)

    @classmethod
    def of(cls, name: str, entries: list[list[str | int]]) -> "_View | None":
        return cls(name, entries) if entries else None

    def by_owner(self, folded: Folded) -> dict[Owner, list[Candidate]]:
        found: dict[Owner, list[Candidate]] = {}
        for candidate in self._candidates(folded):
            found.setdefault((candidate.rule, candidate.matcher), []).append(candidate)
        return found

    def _candidates(self, folded: Folded) -> Iterable[Candidate]:
        text = folded.base if self.name == "base" else getattr(folded, self.name)
        matches = self.automaton.find_matches_as_indexes(text, overlapping=True)
        if not matches:
            return
        lead: Leads = {"base": _same, "compact": folded.from_compact, "sound": folded.from_sound}[self.name]
        for literal, start, end in matches:
            first, last = lead(start, end)
            if _whole(folded.base, first, last, gaps=self.name != "base"):
                for rule, matcher in self.owners[literal]:
                    yield Candidate(rule, matcher, first, last)


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
