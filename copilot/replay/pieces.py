"""The shapes that travel from the reader of archives to the workers."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Damage:
    """A place that cannot be read: its ``line`` (0: the file), the kind of problem in one word, and words for people.

    The words name the problem, never what stands there.
    """

    line: int
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of JSON, from line ``first`` on: as bytes, or as a range of a plain file that the worker reads."""

    first: int
    data: bytes | None = None
    offset: int = 0
    length: int = 0

    def numbered(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The lines that are not blank, each with its number; ``path`` is the plain file."""
        data = self.data
        if data is None:
            with path.open("rb") as file:
                file.seek(self.offset)
                data = file.read(self.length)
        if self.first == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        for number, raw in enumerate(data.split(b"\n"), self.first):
            if raw and not raw.isspace():
                yield number, raw


@dataclass(frozen=True, slots=True)
class Items:
    """JSON objects, each with its number in the file (from 1), which stands for its line."""

    items: list[bytes]
    lines: list[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table, each with its line; ``places`` says at which place of a row a field stands.

    ``damages`` are the lines among them that are no rows.
    """

    rows: list[Row]
    lines: list[int]
    places: dict[str, int] = field(default_factory=dict[str, int])
    damages: list[Damage] = field(default_factory=list[Damage])


Content = Lines | Items | Rows | Damage


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the archive with the number ``archive``; ``done`` bytes of the file have been read with it."""

    archive: int
    done: int
    content: Content
