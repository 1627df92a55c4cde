"""JSONL in, JSONL out: what every command that pipes shares. Reading itself is ``copilot.replay.lines``."""

import json
import sys
from typing import Protocol, cast

from copilot.replay.lines import MAX_LINE, BadLine, Line, TextLine, note, parse, read_jsonl, read_lines

__all__ = ["MAX_LINE", "BadLine", "Line", "TextLine", "note", "parse", "read_jsonl", "read_lines", "write_json"]


class Dumps(Protocol):
    """A pydantic shape, as far as ``write_json`` needs one."""

    def model_dump(self, *, mode: str) -> dict[str, object]:
        """The shape as JSON types."""
        ...


def write_json(value: object) -> None:
    """Print ``value`` (JSON types or a shape) as one line on standard output, at once."""
    data = cast(Dumps, value).model_dump(mode="json") if hasattr(value, "model_dump") else value
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair has no UTF-8 form; its escape has.
        text = json.dumps(data, separators=(",", ":"))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
