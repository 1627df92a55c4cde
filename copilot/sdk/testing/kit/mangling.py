"""Deliveries that nobody would send: values of other types, and bodies made to hurt. The same ones in every run."""

import copy
import itertools
import json
import random
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from copilot.sdk.inbound import LARGEST_DELIVERY

_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**53 + 1, 2**63, 10**400, 1.5, "", " ", "x", "-1", "null", "\x00", "\ud800", "9" * 5000,
    "2026-11-20", [], [[]], [None], {}, {"": ""}, {"id": {}}, "{", '{"a":1}', "[]", "\u202e", "e" * 3000,
)  # fmt: skip

_MOST_PLACES: Final = 60
_OTHERS: Final[tuple[Any, ...]] = (None, 7, True, [], {"a": 1}, "x")


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value within ``value`` that holds no other, key by key."""
    inner = _within(value)
    for key, one in inner:
        yield from places(one, (*at, key)) if isinstance(one, dict | list) and one else ((*at, key),)


def _within(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return cast("dict[Any, Any]", value).items()
    return enumerate(cast("list[Any]", value)) if isinstance(value, list) else ()


def replaced(whole: Any, place: tuple[Any, ...], by: Any) -> Any:
    """``whole`` with another value at ``place``; it stays as it is, and what is not on the way there is shared."""
    if not place:
        return by
    changed = copy.copy(whole)
    changed[place[0]] = replaced(whole[place[0]], place[1:], by)
    return changed


def mangled(body: bytes, number: int, seed: str) -> Iterator[bytes]:
    """Bodies like ``body`` with something wrong: each value replaced by one of each type, then ``number`` by chance.

    JSON within text is changed inside as well.
    """
    chance = random.Random(seed)
    try:
        whole = json.loads(body)
    except ValueError:
        whole = None
    for place in itertools.islice(places(whole), _MOST_PLACES):
        for other in _OTHERS:
            yield json.dumps(replaced(whole, place, other)).encode("utf-8", "surrogatepass")
    for _ in range(number):
        if whole is None or chance.random() < 0.1:
            yield _torn(body, chance)
        else:
            yield json.dumps(_changed(copy.deepcopy(whole), chance)).encode("utf-8", "surrogatepass")


def _torn(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return chance.choice((body[:at], body[at:], body[:at] + bytes([chance.randrange(256)]) + body[at:], body * 2))


def _changed(value: Any, chance: random.Random) -> Any:
    """``value`` with one to three of its places changed."""
    for _ in range(chance.randint(1, 3)):
        value = _one(value, chance, 0)
    return value


def _one(value: Any, chance: random.Random, depth: int) -> Any:
    if isinstance(value, str) and chance.random() < 0.7:
        inner = _inner(value)
        if inner is not None:
            return json.dumps(_one(inner, chance, depth + 1))
    keys = [key for key, _ in _within(value)]
    if not keys or (depth and chance.random() < 0.15):
        # A copy: what is changed later must not be changed in the table.
        return copy.deepcopy(chance.choice(_VALUES))
    key = chance.choice(keys)
    whole: Any = value
    if chance.random() < 0.15:
        del whole[key]
    else:
        whole[key] = _one(whole[key], chance, depth + 1)
    return whole


def _inner(text: str) -> Any:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if [*_within(found)] else None


def hostile(body: bytes, largest: int = LARGEST_DELIVERY) -> Iterator[tuple[str, bytes]]:
    """Bodies made to hurt, each with its name; three of them have more bytes than the ``largest`` delivery."""
    many = max(5_000_000, largest + 1)
    yield "megabytes of blanks", b" " * many
    yield "megabytes of text", b'"' + b"x" * many + b'"'
    yield "megabytes behind a delivery", body + b"\n" + b"a" * many
    yield "nested lists", b"[" * 100_000
    yield "nested objects", b'{"a":' * 100_000
    yield "a closed nest", b"[" * 50_000 + b"]" * 50_000
    yield "an endless number", body[:1] + b'"n":' + b"9" * 200_000 + b"," + body[1:]
    yield "UTF-16", body.decode("utf-8", "replace").encode("utf-16")
    yield "UTF-32", body.decode("utf-8", "replace").encode("utf-32")
    yield "half a character", body + b"\xe4\xb8"
    yield "no text", bytes(range(256)) * 16
    yield "compressed", b"\x1f\x8b\x08\x00" + b"\x00" * 1000
