"""Conditions and amounts in playbooks: CEL over facts, compiled once, with "unknown" as a value of its own.

Owns the one vocabulary of names that a condition may use; refuses to treat a missing fact as false, zero or null.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (The stubs of cel speak of Any.)

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from copilot.files import nearest
from copilot.playbook.cel_library import cel

Values = Mapping[str, object]
"""What a condition sees: nested dicts by name; a missing fact is a missing key, never None."""

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_PATH = re.compile(r"(?<![\w.\"'])([a-z_][\w]*(?:\.[a-z_]\w*)*)(?!\w*\s*\()")
_WORDS = frozenset({"true", "false", "null", "in"})
_MACROS = re.compile(r"\bhas\s*\(([^()]*)\)")


@dataclass(frozen=True)
class Missing:
    """An answer that cannot be given: ``path`` is the fact that it needs."""

    path: str


class ExpressionError(ValueError):
    """An expression that cannot be compiled or names what does not exist; the message says which and what is near."""


class Expression:
    """One compiled condition or amount."""

    def __init__(self, source: str, names: frozenset[str]) -> None:
        """Compile ``source``; ``names`` are the paths it may use.

        Raises:
            ExpressionError: it is no CEL, or it names an unknown path.
        """
        self.source = source
        try:
            self._program = _program(source)
        except ValueError as error:
            reason = str(error).splitlines()[0].rpartition("ERROR: ")[2] or "cannot be read"
            raise ExpressionError(f"is no CEL expression ({reason})") from None
        self.paths = tuple(dict.fromkeys(_paths(source)))
        self._groups: dict[str, list[str]] = {}
        for group, name in dict.fromkeys(tuple(path.split(".")[:2]) for path in self.paths if "." in path):
            self._groups.setdefault(group, []).append(name)
        # has(x) asks whether x is known, so it never makes an expression unknown.
        self._needed = tuple(dict.fromkeys(_paths(_MACROS.sub("true", source))))
        for path in self.paths:
            if path not in names:
                raise ExpressionError(
                    f"names {path!r}, which is no fact; {nearest(path, sorted(names)) or ''}".rstrip("; ")
                )

    def value(self, values: Values) -> object | Missing:
        """The result over ``values``; ``Missing`` when a fact that decides it is not known."""
        try:
            return self._program.execute(self._seen(values))
        except (KeyError, RuntimeError, TypeError, ValueError):
            return Missing(self._first_missing(values))

    def holds(self, values: Values) -> bool | Missing:
        """Whether the condition is true; anything but a boolean counts as unknown."""
        found = self.value(values)
        return found if isinstance(found, bool | Missing) else Missing(self.source)

    def _seen(self, values: Values) -> dict[str, object]:
        """What of ``values`` the program can name: all of it is turned into CEL's own values, every time."""
        seen: dict[str, object] = {}
        for group, names in self._groups.items():
            known = values[group]
            seen[group] = (
                {name: known[name] for name in names if name in known} if isinstance(known, Mapping) else known
            )
        return seen

    def _first_missing(self, values: Values) -> str:
        return next((path for path in self._needed if not _known(values, path)), self.source)


@lru_cache(maxsize=10_000)
def _program(source: str) -> Any:
    """Compiled once a process: layers of several shops share most of their playbooks."""
    return cel.compile(source)


def _paths(source: str) -> Iterator[str]:
    for match in _PATH.finditer(_TEXT.sub("''", source)):
        if match.group(1) not in _WORDS:
            yield match.group(1)


def _known(values: Values, path: str) -> bool:
    at: object = values
    for key in path.split("."):
        if not isinstance(at, Mapping) or key not in at:
            return False
        at = at[key]  # pyright: ignore[reportUnknownArgumentType]
    return True


def whole(value: object) -> int | None:
    """``value`` as an integer (minor units, days), cut; None when it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value)
