"""Finds installed adapters by their entry points; one that cannot be loaded is named and the rest run.

``COPILOT_ADAPTERS`` limits which are loaded. It knows nothing of what an adapter does.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger
from copilot.sdk import ADAPTER_API, Adapter, AdapterSettings, Limits, largest_of, modes_of
from copilot.sdk.inbound import MOST_DELIVERY

GROUP: Final = "copilot.adapters"
_SOURCE: Final = "reply-copilot"


class Registry:
    """The adapters of this process, by name.

    ``broken`` maps those that could not be loaded to the reason, ``versions`` those that were to their distribution and
    its version.
    """

    def __init__(
        self,
        adapters: Iterable[Adapter] = (),
        broken: Mapping[str, str] | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        """Two adapters of one name are an error: nobody could say which one sends."""
        self._by_name: dict[str, Adapter] = {}
        self.broken = dict(broken or {})
        self.versions = dict(versions or {})
        for adapter in adapters:
            if adapter.name in self._by_name:
                raise BadConfiguration(f"two adapters are called {adapter.name}", remedy="uninstall one of them")
            self._by_name[adapter.name] = adapter

    def get(self, name: str) -> Adapter | None:
        """The adapter called ``name``, or None when it is not installed or broken."""
        return self._by_name.get(name)

    def limits_of(self, name: str) -> Limits:
        """What texts on the platform of the adapter ``name`` may be; no limits of an adapter that is not here."""
        found = self._by_name.get(name)
        return found.limits if found is not None else Limits()

    def largest_delivery(self, name: str) -> int:
        """How many bytes a delivery for the adapter ``name`` may have; the usual number for one that is not here."""
        return largest_of(self._by_name.get(name))

    def names(self) -> list[str]:
        """The names of the usable adapters, sorted."""
        return sorted(self._by_name)


def installed(only: Collection[str] | None = None) -> Registry:
    """The adapters whose distributions are installed; with ``only`` those of these names, and no other is imported.

    Raises:
        BadConfiguration: two distributions bring an adapter of the same name.
    """
    points = [point for point in entry_points(group=GROUP) if only is None or point.name in only]
    _require_distinct(points)
    found: list[Adapter] = []
    broken: dict[str, str] = {}
    versions: dict[str, str] = {}
    for point in points:
        try:
            found.append(_load(point))
            versions[point.name] = _origin(point)
        # Foreign code: one adapter that raises at import, or wants to end the process, must not stop the others.
        except (Exception, SystemExit) as error:
            broken[point.name] = _why(error, point)
            get_logger(__name__).error("adapter_broken", adapter=point.name, error=type(error).__name__)
    for name in only or ():
        if name not in versions and name not in broken:
            broken[name] = "it is named in COPILOT_ADAPTERS and not installed"
    return Registry(found, broken, versions)


def _require_distinct(points: Sequence[EntryPoint]) -> None:
    twice = [name for name, number in Counter(point.name for point in points).items() if number > 1]
    for name in twice:
        owners = sorted(_origin(point) for point in points if point.name == name)
        raise BadConfiguration(f"two adapters are called {name}: {', '.join(owners)}", remedy="uninstall one of them")


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "unknown"


def _why(error: Exception | SystemExit, point: EntryPoint) -> str:
    """What is wrong, in words of ours; what foreign code says about itself may hold anything."""
    if isinstance(error, BadConfiguration):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the module {error.name} is missing ({_origin(point)})"
    return f"{type(error).__name__} in {point.value} ({_origin(point)})"


def _load(point: EntryPoint) -> Adapter:
    made = point.load()()
    api = getattr(made, "api", None)
    # Told first: an adapter of another version lacks what this one asks for.
    if isinstance(api, int) and api != ADAPTER_API:
        older = "the adapter" if api < ADAPTER_API else _SOURCE
        raise BadConfiguration(
            f"{point.value} is written for adapter API {api}, this is {ADAPTER_API}: {older} is too old"
        )
    if not isinstance(made, Adapter):
        missing = [name for name in _PARTS if not hasattr(made, name)]
        raise BadConfiguration(f"{point.value} is not an adapter: it has no {', '.join(missing)}")
    if not _is_settings(made.settings):
        raise BadConfiguration(f"{point.value} has no settings", remedy="give it a subclass of AdapterSettings")
    if made.name != point.name:
        raise BadConfiguration(f"the entry point {point.name} gives an adapter called {made.name}")
    if not _is_size(getattr(made, "largest_delivery", 1)):
        raise BadConfiguration(
            f"{point.value} says no size for its largest delivery", remedy=f"give it 1 to {MOST_DELIVERY} bytes"
        )
    if not modes_of(made):
        raise BadConfiguration(f"{point.value} has no way in", remedy="implement Webhook, Polling or Connecting")
    return made


_PARTS: Final = ("name", "api", "transport", "settings", "idempotent_send", "limits", "level", "send")


def _is_size(given: object) -> bool:
    return isinstance(given, int) and 0 < given <= MOST_DELIVERY


def _is_settings(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, AdapterSettings)
