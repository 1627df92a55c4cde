"""Masking: every recognised place becomes a placeholder that can be put back."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from copilot.policy.fold import Folded
from copilot.policy.privacy.apart import Apart
from copilot.policy.privacy.find import Find, Hit, find
from copilot.policy.privacy.folding import folder
from copilot.policy.privacy.model import Entity, Masked

Finder = Callable[[str], Sequence[Hit]]
"""A user's own recognisers: the original text in, (type, start, end) in code points of it out."""

# What a number is weighs more than how long it is; words give way to numbers.
_RANK = {
    "id_card": 0,
    "email": 1,
    "bank_card": 2,
    "passport": 3,
    "phone": 4,
    "landline": 5,
    "qq": 6,
    "wechat": 7,
    "handle": 8,
    "address": 9,
    "name": 10,
}
_OWN = 11
_BETWEEN = re.compile(r"[\s,，、;；.]{0,3}")
_LONG = frozenset({"address"})


def mask(text: str, market: str | None = None, keep: Collection[str] = (), own: Finder | None = None) -> Masked:
    """``text`` with typed placeholders for personal data.

    ``market`` ("cn", "us", "uk", "sea" …) picks the phone formats; words in ``keep`` (order ids that are known) stay;
    ``own`` adds a user's recognisers (``engine.custom``). The same words get the same placeholder, so that a reader
    still sees that they are the same.
    """
    found = entities(text, market, own)
    if not found:
        return Masked(text)
    kept = frozenset(keep)
    return _replace(text, [one for one in found if text[one.start : one.end] not in kept])


def mask_many(texts: Iterable[str], market: str | None = None) -> list[Masked]:
    """One masked text per text, the same as ``mask`` gives."""
    return [mask(text, market) for text in texts]


def entities(
    text: str, market: str | None = None, own: Finder | None = None, look: Find = find, folded: Folded | None = None
) -> list[Entity]:
    """The places with personal data in ``text``, in order and apart; ``look`` finds them.

    ``folded`` is ``text`` as ``folding.folder`` folds it, if at hand.
    """
    folded = folder().fold(text) if folded is None else folded
    hits = [(kind, *folded.origin(start, end)) for kind, start, end in look(folded.base, market)]
    if own is not None:
        hits += own(text)
    return _joined(text, [Entity(*hit) for hit in apart(hits)]) if hits else []


def apart(hits: Iterable[Hit]) -> list[Hit]:
    """``hits`` without overlaps, in order: the weightier type wins, then the earlier, then the longer one.

    An address keeps what a number inside it leaves, the longer side.
    """
    chosen: list[Hit] = []
    taken = Apart()
    for kind, start, end in sorted(hits, key=lambda h: (_RANK.get(h[0], _OWN), h[1], -h[2])):
        rivals = taken.rivals(start, end)
        if rivals and kind in _LONG:
            left, right = (start, rivals[0][0]), (rivals[-1][1], end)
            start, end = max(left, right, key=lambda side: side[1] - side[0])
            rivals = [] if end - start >= 4 else rivals
        if not rivals:
            taken.add(start, end)
            chosen.append((kind, start, end))
    return sorted(chosen, key=lambda h: h[1])


def _joined(text: str, found: list[Entity]) -> list[Entity]:
    """``found`` with the pieces of one address put together where only separators part them."""
    result: list[Entity] = []
    for one in found:
        before = result[-1] if result else None
        if before and one.type == before.type == "address" and _BETWEEN.fullmatch(text, before.end, one.start):
            result[-1] = Entity("address", before.start, one.end)
        else:
            result.append(one)
    return result


def _replace(text: str, found: list[Entity]) -> Masked:
    names: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    parts: list[str] = []
    last = 0
    for entity in found:
        words_there = text[entity.start : entity.end]
        name = names.get((entity.type, words_there))
        if name is None:
            name = names[entity.type, words_there] = next_name(entity.type, counts, text)
        parts += [text[last : entity.start], name]
        last = entity.end
    masked = "".join([*parts, text[last:]])
    return Masked(masked, tuple(found), {name: original for (_, original), name in names.items()})


def next_name(kind: str, counts: dict[str, int], text: str) -> str:
    """The next placeholder of ``kind`` that ``text`` does not hold by itself; ``counts`` is kept up to date."""
    while True:
        counts[kind] = counts.get(kind, 0) + 1
        name = f"⟨{kind}_{counts[kind]}⟩"
        if name not in text:
            return name
