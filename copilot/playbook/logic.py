"""What conditions say about each other and themselves, by their text alone: implied, excluded, impossible, covered.

Owns a small algebra over CEL's ``&&``, ``||`` and ``!`` for lint; it proves or stays silent, and never guesses.
"""

import re
from collections.abc import Iterator, Sequence

_COMPARED = re.compile(r"^(?P<left>[\w.]+)\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<right>'[^']*'|[\w.]+)$")
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# What is never unknown, so that it or its opposite is true.
_ALWAYS_KNOWN = re.compile(r"!?\(?(?:turn\.|order\.known\b|has\()")
_MOST_SPLITS = 8
_BOOLEAN = {"== true": "", "!= false": "", "== false": "!", "!= true": "!"}

Alternative = frozenset[str]
"""Terms that hold together."""


def alternatives(source: str) -> tuple[Alternative, ...]:
    """``source`` as its ways to be true, each a set of terms in one spelling."""
    parts = list(_split(_bare(source), "||"))
    if len(parts) > 1:
        return tuple(one for part in parts for one in alternatives(part))
    found: tuple[Alternative, ...] = (frozenset(),)
    for term in _split(parts[0], "&&"):
        inner = _bare(term)
        ways = alternatives(inner) if _joined(inner) else (frozenset({_term(inner)}),)
        found = tuple(left | right for left in found for right in ways)
    return found


def implies(left: str, right: str) -> bool:
    """Whether ``right`` is true wherever ``left`` is: provably, every way of ``left`` holds one of ``right``."""
    ways = alternatives(right)
    return all(any(_holds(way, one) for way in ways) for one in alternatives(left))


def excludes(left: str, right: str) -> bool:
    """Whether both can never be true together: each pair of ways contradicts itself in some term."""
    return all(_clashes(first | second) for first in alternatives(left) for second in alternatives(right))


def impossible(source: str) -> bool:
    """Whether ``source`` can never be true: each of its ways contradicts itself."""
    return all(_clashes(way) for way in alternatives(source))


def covered(source: str, others: Sequence[str]) -> bool:
    """Whether wherever ``source`` is true one of ``others`` is, though perhaps none of them alone.

    A term and its opposite cover everything only where neither can be unknown.
    """
    ways = [way for other in others for way in alternatives(other)]
    return all(_covered(way, ways, _MOST_SPLITS) for way in alternatives(source))


def _covered(known: Alternative, ways: Sequence[Alternative], splits: int) -> bool:
    if _clashes(known) or any(_holds(way, known) for way in ways):
        return True
    left = [way for way in ways if not _clashes(way | known)]
    open_terms = sorted({term for way in left for term in way if not _follows(term, known)})
    term = next((one for one in open_terms if _ALWAYS_KNOWN.match(one)), None)
    if term is None or not splits:
        return False
    both = (known | {term}, known | {_term(f"!({term})")})
    return all(_covered(side, left, splits - 1) for side in both)


def _holds(way: Alternative, known: Alternative) -> bool:
    return all(_follows(term, known) for term in way)


def _follows(term: str, known: Alternative) -> bool:
    return term in known or term == "true" or any(_stronger(one, term) for one in known)


def _stronger(one: str, other: str) -> bool:
    """Whether a comparison with a number is true wherever another one is: ``x > 7`` and ``x > 3``."""
    first, second = _numeric(one), _numeric(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    (_, sign, number), (_, than, bound) = first, second
    if sign == "==":
        return _compare(number, than, bound)
    if than in (">", ">=") and sign in (">", ">="):
        return number > bound or (number == bound and (sign == ">" or than == ">="))
    if than in ("<", "<=") and sign in ("<", "<="):
        return number < bound or (number == bound and (sign == "<" or than == "<="))
    return False


def _compare(number: float, sign: str, bound: float) -> bool:
    return {
        "==": number == bound,
        "!=": number != bound,
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
    }[sign]


def _numeric(term: str) -> tuple[str, str, float] | None:
    match = _COMPARED.match(term)
    if match is None or not _NUMBER.fullmatch(match["right"]):
        return None
    return match["left"], match["sign"], float(match["right"])


def _clashes(way: Alternative) -> bool:
    """Whether terms that should hold together cannot."""
    terms = sorted(way)
    return any(_against(one, other) for at, one in enumerate(terms) for other in terms[at:])


def _apart(one: str, other: str) -> bool:
    """Whether two comparisons with numbers leave no number: ``x < 3`` and ``x > 7``."""
    first, second = _numeric(one), _numeric(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    for (_, sign, number), (_, than, bound) in ((first, second), (second, first)):
        if sign == "==" and not _compare(number, than, bound):
            return True
        if sign in ("<", "<=") and than in (">", ">="):
            return number < bound or (number == bound and (sign, than) != ("<=", ">="))
    return False


def _against(one: str, other: str) -> bool:
    if "false" in (one, other) or one == f"!{other}" or other == f"!{one}":
        return True
    if _apart(one, other):
        return True
    first, second = _COMPARED.match(one), _COMPARED.match(other)
    if first is None or second is None or first["left"] != second["left"]:
        return False
    if first["right"] == second["right"]:
        return _OPPOSITE[first["sign"]] == second["sign"] or {first["sign"], second["sign"]} == {"<", ">"}
    # Two different words or numbers cannot both be what a name equals.
    return first["sign"] == second["sign"] == "==" and all(
        one["right"].startswith("'") or one["right"].isdigit() for one in (first, second)
    )


def _term(text: str) -> str:
    """One spelling for a term: ``x == false`` is ``!x``, blanks do not count."""
    plain = re.sub(r"\s+", " ", text.strip())
    if plain.startswith("!"):
        inner = _bare(plain[1:])
        match = _COMPARED.match(inner)
        if match is not None:
            return _term(f"{match['left']} {_OPPOSITE[match['sign']]} {match['right']}")
        return _term(inner[1:]) if inner.startswith("!") else f"!{inner}"
    match = _COMPARED.match(plain)
    if match is None:
        return plain
    sign = _BOOLEAN.get(f"{match['sign']} {match['right']}")
    return f"{sign}{match['left']}" if sign is not None else f"{match['left']} {match['sign']} {match['right']}"


def _joined(text: str) -> bool:
    return len(list(_split(text, "||"))) > 1 or len(list(_split(text, "&&"))) > 1


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


def _split(text: str, mark: str) -> Iterator[str]:
    """The parts of ``text`` between ``mark`` outside parentheses and quotes; a ternary is one part."""
    if any(sign == "?" for _, sign in _signs(text)):
        yield text
        return
    depth = start = 0
    for at, sign in _signs(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and text.startswith(mark, at):
            yield text[start:at]
            start = at + len(mark)
    yield text[start:]


def _signs(text: str) -> Iterator[tuple[int, str]]:
    quote = ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            yield at, sign
