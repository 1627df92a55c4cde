"""The work behind ``mask``: reads lines, masks them, prints them. Nothing of a text goes anywhere else."""

from collections.abc import Iterator

from pydantic import ValidationError

from copilot.cli.io import BadLine, TextLine, parse, read_lines, write_json
from copilot.cli.rejects import Rejects
from copilot.domain.base import Shape
from copilot.policy.privacy import mask


class MaskInput(Shape):
    """One line for ``mask``."""

    text: str
    market: str | None = None


def mask_lines(source: str, market: str | None) -> int:
    """Print each line of ``source`` masked; returns the exit code."""
    with Rejects() as rejects:
        for line in _lines(source):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            masked = mask(line.text, market=line.market or market)
            entities = [{"type": found.type, "start": found.start, "end": found.end} for found in masked.entities]
            write_json({"masked": masked.text, "entities": entities})
            rejects.accept()
    return rejects.exit_code


def _lines(source: str) -> Iterator[MaskInput | BadLine]:
    for line in read_lines(source):
        if isinstance(line, BadLine):
            yield line
        elif line.text.lstrip().startswith("{"):
            yield _object(line)
        else:
            yield MaskInput(text=line.text)


def _object(line: TextLine) -> MaskInput | BadLine:
    parsed = parse(line)
    if isinstance(parsed, BadLine):
        return parsed
    try:
        return MaskInput.model_validate(parsed.value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "line"
        return BadLine(line.source, line.number, f"{place}: {first['msg']}")
