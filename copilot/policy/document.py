"""YAML files with line numbers, and validation errors that name file, line and the nearest known key.

Only reading: which files exist and what they mean is decided elsewhere, ``mistakes`` words what is wrong.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import yaml
from pydantic import BaseModel, ValidationError

from copilot.domain.errors import PolicyFileError
from copilot.policy.mistakes import Loc, first, place, words

M = TypeVar("M", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20
_MOST_NODES = 2_000_000


@dataclass(slots=True, weakref_slot=True)
class _Content:
    """What stands in a file, wherever that lies."""

    data: object = None
    lines: dict[Loc, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document as plain data, with the line (from 1) of every key and item; nobody changes them."""

    path: Path
    content: _Content

    @property
    def data(self) -> object:
        """The whole document."""
        return self.content.data

    @property
    def lines(self) -> dict[Loc, int]:
        """The line of each place."""
        return self.content.lines

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
            item = first(error.errors(include_url=False), self.data)
            at, _ = place(item["loc"], self.data)
            wrong, remedy = words(item, at, model)
            raise PolicyFileError(f"{self.path}:{self.line(at)}: {wrong}", remedy=remedy) from None


def read_document(path: Path) -> Document:
    """The one YAML document in ``path``; ``PolicyFileError`` when it is not readable YAML or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyFileError(f"{path}:1: is not UTF-8", remedy="save it as UTF-8") from None
    except OSError as error:
        raise PolicyFileError(f"{path}:1: cannot be read ({type(error).__name__})", remedy="correct it") from None
    content = _READ.get(text)
    if content is None:
        content = _READ[text] = _content(path, text)
    return Document(path, content)


_READ: WeakValueDictionary[str, _Content] = WeakValueDictionary()
"""What is read now, by its text: whoever compares editions of a folder reads most of its files again and again."""


def _content(path: Path, text: str) -> _Content:
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        wrong, remedy = _unreadable(error, text)
        raise PolicyFileError(f"{path}:{line}: {wrong}", remedy=remedy) from None
    except (RecursionError, yaml.YAMLError) as error:
        raise PolicyFileError(f"{path}:1: cannot be read ({type(error).__name__})", remedy="correct it") from None
    if node is None:
        raise PolicyFileError(f"{path}:1: the file is empty", remedy="write it or remove it")
    content, scalars = _Content(), yaml.SafeLoader("")
    try:
        content.data = _Reader(path, content.lines, scalars).plain(node, ())
    finally:
        scalars.dispose()
    return content


def _unreadable(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    problem, mark = str(error.problem), error.problem_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    there = line[mark.column : mark.column + 1] if mark else ""
    if there == "\t" or line[: len(line) - len(line.lstrip())].count("\t"):
        return "a tab stands where YAML wants blanks", "indent with blanks"
    if "another document" in problem:
        return "a second document begins here", "one file holds one; remove the line ---"
    if there and there in "@`%*&!|>":
        return f"a value cannot begin with {there}", "put it in quotes"
    return f"not valid YAML: {problem}", "correct it"


class _Reader:
    """Nodes to plain data, with the line of each; a file that refers to itself is refused."""

    def __init__(self, path: Path, lines: dict[Loc, int], scalars: yaml.SafeLoader) -> None:
        self._path = path
        self._lines = lines
        self._scalars = scalars
        self._nodes = 0

    def plain(self, node: yaml.Node, at: Loc) -> object:
        line = node.start_mark.line + 1
        self._nodes += 1
        if len(at) > _DEEPEST or self._nodes > _MOST_NODES:
            raise PolicyFileError(f"{self._path}:{line}: too deep or too large", remedy="write it plainly")
        self._lines.setdefault(at, line)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*at, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Loc) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                before = self._lines[(*at, key)]
                place = f"{self._path}:{line}"
                raise PolicyFileError(f"{place}: key '{key}' stands twice (also in line {before})", remedy="keep one")
            self._lines[(*at, key)] = line
            result[key] = self.plain(value_node, (*at, key))
        return result

    def _scalar(self, node: yaml.Node) -> object:
        try:
            value: object = cast(Any, self._scalars).construct_object(node)
        except (yaml.YAMLError, ValueError):
            place = f"{self._path}:{node.start_mark.line + 1}"
            raise PolicyFileError(f"{place}: not plain YAML", remedy="write text or a number") from None
        return value
