"""The conversations of archives, one after the other, for drafting: the same files that a replay judges.

What cannot be read is passed over here: the replay has listed it. Rows of a table belong together while they name the
same conversation.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zlib import crc32

from copilot.replay.archives import Archive
from copilot.replay.cutting import pieces
from copilot.replay.drafts.work import Found
from copilot.replay.lines import MAX_LINE
from copilot.replay.mapping import FIELDS, RowMapping
from copilot.replay.pieces import Items, Lines, Row, Rows


@dataclass(frozen=True)
class Reading:
    """What to read: ``shard`` (k, n) takes the k-th of n parts, as the replay of those archives does."""

    archives: Sequence[Archive]
    mapping: RowMapping
    shard: tuple[int, int] | None = None

    @property
    def identity(self) -> list[object]:
        """What must be the same for the same conversations to come in the same order."""
        return [[archive.identity for archive in self.archives], self.mapping.model_dump(mode="json"), self.shard]

    def conversations(self) -> Iterator[Found]:
        """Every conversation of this part, in the order of the archives."""
        for number, archive in enumerate(self.archives):
            for found in self._of(number, archive):
                if self._mine(found.value.get("id")):
                    yield found

    def _of(self, number: int, archive: Archive) -> Iterator[Found]:
        table = _Table(archive.name, self.mapping)
        for piece in pieces(number, archive, self.mapping):
            content = piece.content
            if isinstance(content, Lines):
                yield from _items(archive.name, content.numbered(archive.path))
            elif isinstance(content, Items):
                yield from _items(archive.name, zip(content.lines, content.items, strict=True))
            elif isinstance(content, Rows):
                yield from table.feed(content)
        yield from table.end()

    def _mine(self, name: Any) -> bool:
        if self.shard is None:
            return True
        k, n = self.shard
        return crc32(str(name).encode("utf-8", "replace")) % n == k - 1


def _items(archive: str, items: Iterable[tuple[int, bytes]]) -> Iterator[Found]:
    for number, raw in items:
        value = _parsed(raw) if len(raw) <= MAX_LINE else None
        if value is not None:
            yield Found(archive, number, value)


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        value: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


class _Table:
    """Rows on their way to conversations; ``archive`` names those of a table without a column for them."""

    def __init__(self, archive: str, mapping: RowMapping) -> None:
        self._archive, self._mapping = archive, mapping
        self._name = ""
        self._first = 0
        self._messages: list[dict[str, Any]] = []
        self._shop = ""

    def feed(self, content: Rows) -> Iterator[Found]:
        for line, row in zip(content.lines, content.rows, strict=True):
            cells = {field: self._cell(field, row, content.places) for field in FIELDS}
            name = str(cells["conversation"] or f"{self._archive}:{line}")
            if name != self._name:
                yield from self.end()
                self._name, self._first, self._shop = name, line, str(cells["shop"] or "")
            self._messages.append(
                {
                    **{field: cells[field] for field in ("text", "sent_at", "agent", "kind", "sent_by")},
                    "id": cells["message"],
                    "role": self._mapping.role(str(cells["role"] or "")),
                    "recalled_at": cells["recalled_at"],
                }
            )

    def end(self) -> Iterator[Found]:
        if self._messages:
            value = {"id": self._name, "shop": self._shop, "messages": self._messages}
            yield Found(self._archive, self._first, value, rows=True)
        self._messages, self._name = [], ""

    def _cell(self, field: str, row: Row, places: dict[str, int]) -> object:
        at = places.get(field, -1)
        return row[at] if 0 <= at < len(row) else self._mapping.constants.get(cast(Any, field))
