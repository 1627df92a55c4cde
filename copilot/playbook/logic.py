"""What one condition says about another, by their text alone: implied, excluded, constant.

Owns a small algebra over CEL's ``&&``, ``||`` and ``!`` for lint; it proves or stays silent, and never guesses.
"""

import re
from collections.abc import Iterator

_COMPARED = re.compile(r"^(?P<left>[\w.]+)\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<right>'[^']*'|[\w.]+)$")
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
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
    return all(any(way <= one for way in ways) for one in alternatives(left))


def excludes(left: str, right: str) -> bool:
    """Whether both can never be true together: each pair of ways contradicts itself in some term."""
    return all(
        any(_against(one, other) for one in first for other in second)
        for first in alternatives(left)
        for second in alternatives(right)
    )


def _against(one: str, other: str) -> bool:
    if "false" in (one, other) or one == f"!{other}" or other == f"!{one}":
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
