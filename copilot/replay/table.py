"""Reads tables: CSV and its relatives, one message per row, whatever their encoding, row by row."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from copilot.replay.lines import MAX_LINE
from copilot.replay.mapping import RowMapping
from copilot.replay.pieces import Content, Damage, Row, Rows

ROWS = 5000
"""Rows of a piece."""
_FIELD = 1024 * 1024
"""Characters of the longest field; a quote that is never closed ends there."""
_DELIMITERS = ",;\t|"
_Read = tuple[int, Row] | Damage


class _Reader(Protocol):
    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...


def table_rows(blocks: Iterator[bytes | Damage], path: Path, mapping: RowMapping) -> Iterator[Content]:
    """The rows of the table in ``blocks``, after its header."""
    lines = _TextLines(blocks, mapping.encoding)
    first = next(lines, "")
    reader = csv.reader(_with_first(first, lines), delimiter=mapping.delimiter or _delimiter(path, first))
    # The limit belongs to the csv module as a whole; nobody else in this program reads tables.
    csv.field_size_limit(_FIELD)
    rows = _read(reader)
    places = mapping.places(None)
    if mapping.header:
        header = next(rows, None)
        if not isinstance(header, tuple):
            yield header or lines.damage or Damage(1, "empty", "holds no rows")
            return
        places = mapping.places([str(name) for name in header[1]])
    missing = mapping.missing(places)
    if missing:
        yield Damage(1, "columns", f"has no column for {', '.join(missing)}; name it in a mapping file (--map)")
        return
    yield from _pieces(rows, lines, places)


def _pieces(rows: Iterator[_Read], lines: "_TextLines", places: dict[str, int]) -> Iterator[Content]:
    kept, numbers = list[Row](), list[int]()
    for row in rows:
        if isinstance(row, Damage):
            if kept:
                yield Rows(kept, numbers, places)
                kept, numbers = [], []
            yield row
            continue
        numbers.append(row[0])
        kept.append(row[1])
        if len(kept) >= ROWS:
            yield Rows(kept, numbers, places)
            kept, numbers = [], []
    if kept:
        yield Rows(kept, numbers, places)
    if lines.damage is not None:
        yield lines.damage


def _read(reader: _Reader) -> Iterator[_Read]:
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Damage(line, "row", f"lines {line} to {reader.line_num} are no row: a quote that is not closed?")
            continue
        if row:
            yield line, row


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _delimiter(path: Path, first: str) -> str:
    if ".tsv" in path.suffixes:
        return "\t"
    return max(_DELIMITERS, key=lambda sign: (first.count(sign), sign == ","))


class _TextLines:
    """The lines of a text in blocks of bytes. Bytes that are no text become lone surrogates, which a worker refuses."""

    def __init__(self, blocks: Iterator[bytes | Damage], encoding: str) -> None:
        self.damage: Damage | None = None
        self._lines = self._read(blocks, encoding)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._lines)

    def _read(self, blocks: Iterator[bytes | Damage], encoding: str) -> Iterator[str]:
        decode = None
        carry, number = "", 0
        for block in blocks:
            if isinstance(block, Damage):
                self.damage = Damage(number + 1, block.kind, block.why)
                return
            decode = decode or codecs.getincrementaldecoder(_encoding(block, encoding))("surrogateescape").decode
            carry += decode(block)
            *whole, carry = carry.split("\n")
            number += len(whole)
            for line in whole:
                yield line + "\n"
            if len(carry) > MAX_LINE:
                self.damage = Damage(number + 1, "long", f"the line is longer than {MAX_LINE // 2**20} MiB")
                return
        if carry:
            yield carry


def _encoding(block: bytes, named: str) -> str:
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if codecs.lookup(named).name == "utf-8" else named
