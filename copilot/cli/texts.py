"""Texts in: a plain line stands for its ``text``, a line that begins with ``{`` is a JSON object with more."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from copilot.cli.io import BadLine, TextLine, parse, read_lines

Model = TypeVar("Model", bound=BaseModel)


def read_texts(source: str, model: type[Model]) -> Iterator[Model | BadLine]:
    """The lines of ``source`` as ``model``, which has a key ``text``; a bad line names the field, never its value."""
    for line in read_lines(source):
        if isinstance(line, BadLine):
            yield line
        elif line.text.lstrip().startswith("{"):
            yield _object(line, model)
        else:
            yield model.model_validate({"text": line.text})


def _object(line: TextLine, model: type[Model]) -> Model | BadLine:
    parsed = parse(line)
    if isinstance(parsed, BadLine):
        return parsed
    try:
        return model.model_validate(parsed.value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "line"
        return BadLine(line.source, line.number, f"{place}: {first['msg']}")
