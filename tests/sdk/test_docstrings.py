"""What an adapter's author reads: every public name says what it is, what it holds, and how it ends."""

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from copilot import sdk

MODULES = ("signing", "encryption", "fields", "calls", "marks", "testing", "testing.kit")
EVERYWHERE = {"type", "shop", "conversation", "at", "text"}
"""What the package's own docstring explains once for all."""


def public() -> Iterator[tuple[str, Any]]:
    """Every public name of the package and of the modules that its docstring names."""
    yield from ((name, getattr(sdk, name)) for name in sdk.__all__)
    for name in MODULES:
        module = importlib.import_module(f"copilot.sdk.{name}")
        told = getattr(module, "__all__", None) or [
            one for one, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
        ]
        yield from ((f"{name}.{one}", getattr(module, one)) for one in told if not one.startswith("_"))


NAMES = dict(public())
CLASSES = {name: one for name, one in NAMES.items() if inspect.isclass(one)}


def own_methods(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    for name, one in vars(kind).items():
        plain = one.fget if isinstance(one, property) else getattr(one, "__func__", one)
        if not name.startswith("_") and inspect.isfunction(plain):
            yield name, plain


def constants() -> Iterator[tuple[str, str]]:
    """Module, name: what is assigned to a public name at the top of a module without a string below it."""
    for file in Path(sdk.__file__).parent.glob("*.py"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        for at, one in enumerate(body):
            target = one.targets[0] if isinstance(one, ast.Assign) else getattr(one, "target", None)
            if not isinstance(target, ast.Name) or target.id not in NAMES or target.id.startswith("_"):
                continue
            below = body[at + 1] if at + 1 < len(body) else None
            if not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)):
                yield file.name, target.id


def test_every_public_name_is_explained() -> None:
    silent = [
        name for name, one in NAMES.items() if (inspect.isclass(one) or inspect.isroutine(one)) and not one.__doc__
    ]
    silent += [
        f"{name}.{method}" for name, kind in CLASSES.items() for method, one in own_methods(kind) if not one.__doc__
    ]
    assert silent == []
    assert list(constants()) == []


@pytest.mark.parametrize("name", [name for name, one in CLASSES.items() if "." not in name])
def test_every_field_of_a_shape_is_named_where_it_is_explained(name: str) -> None:
    kind, fields = CLASSES[name], set[str]()
    if dataclasses.is_dataclass(kind):
        fields = {one.name for one in dataclasses.fields(kind)}
    elif issubclass(kind, BaseModel):
        fields = {one for one in kind.model_fields if one in vars(kind).get("__annotations__", {})}
    told = set(re.findall(r"``(\w+)``", kind.__doc__ or ""))
    assert fields - EVERYWHERE - told == set()


def test_what_is_explained_once_for_all_is() -> None:
    told = set(re.findall(r"``(\w+)``", sdk.__doc__ or ""))
    assert told >= EVERYWHERE


def test_every_call_to_a_platform_says_how_it_ends() -> None:
    calls = [
        (f"{name}.{method}", one.__doc__)
        for name, kind in CLASSES.items()
        if "." not in name
        for method, one in own_methods(kind)
        if inspect.iscoroutinefunction(one)
    ]
    assert len(calls) > 15
    assert [name for name, told in calls if "Raises:" not in told] == []
