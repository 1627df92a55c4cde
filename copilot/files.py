"""Strict reading of the YAML files that people write: keys and lines first, then a typed shape.

A leaf: policy, playbook and clock import it. It refuses everything that makes a YAML file mean something else than
it says: duplicate keys, anchors, ``no`` as false, ``18:00`` as 1080; every error names file and line.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (PyYAML's stubs leave its loader untyped.)

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin
from weakref import WeakValueDictionary

import yaml
from pydantic import BaseModel, ValidationError
from yaml.composer import Composer
from yaml.resolver import Resolver

from copilot.domain.errors import PolicyFileError

Keys = tuple[str | int, ...]
Part = tuple[Any, dict[Keys, int]]
"""One document's plain data, and the line of each place in it."""
Model = TypeVar("Model", bound=BaseModel)


class _Strict(Composer, Resolver):
    """Plain scalars as YAML 1.2 reads them: no yes/no booleans, no base-60 numbers, no dates."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # PyYAML's own name

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: two names for one thing hide which place a reader must edit."""
        event = cast("Any", self).peek_event()
        if getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not allowed", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_SCALARS: tuple[tuple[str, str, str], ...] = (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
    ("null", r"null|~|", "n~"),
)
for _tag, _pattern, _first in _SCALARS:
    _Strict.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first, *([""] if _tag == "null" else [])]
    )


class _Loader(_Strict, yaml.SafeLoader):
    """In Python: what is wrong with a text is said in its words."""


def _quick() -> type[Any]:
    """The same over libyaml's parser, ten times as fast, where PyYAML was built with it."""
    parser: Any = getattr(yaml, "CSafeLoader", None)
    if parser is None:
        return _Loader

    class Quick(_Strict, parser):
        def __init__(self, text: str) -> None:
            parser.__init__(self, text)
            Composer.__init__(self)

    return Quick


_Quick = _quick()


_Own: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def own_data(package: str, name: str) -> Any:
    """What stands in ``data/<name>``, a YAML file that ``package`` brings along and nobody else writes."""
    loader = _Own((resources.files(package) / "data" / name).read_text(encoding="utf-8"))
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


@dataclass(frozen=True)
class YamlDocument:
    """One document of a file: its plain data and the line (from 1) on which each key or item stands."""

    path: Path
    data: Any
    lines: dict[Keys, int] = field(default_factory=dict[Keys, int])
    contents: object = field(default=None, repr=False, compare=False)
    """What keeps the parts of the file that is read together in memory."""

    def line(self, keys: Sequence[str | int] = ()) -> int:
        """The line of ``keys``, or of the nearest parent that has one."""
        at = tuple(keys)
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def place(self, keys: Sequence[str | int] = ()) -> str:
        """``file:line`` of ``keys``."""
        return f"{self.path}:{self.line(keys)}"

    def error(self, keys: Sequence[str | int], text: str, *, remedy: str | None = None) -> PolicyFileError:
        """An error that names file, line and key."""
        name = ".".join(str(key) for key in keys)
        return PolicyFileError(f"{self.place(keys)}: {f'{name}: ' if name else ''}{text}", remedy=remedy)


def load_documents(path: Path) -> tuple[YamlDocument, ...]:
    """Every document of the file at ``path``; ``PolicyFileError`` when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyFileError(f"{path}:1: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise PolicyFileError(f"{path}:1: is not UTF-8", remedy="save the file as UTF-8") from None
    return tuple(parse_documents(text, path))


def parse_documents(text: str, path: Path) -> Iterator[YamlDocument]:
    """The documents in ``text``, which came from ``path``."""
    contents = _READ.get(text)
    if contents is None:
        contents = _READ[text] = _contents(text, path)
    return (YamlDocument(path, data, lines, contents) for data, lines in contents.parts)


class _Contents:
    """The documents of one text, wherever that lies; nobody changes them."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts


_READ: WeakValueDictionary[str, _Contents] = WeakValueDictionary()
"""What is read now, by its text: shops and editions share most of their files."""


def _contents(text: str, path: Path) -> _Contents:
    try:
        return _Contents(_parsed(_Quick, text, path))
    except (yaml.YAMLError, UnicodeError):
        return _Contents(_told(text, path))


def _told(text: str, path: Path) -> list[Part]:
    try:
        return _parsed(_Loader, text, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PolicyFileError(f"{path}:{line}: {error.problem or 'cannot be read as YAML'}") from None
    except yaml.YAMLError:
        raise PolicyFileError(f"{path}:1: cannot be read as YAML") from None


def _parsed(kind: type[Any], text: str, path: Path) -> list[Part]:
    loader, found = kind(text), list[Part]()
    try:
        while loader.check_node():
            node = loader.get_node()
            lines: dict[Keys, int] = {}
            found.append((_build(loader, node, (), lines, path), lines))
    finally:
        loader.dispose()
    return found


def _build(loader: Any, node: Any, keys: Keys, lines: dict[Keys, int], path: Path) -> Any:
    lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*keys, index), lines, path) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, at = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            raise PolicyFileError(f"{path}:{at}: the key {key!r} stands here twice", remedy="keep one of them")
        lines[(*keys, key)] = at
        found[key] = _build(loader, value_node, (*keys, key), lines, path)
    return found


def read_model(path: Path, model: type[Model]) -> Model:
    """The one document of ``path`` as ``model``; ``PolicyFileError`` names line, key and the nearest known key."""
    documents = load_documents(path)
    if len(documents) != 1:
        raise PolicyFileError(f"{path}:1: holds {len(documents)} documents, expected one")
    return validate(documents[0], model)


def validate(document: YamlDocument, model: type[Model], *, data: Any = None) -> Model:
    """``document`` (or ``data``, a part laid over it) as ``model``; ``PolicyFileError`` otherwise."""
    try:
        return model.model_validate(document.data if data is None else data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False)
        # A misspelt key is also a missing one; its own name is what the reader can repair.
        first = next((one for one in problems if one["type"] == "extra_forbidden"), problems[0])
        keys: Keys = first["loc"]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        if first["type"] == "extra_forbidden":
            hint = nearest(str(keys[-1]), known_keys(model, keys[:-1]))
            raise document.error(keys, f"unknown key{more}", remedy=hint) from None
        given = first["input"]
        shown = f" (it is {given!r})" if isinstance(given, str | int | float | bool) else ""
        raise document.error(_real(document, keys), f"{first['msg']}{shown}{more}") from None


def _real(document: YamlDocument, keys: Keys) -> Keys:
    """``keys`` without the names of union members that pydantic puts between them."""
    found: Keys = ()
    for key in keys:
        if (*found, key) in document.lines or key == keys[-1]:
            found = (*found, key)
    return found


def nearest(word: str, known: Sequence[str]) -> str | None:
    """A remedy that names the known word closest to ``word``, or all of them when none is close."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known: {', '.join(sorted(known))}" if known else None


def known_keys(model: Any, keys: Keys) -> list[str]:
    """The keys that ``model`` allows at ``keys``."""
    for key in keys:
        model = _step(model, key)
    return sorted({name for part in _models(model) for name in _names(part)})


def _names(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType):
        return [model for part in get_args(annotation) for model in _models(part)]
    return _models(get_args(annotation)[0]) if get_origin(annotation) is Annotated else []


def _step(annotation: Any, key: str | int) -> Any:
    """The annotation one ``key`` further down, or the same when ``key`` only names a union's member."""
    for model in _models(annotation):
        for name, info in model.model_fields.items():
            if key in (name, info.alias):
                return info.annotation
    for part in get_args(annotation) if get_origin(annotation) in (Union, UnionType, Annotated) else (annotation,):
        if get_origin(part) in (list, tuple, dict):
            return get_args(part)[-1 if get_origin(part) is dict else 0]
    return annotation
