"""Masking: every recognised place becomes a placeholder that can be put back."""

import re
from collections.abc import Collection

from copilot.policy.fold import Folder
from copilot.policy.privacy.digits import numbers
from copilot.policy.privacy.engine import regions
from copilot.policy.privacy.model import Entity, Masked
from copilot.policy.privacy.words import words
from copilot.policy.tables import Tables

_FOLDER = Folder(Tables())
_MAYBE = re.compile(
    r"[\d@零一二三四五六七八九〇幺]|[a-z]{2}|[路街道巷弄号栋幢室楼]|收[货件]人|联系人|姓名|户名|名字|我叫"
)
# What a number is weighs more than how long it is.
_RANK = {
    "id_card": 0,
    "email": 1,
    "bank_card": 2,
    "phone": 3,
    "qq": 4,
    "wechat": 5,
    "handle": 6,
    "address": 7,
    "name": 8,
}


def mask(text: str, market: str | None = None, keep: Collection[str] = ()) -> Masked:
    """``text`` with typed placeholders for personal data.

    ``market`` ("cn", "us", "uk", "sea" …) picks the phone formats; words in ``keep`` (order ids that are known) stay.
    The same words get the same placeholder, so that a reader still sees that they are the same.
    """
    folded = _FOLDER.fold(text)
    if not _MAYBE.search(folded.base):
        return Masked(text)
    hits = [*numbers(folded.base, regions(market)), *words(folded.base)]
    entities = [Entity(kind, *folded.origin(start, end)) for kind, start, end in _apart(hits)]
    kept = frozenset(keep)
    return _replace(text, [entity for entity in entities if text[entity.start : entity.end] not in kept])


def _apart(hits: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    chosen: list[tuple[str, int, int]] = []
    for hit in sorted(hits, key=lambda h: (_RANK[h[0]], h[1], -h[2])):
        if all(hit[2] <= other[1] or other[2] <= hit[1] for other in chosen):
            chosen.append(hit)
    return sorted(chosen, key=lambda h: h[1])


def _replace(text: str, entities: list[Entity]) -> Masked:
    names: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    parts: list[str] = []
    last = 0
    for entity in entities:
        words_there = text[entity.start : entity.end]
        name = names.get((entity.type, words_there))
        if name is None:
            name = names[entity.type, words_there] = _next_name(entity.type, counts, text)
        parts += [text[last : entity.start], name]
        last = entity.end
    masked = "".join([*parts, text[last:]])
    return Masked(masked, tuple(entities), {name: original for (_, original), name in names.items()})


def _next_name(kind: str, counts: dict[str, int], text: str) -> str:
    while True:
        counts[kind] = counts.get(kind, 0) + 1
        name = f"⟨{kind}_{counts[kind]}⟩"
        if name not in text:
            return name
