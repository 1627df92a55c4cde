"""One pass over each view of a text for the literals of all rules.

Finds candidates and leads them back to the base view; whether one is a violation is decided in ``judge``.
"""

import re
from collections.abc import Callable, Iterable
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


class Scanner:
    """The literals of a pack, one automaton per view."""

    def __init__(self, literals: dict[str, list[list[str | int]]]) -> None:
        """``literals`` maps a view to [text, rule, matcher] entries."""
        self._views = [
            view for name in ("base", "compact", "sound") if (view := _View.of(name, literals.get(name, [])))
        ]

    def candidates(self, folded: Folded) -> list[Candidate]:
        """Every literal in every view, overlapping ones included."""
        return [candidate for view in self._views for candidate in view.candidates(folded)]


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

    def candidates(self, folded: Folded) -> Iterable[Candidate]:
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
