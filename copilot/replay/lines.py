"""JSONL in, line by line: what every command that reads shares.

A line that cannot be read is data, not an exception: it comes out as ``BadLine`` with its place, and the run goes on.
Nothing here repeats a line's content, because the content is a buyer's words.
"""

import json
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from copilot.domain.errors import BadInput
from copilot.replay.inputs import STDIN, name_of, opened

MAX_LINE = 16 * 1024 * 1024
"""Bytes of the longest line that is read; a longer one is skipped and reported."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as it stands in ``source``, without its end; ``number`` counts from 1."""

    source: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds a JSON object."""

    source: str
    number: int
    value: dict[str, object]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used; ``why`` names the problem, never the content."""

    source: str
    number: int
    why: str

    def __str__(self) -> str:
        """``file:line: why``."""
        return f"{self.source}:{self.number}: {self.why}"


def read_lines(source: str | Path) -> Iterator[TextLine | BadLine]:
    """The non-blank lines of ``source`` (a file, ``.gz``, ``.zst``, or ``-``), as UTF-8.

    Raises:
        BadInput: a file that is empty, damaged or not UTF-8 text at all.
        OSError: a file that cannot be opened.
    """
    name, seen = name_of(source), False
    if str(source) == STDIN and sys.stdin.isatty():
        note("reading from the terminal, one line each; end with Ctrl-D")
    with opened(source) as file:
        for number, raw in enumerate(_raw_lines(file), 1):
            line = _decoded(name, number, raw)
            if isinstance(line, BadLine) or line.text.strip():
                seen = True
                yield line
    if not seen:
        _empty(source)


def _raw_lines(file: BinaryIO) -> Generator[bytes | None]:
    while raw := file.readline(MAX_LINE + 1):
        if len(raw) <= MAX_LINE:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE)
        yield None


def _decoded(name: str, number: int, raw: bytes | None) -> TextLine | BadLine:
    if raw is None:
        return BadLine(name, number, f"the line is longer than {MAX_LINE // 2**20} MiB")
    if number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{name}: is UTF-16", remedy="save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        return BadLine(name, number, f"is not UTF-8 (byte {error.start + 1})")
    return TextLine(name, number, text.rstrip("\r\n"))


def _empty(source: str | Path) -> None:
    if str(source) != STDIN:
        raise BadInput(f"{source}: is empty", remedy="give a file with one JSON object per line")
    note("standard input was empty")


def read_jsonl(source: str | Path) -> Iterator[Line | BadLine]:
    """The JSON objects of ``source``, one per line; raises as ``read_lines`` does."""
    for line in read_lines(source):
        yield line if isinstance(line, BadLine) else parse(line)


def parse(line: TextLine) -> Line | BadLine:
    """The JSON object that ``line`` holds."""
    try:
        value: object = json.loads(line.text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return BadLine(line.source, line.number, f"is not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        return BadLine(line.source, line.number, "is nested too deeply")
    except ValueError:
        return BadLine(line.source, line.number, "holds a number that cannot be used")
    if not isinstance(value, dict):
        return BadLine(line.source, line.number, f"must be a JSON object, not {_KINDS.get(type(value), 'this')}")
    return Line(line.source, line.number, cast("dict[str, object]", value))


_KINDS: dict[type, str] = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
}


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def note(text: str) -> None:
    """Tell the person something on standard error; standard output belongs to the data."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
