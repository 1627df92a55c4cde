"""An object that stands for whichever is there at the moment: routes made once can serve one mock after another."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Current:
    def __init__(self, of: Callable[[], object]) -> None:
        object.__setattr__(self, "_of", of)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_of")(), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(object.__getattribute__(self, "_of")(), name, value)


def current(of: Callable[[], T]) -> T:
    """What ``of`` returns whenever it is asked for something or changed, as if it were that object."""
    return cast("T", _Current(of))
