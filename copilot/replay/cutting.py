"""Cuts archives into pieces that workers judge on their own; where the cuts fall depends on the archive alone.

Memory is bounded by a piece. Damage never stops a run: it becomes a ``Damage`` in the place where it was met.
"""

import zlib
from collections.abc import Generator, Iterator
from typing import BinaryIO, Protocol, cast

from copilot.domain.errors import BadInput
from copilot.replay.archives import Archive, Kind
from copilot.replay.export import split_export
from copilot.replay.inputs import decompressed
from copilot.replay.lines import MAX_LINE
from copilot.replay.mapping import RowMapping
from copilot.replay.parquet import parquet_rows
from copilot.replay.pieces import Content, Damage, Lines, Piece
from copilot.replay.table import table_rows

BLOCK = 2 * 1024 * 1024
"""Bytes of a piece, as far as lines allow: some ten thousand messages, of which a speaker's make a batch or two."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class _Reads(Protocol):
    def read1(self, size: int, /) -> bytes: ...


def pieces(number: int, archive: Archive, mapping: RowMapping) -> Generator[Piece]:
    """The pieces of ``archive``, which has this ``number`` in the run, in order."""
    if not archive.size:
        yield Piece(number, 0, Damage(0, "empty", "is empty"))
        return
    try:
        with archive.path.open("rb") as raw:
            for content in _contents(archive, raw, mapping):
                yield Piece(number, min(raw.tell(), archive.size), content)
    except OSError as error:
        yield Piece(number, archive.size, Damage(0, "unreadable", error.strerror or "cannot be read"))


def _contents(archive: Archive, raw: BinaryIO, mapping: RowMapping) -> Iterator[Content]:
    if archive.kind is Kind.PARQUET:
        return parquet_rows(raw, mapping)
    blocks = _blocks(cast(_Reads, decompressed(archive.path, raw)), archive)
    if archive.kind is Kind.TABLE:
        return table_rows(blocks, archive.path, mapping)
    if archive.kind is Kind.EXPORT:
        return split_export(blocks)
    return _lines(blocks, plain=not archive.packed)


def _blocks(file: _Reads, archive: Archive) -> Generator[bytes | Damage]:
    """The bytes of ``file`` in blocks; what was read before some damage is given before it."""
    parts: list[bytes] = []
    size = 0
    damage: Damage | None = None
    while damage is None:
        try:
            data = file.read1(BLOCK)
        except (BadInput, EOFError, zlib.error, OSError) as error:
            why = str(error).removeprefix(f"{archive.path}: ") if isinstance(error, BadInput) else _gzip_problem(error)
            damage = Damage(0, "damaged", why)
            break
        if not data:
            break
        parts.append(data)
        size += len(data)
        if size >= BLOCK:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)
    if damage is not None:
        yield damage


def _gzip_problem(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "is cut off; copy it again"
    if isinstance(error, OSError) and error.errno is not None:
        return error.strerror or "cannot be read"
    return "is damaged or not a gzip file; copy it again or decompress it"


def _lines(blocks: Iterator[bytes | Damage], *, plain: bool) -> Iterator[Content]:
    """Whole lines; a line longer than the longest that is read becomes a damage."""
    cutter = _LineCutter(plain)
    for block in blocks:
        if isinstance(block, Damage):
            yield Damage(cutter.line, block.kind, block.why)
            return
        if not cutter.line_started and cutter.line == 1 and block.startswith(_UTF16):
            yield Damage(1, "encoding", "is UTF-16; save it as UTF-8")
            return
        yield from cutter.feed(block)
    yield from cutter.end()


class _LineCutter:
    """Where the next line begins: ``offset`` in the file, ``line`` from 1, and its first bytes."""

    def __init__(self, plain: bool) -> None:
        self.line = 1
        self._plain = plain
        self._offset = 0
        self._carry = b""
        self._skipping = False

    @property
    def line_started(self) -> bool:
        return bool(self._carry)

    def feed(self, block: bytes) -> Iterator[Content]:
        if self._skipping:
            end = block.find(b"\n") + 1
            self._offset += end or len(block)
            if not end:
                return
            self._skipping, self.line = False, self.line + 1
            block = block[end:]
        data = self._carry + block if self._carry else block
        end = data.rfind(b"\n") + 1
        self._carry = data[end:]
        if end:
            yield self._whole(data[:end])
        if len(self._carry) > MAX_LINE:
            yield Damage(self.line, "long", f"the line is longer than {MAX_LINE // 2**20} MiB")
            self._offset += len(self._carry)
            self._carry, self._skipping = b"", True

    def end(self) -> Iterator[Content]:
        if self._carry:
            yield self._whole(self._carry)

    def _whole(self, data: bytes) -> Lines:
        lines = Lines(self.line, None, self._offset, len(data)) if self._plain else Lines(self.line, data)
        self._offset += len(data)
        self.line += data.count(b"\n")
        return lines
