"""YAML files with line numbers, and validation errors that name file, line and the nearest known key.

Only reading: which files exist and what they mean is decided elsewhere.
"""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError

from copilot.domain.errors import PolicyFileError

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """A YAML document as plain data, with the line (from 1) of every key and item."""

    path: Path
    data: object
    lines: dict[Loc, int] = field(default_factory=dict)

    def line(self, loc: Loc) -> int:
        """The line of ``loc``, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def parse(self, model: type[M]) -> M:
        """The document as ``model``; ``PolicyFileError`` names file:line and the remedy."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            # A misspelled key is also a missing one; the spelling is what helps.
            first = next((item for item in errors if item["type"] == "extra_forbidden"), errors[0])
            raise self._explain(model, first["loc"], first["type"], first["msg"]) from None

    def _explain(self, model: type[BaseModel], loc: Loc, kind: str, message: str) -> PolicyFileError:
        at = self._in_file(loc)
        place = f"{self.path}:{self.line(at)}"
        if kind == "extra_forbidden":
            key = str(at[-1]) if at else ""
            near = difflib.get_close_matches(key, sorted(_keys(model)), n=1, cutoff=0.5)
            return PolicyFileError(
                f"{place}: unknown key '{key}'", remedy=f"did you mean '{near[0]}'?" if near else "remove it"
            )
        if kind == "missing":
            return PolicyFileError(f"{place}: key '{loc[-1]}' is missing", remedy="add it")
        name = ".".join(str(part) for part in at) or "file"
        return PolicyFileError(f"{place}: {name}: {message}", remedy="correct it")

    def _in_file(self, loc: Loc) -> Loc:
        """``loc`` without the names that pydantic adds for union members."""
        at: Loc = ()
        for part in loc:
            if (*at, part) in self.lines or part is loc[-1]:
                at = (*at, part)
        return at if at in self.lines else at[:-1] or at


def read_document(path: Path) -> Document:
    """The one YAML document in ``path``; ``PolicyFileError`` when it is not readable YAML or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyFileError(f"{path}:{line}: not valid YAML: {error.problem}", remedy="correct it") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyFileError(f"{path}:1: cannot be read ({type(error).__name__})", remedy="correct it") from None
    document = Document(path, None)
    if node is None:
        raise PolicyFileError(f"{path}:1: the file is empty", remedy="write it or remove it")
    scalars = yaml.SafeLoader("")
    try:
        document.data = _plain(node, (), document, scalars)
    finally:
        scalars.dispose()
    return document


def _plain(node: yaml.Node, at: Loc, document: Document, scalars: yaml.SafeLoader) -> object:
    document.lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, index), document, scalars) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, document, scalars)
    return _scalar(node, document, scalars)


def _mapping(node: yaml.MappingNode, at: Loc, document: Document, scalars: yaml.SafeLoader) -> dict[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in result:
            raise PolicyFileError(f"{document.path}:{line}: key '{key}' stands twice", remedy="keep one")
        document.lines[(*at, key)] = line
        result[key] = _plain(value_node, (*at, key), document, scalars)
    return result


def _scalar(node: yaml.Node, document: Document, scalars: yaml.SafeLoader) -> object:
    try:
        value: object = cast(Any, scalars).construct_object(node)
    except (yaml.YAMLError, ValueError):
        line = node.start_mark.line + 1
        raise PolicyFileError(f"{document.path}:{line}: not plain YAML", remedy="write text or a number") from None
    return value


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that may stand somewhere in a file of ``model``."""
    seen: set[type[BaseModel]] = set()
    todo: list[object] = [model]
    while todo:
        item = todo.pop()
        if isinstance(item, type) and issubclass(item, BaseModel):
            if item not in seen:
                seen.add(item)
                yield from item.model_fields
                todo += [info.annotation for info in item.model_fields.values()]
        else:
            inner: Sequence[Any] = get_args(item)
            todo += inner
