"""Reads tables: CSV and its relatives, one message per row, whatever their encoding, row by row."""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from copilot.replay.mapping import RowMapping
from copilot.replay.pieces import Content, Damage, Row, Rows
from copilot.replay.text_lines import text_lines

ROWS = 5000
"""Rows of a piece."""
ROW_LINES = 1000
"""Lines of the longest row: a quote that is not closed by then never will be."""
_FIELD = 1024 * 1024
"""Characters of the longest field."""
_DELIMITERS = ",;\t|"
_LONG = f"is no row: a field is longer than {_FIELD:,} characters, or a line ends in the middle of it"
_OPEN = f"a quote that opens here is not closed, or closes in the middle of a field, or after {ROW_LINES:,} lines"
_Read = tuple[int, Row] | Damage


def table_rows(blocks: Iterator[bytes | Damage], path: Path, mapping: RowMapping) -> Iterator[Content]:
    """The rows of the table in ``blocks``, after its header."""
    lines = _Lines(text_lines(blocks, mapping.encoding))
    # The limit belongs to the csv module as a whole; nobody else in this program reads tables.
    csv.field_size_limit(_FIELD)
    rows = _read(lines, mapping.delimiter or _delimiter(path, lines.first()))
    places = mapping.places(None)
    if mapping.header:
        header = next(rows, None)
        if not isinstance(header, tuple):
            why = "a table is not read without its header"
            yield Damage(header.line, header.kind, f"{header.why}; {why}") if header else Damage(1, "empty", "is blank")
            return
        places = mapping.places([str(name) for name in header[1]])
    missing = mapping.missing(places)
    if missing:
        yield Damage(1, "columns", f"has no column for {', '.join(missing)}; name it in a mapping file (--map)")
        return
    yield from _pieces(rows, places)


def _pieces(rows: Iterator[_Read], places: dict[str, int]) -> Iterator[Rows]:
    piece = Rows([], [], places)
    for row in rows:
        if isinstance(row, Damage):
            piece.damages.append(row)
        else:
            piece.lines.append(row[0])
            piece.rows.append(row[1])
        if len(piece.rows) + len(piece.damages) >= ROWS:
            yield piece
            piece = Rows([], [], places)
    if piece.rows or piece.damages:
        yield piece


def _read(lines: "_Lines", delimiter: str) -> Iterator[_Read]:
    """Rows with the lines where they begin. Of one that is none, only the first line is left out."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = lines.begin_row()
        try:
            row = next(reader)
        except StopIteration:
            damage = lines.damage()
            if damage is None:
                return
            yield damage
            continue
        except csv.Error:
            row = None
        spread = len(lines.taken) > 1 or lines.ended
        # A quote that somebody forgot to close ends at the next one that opens: only a strict reader tells the two.
        if row is None or (spread and not _is_row(lines.taken, delimiter)):
            yield Damage(number, "row", _OPEN if spread else _LONG)
            lines.give_back()
        elif row:
            yield number, row


def _is_row(lines: list[str], delimiter: str) -> bool:
    try:
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _delimiter(path: Path, first: str) -> str:
    if ".tsv" in path.suffixes:
        return "\t"
    return max(_DELIMITERS, key=lambda sign: (first.count(sign), sign == ","))


class _Lines:
    """Hands lines to the reader of rows, and takes back those of a row that turns out to be none.

    ``taken`` are the lines of the row being read; ``ended``: it wanted more than there are, or than a row may have.
    """

    def __init__(self, lines: Iterator[str | Damage]) -> None:
        self.taken: list[str] = []
        self.ended = False
        self._lines = lines
        self._waiting: deque[str | Damage] = deque()
        self._done = 0

    def first(self) -> str:
        """The line that comes next, or nothing."""
        self._waiting.extend(line for line in [next(self._lines, None)] if line is not None)
        return next((line for line in self._waiting if isinstance(line, str)), "")

    def begin_row(self) -> int:
        """The number of the line at which the next row begins."""
        self._done += len(self.taken)
        self.taken, self.ended = [], False
        return self._done + 1

    def damage(self) -> Damage | None:
        """What stands in the place of the next line, when it cannot be read."""
        if not self._waiting or not isinstance(self._waiting[0], Damage):
            return None
        self._done += 1
        return self._waiting.popleft()  # pyright: ignore[reportReturnType]

    def give_back(self) -> None:
        """Let all lines of the row but its first be read again."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if isinstance(line, str) and len(self.taken) < ROW_LINES:
            self.taken.append(line)
            return line
        if line is not None:
            self._waiting.appendleft(line)
        self.ended = True
        raise StopIteration
