"""What a thing that a shop knows must hold beside its shape: times in their order, texts that can be stored.

The same for files, commands and requests. It names fields, never what stands in them.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

from pydantic import ValidationError

from copilot.domain.auto import AutoReply
from copilot.domain.base import Shape
from copilot.domain.knowledge import Phrase, ProductFact
from copilot.domain.order import Product

_ORDER: Final = (("valid_from", "valid_to"), ("since", "until"), ("starts_at", "ends_at"))
_LONGEST: Final = 10_000
_SHORT: Final = {"id": 200, "language": 20, "product": 200, "key": 200, "title": 200}
_MOST: Final = 200
_TOLD: Final = {
    "name": "the name is a text",
    "status": 'the status is a text, such as "live" or "off_shelf"',
    "price": 'the price is written {"amount":"19.90","currency":"USD"}',
    "stock": "the stock is a whole number",
}
_SLOT: Final = re.compile(r"\{[^{}]*\}")


def problem_of(thing: Shape) -> str | None:
    """What is wrong with ``thing``, with the remedy; None when nothing is."""
    data = thing.model_dump()
    for begin, end in _ORDER:
        first, last = data.get(begin), data.get(end)
        if isinstance(first, datetime) and isinstance(last, datetime) and last <= first:
            return f"{end}: is not after {begin}; swap them or leave one out"
    for name, value in data.items():
        why = _unfit(name, value)
        if why is not None:
            return f"{name}: {why}"
    for name in ("question", "answer", "key", "language", "title", "text"):
        if isinstance(data.get(name), str) and not data[name].strip():
            return f"{name}: must not be empty"
    if isinstance(thing, ProductFact) and (why := _untold(thing)) is not None:
        return why
    if isinstance(thing, AutoReply) and thing.fault is not None:
        return thing.fault
    if isinstance(thing, Phrase) and re.search(r"[{}]", _SLOT.sub("", thing.text)):
        return "text: has a brace that is not closed; write {name}"
    return None


def _untold(fact: ProductFact) -> str | None:
    """Why ``fact`` cannot be what a platform would tell of a product under this key."""
    if fact.key not in _TOLD:
        return None
    given = {"id": "x", "name": "x", fact.key: fact.value}
    try:
        Product.model_validate(given)
    except ValidationError:
        return f"value: {_TOLD[fact.key]}"
    return None


def _unfit(name: str, value: Any) -> str | None:
    longest = _SHORT.get(name, _LONGEST)
    if isinstance(value, tuple | list) and len(cast("tuple[Any, ...]", value)) > _MOST:
        return f"has more than {_MOST} parts; split it"
    for text in _texts(value):
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return "holds characters that no text has; take them out"
        if len(text) > longest:
            return f"is longer than {longest} characters; shorten it"
    return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in cast("dict[Any, Any]", value).items():
            yield from _texts(key)
            yield from _texts(one)
    elif isinstance(value, tuple | list):
        for one in cast("list[Any]", value):
            yield from _texts(one)
