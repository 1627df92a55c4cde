"""Conditions taken apart: each way to be true as a set of literals, in one spelling whatever the author wrote.

Owns the reading of CEL's ``&&``, ``||``, ``!``, ``? :`` and comparisons for lint; what it cannot read is one opaque
literal, which only its own opposite contradicts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

_PATH = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)*")
_HAS = re.compile(rf"has\s*\(\s*({_PATH.pattern})\s*\)")
_TEXT = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WHOLE = re.compile(r"\d+")
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_CONSTANT = {"true": True, "false": False}
_MOST_WAYS = 256


@dataclass(frozen=True)
class Known:
    """Whether a fact is known: ``has(path)``."""

    path: str
    yes: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """The facts that are known wherever this holds: whoever looks for a part knows the whole."""
        parts = self.path.split(".")
        whole = (".".join(parts[:2]),) if len(parts) > 2 else ()
        return (*whole, self.path) if self.yes else whole


@dataclass(frozen=True)
class Flag:
    """A fact that is true, or false."""

    path: str
    yes: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """The facts that are known wherever this holds."""
        return (self.path,)


@dataclass(frozen=True)
class Among:
    """A fact that is one of ``words``, or none of them."""

    path: str
    words: frozenset[str]
    yes: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """The facts that are known wherever this holds."""
        return (self.path,)


@dataclass(frozen=True)
class Apart:
    """A comparison of two facts, or of one with nought: ``left - right`` ``sign`` ``by``."""

    left: str
    right: str
    sign: str
    by: Fraction

    @property
    def paths(self) -> tuple[str, ...]:
        """The facts that are known wherever this holds."""
        return tuple(one for one in (self.left, self.right) if one)


@dataclass(frozen=True)
class Opaque:
    """A condition that is not taken apart."""

    text: str
    yes: bool = True

    @property
    def name(self) -> str:
        """Stands for all the facts that it names, as no path can."""
        return f"({self.text})"

    @property
    def paths(self) -> tuple[str, ...]:
        """What is known wherever this holds."""
        return (self.name,)


Literal = Known | Flag | Among | Apart | Opaque
Way = frozenset[Literal]
"""Literals that hold together."""
_ALWAYS: tuple[Way, ...] = (frozenset(),)


@lru_cache(maxsize=16384)
def opposite(literal: Literal) -> Literal:
    """What is true where ``literal`` is false; where it is unknown neither is."""
    if isinstance(literal, Apart):
        return replace(literal, sign=_OPPOSITE[literal.sign])
    return replace(literal, yes=not literal.yes)


@lru_cache(maxsize=4096)
def ways_of(source: str, *, yes: bool = True) -> tuple[Way, ...]:
    """The ways in which ``source`` is true (or false, without ``yes``); none where it never is."""
    text = _bare(source)
    condition = _ternary(text)
    if condition is not None:
        asked, then, other = condition
        first = _both(ways_of(asked), ways_of(then, yes=yes), text, yes=yes)
        return _either((first, _both(ways_of(asked, yes=False), ways_of(other, yes=yes), text, yes=yes)))
    for mark, joined in (("||", yes), ("&&", not yes)):
        parts = _split(text, mark)
        if len(parts) > 1:
            found = [ways_of(part, yes=yes) for part in parts]
            if joined:
                return _either(found)
            ways = _ALWAYS
            for one in found:
                ways = _both(ways, one, text, yes=yes)
            return ways
    if text.startswith("!") and not text.startswith("!="):
        return ways_of(text[1:], yes=not yes)
    return _atom(text, yes=yes)


def _either(found: tuple[tuple[Way, ...], ...] | list[tuple[Way, ...]]) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(way for ways in found for way in ways))


def _both(left: tuple[Way, ...], right: tuple[Way, ...], text: str, *, yes: bool) -> tuple[Way, ...]:
    if len(left) * len(right) > _MOST_WAYS:
        return (frozenset({Opaque(_spelled(text), yes)}),)
    return tuple(dict.fromkeys(one | other for one in left for other in right))


def _atom(text: str, *, yes: bool) -> tuple[Way, ...]:
    if text in _CONSTANT:
        return _ALWAYS if _CONSTANT[text] is yes else ()
    if match := _HAS.fullmatch(text):
        return (frozenset({Known(match[1], yes)}),)
    if _PATH.fullmatch(text):
        return (frozenset({Flag(text, yes)}),)
    compared = _compared(text)
    found = _membership(text) if compared is None else _comparison(*compared)
    if found is None:
        return (frozenset({Opaque(_spelled(text), yes)}),)
    if isinstance(found, bool):
        return _ALWAYS if found is yes else ()
    if yes:
        return tuple(frozenset({one}) for one in found)
    return (frozenset(opposite(one) for one in found),)


def _membership(text: str) -> tuple[Literal, ...] | None:
    """``x in [...]`` as what of it makes it true."""
    match = re.fullmatch(rf"({_PATH.pattern})\s+in\s+\[(.*)\]", text)
    if match is None:
        return None
    items = [one.strip() for one in _split(match[2], ",")]
    words = [_TEXT.fullmatch(one) for one in items]
    if all(words):
        return (Among(match[1], frozenset(_word(one) for one in words if one)),)
    if all(_NUMBER.fullmatch(one) for one in items):
        return tuple(Apart(match[1], "", "==", Fraction(one)) for one in items)
    return None


def _word(match: re.Match[str]) -> str:
    return match[1] if match[1] is not None else match[2]


def _comparison(left: str, sign: str, right: str) -> tuple[Literal, ...] | bool | None:
    if not _PATH.fullmatch(left) or left in _CONSTANT:
        left, sign, right = right, _MIRRORED[sign], left
    is_path = _PATH.fullmatch(left) is not None and left not in _CONSTANT
    if sign in ("==", "!=") and is_path:
        if right in _CONSTANT:
            return (Flag(left, _CONSTANT[right] is (sign == "==")),)
        if match := _TEXT.fullmatch(right):
            return (Among(left, frozenset({_word(match)}), sign == "=="),)
        if _NUMBER.fullmatch(right):
            return (Apart(left, "", sign, Fraction(right)),)
    if is_path and _NUMBER.fullmatch(right):
        return (Apart(left, "", sign, Fraction(right)),)
    first, second = _sum(left), _sum(right)
    if first is None or second is None:
        # One spelling, so that the opposite is seen as such.
        if sign in (">", "<="):
            left, right, sign = right, left, _MIRRORED[sign]
        positive = {"!=": "==", ">=": "<"}.get(sign, sign)
        return (Opaque(f"{_spelled(left)} {positive} {_spelled(right)}", positive == sign),)
    return _difference(first, sign, second)


def _difference(first: dict[str, int], sign: str, second: dict[str, int]) -> tuple[Literal, ...] | bool | None:
    counts = {name: first.get(name, 0) - second.get(name, 0) for name in {*first, *second}}
    by = Fraction(-counts.pop("", 0))
    ups = sorted(name for name, count in counts.items() if count == 1)
    downs = sorted(name for name, count in counts.items() if count == -1)
    if len(ups) > 1 or len(downs) > 1 or any(abs(count) > 1 or count == 0 for count in counts.values()):
        return None
    left, right = (*ups, "")[0], (*downs, "")[0]
    if not left and not right:
        nought = Fraction(0)
        return {"==": nought == by, "!=": nought != by, "<": nought < by, ">": nought > by}.get(
            sign, nought <= by if sign == "<=" else nought >= by
        )
    # One order of the two names, so that opposites look alike.
    if not left or (right and right < left):
        return (Apart(right, left, _MIRRORED[sign], -by),)
    return (Apart(left, right, sign, by),)


def _sum(text: str) -> dict[str, int] | None:
    """``text`` as how often it adds each name (and "" for the number); None where it is no such sum."""
    found: dict[str, int] = {}
    signs = [(at, sign) for at, sign in _signs(text) if sign in "+-"]
    starts = [(-1, "+"), *signs] if not (signs and signs[0][0] == 0) else signs
    for (at, sign), end in zip(starts, [*(at for at, _ in starts[1:]), len(text)], strict=True):
        term, count = text[at + 1 : end].strip(), 1 if sign == "+" else -1
        if _WHOLE.fullmatch(term):
            found[""] = found.get("", 0) + count * int(term)
        elif _PATH.fullmatch(term) and term not in _CONSTANT:
            found[term] = found.get(term, 0) + count
        else:
            return None
    return found


def _compared(text: str) -> tuple[str, str, str] | None:
    depth = 0
    for at, sign in _signs(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if depth == 0 and sign in "=!<>":
            mark = next((one for one in _COMPARISONS if text.startswith(one, at)), None)
            if mark is not None:
                return text[:at].strip(), mark, text[at + len(mark) :].strip()
    return None


def _ternary(text: str) -> tuple[str, str, str] | None:
    asked, *rest = _split(text, "?", most=1)
    if not rest:
        return None
    depth = inner = 0
    for at, sign in _signs(rest[0]):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if depth == 0 and sign == "?":
            inner += 1
        elif depth == 0 and sign == ":":
            if not inner:
                return asked, rest[0][:at], rest[0][at + 1 :]
            inner -= 1
    return None


def _spelled(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def _bare(text: str) -> str:
    """``text`` without parentheses around all of it."""
    plain = text.strip()
    while plain.startswith("(") and _closing(plain) == len(plain) - 1:
        plain = plain[1:-1].strip()
    return plain


def _closing(text: str) -> int:
    depth = 0
    for at, sign in _signs(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return at
    return -1


def _split(text: str, mark: str, most: int = -1) -> list[str]:
    """The parts of ``text`` between ``mark`` outside brackets and quotes, cut ``most`` times at most."""
    found: list[str] = []
    depth = start = 0
    for at, sign in _signs(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if depth == 0 and at >= start and text.startswith(mark, at) and len(found) != most:
            found.append(text[start:at])
            start = at + len(mark)
    return [*found, text[start:]]


def _signs(text: str) -> Iterator[tuple[int, str]]:
    """Every sign outside quotes, with its place."""
    quote = ""
    escaped = False
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote and not escaped else quote
            escaped = sign == "\\" and not escaped
        elif sign in "'\"":
            quote = sign
        else:
            yield at, sign
