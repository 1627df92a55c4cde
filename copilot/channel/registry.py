"""Finds installed adapters by their entry points; one that cannot be loaded is named and the rest run."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger
from copilot.sdk import ADAPTER_API, Adapter, AdapterSettings

GROUP: Final = "copilot.adapters"


class Registry:
    """The adapters of this process, by name; ``broken`` maps those that could not be loaded to the reason."""

    def __init__(self, adapters: Iterable[Adapter] = (), broken: dict[str, str] | None = None) -> None:
        """Two adapters of one name are an error: nobody could say which one sends."""
        self._by_name: dict[str, Adapter] = {}
        self.broken = broken or {}
        for adapter in adapters:
            if adapter.name in self._by_name:
                raise BadConfiguration(f"two adapters are called {adapter.name}", remedy="uninstall one of them")
            self._by_name[adapter.name] = adapter

    def get(self, name: str) -> Adapter | None:
        """The adapter called ``name``, or None when it is not installed or broken."""
        return self._by_name.get(name)

    def names(self) -> list[str]:
        """The names of the usable adapters, sorted."""
        return sorted(self._by_name)


def installed() -> Registry:
    """The adapters whose distributions are installed."""
    found: list[Adapter] = []
    broken: dict[str, str] = {}
    for point in entry_points(group=GROUP):
        try:
            found.append(_load(point))
        # Foreign code: one adapter that raises at import must not stop the others.
        except Exception as error:
            broken[point.name] = f"{type(error).__name__} in {point.value}"
            get_logger(__name__).error("adapter_broken", adapter=point.name, error=type(error).__name__)
    return Registry(found, broken)


def _load(point: EntryPoint) -> Adapter:
    made = point.load()()
    if not isinstance(made, Adapter):
        raise BadConfiguration(f"{point.value} is not an adapter", remedy="implement copilot.sdk.Adapter")
    if not _is_settings(made.settings):
        raise BadConfiguration(f"{point.value} has no settings", remedy="give it a subclass of AdapterSettings")
    if made.api != ADAPTER_API:
        older = "the adapter" if made.api < ADAPTER_API else "reply-copilot"
        raise BadConfiguration(
            f"{point.value} is written for adapter API {made.api}, this is {ADAPTER_API}: {older} is too old"
        )
    if made.name != point.name:
        raise BadConfiguration(f"the entry point {point.name} gives an adapter called {made.name}")
    return made


def _is_settings(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, AdapterSettings)
