"""The platforms' numbers that lists need, read once a day and process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from copilot.clock import Profile, load_profile
from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger

log = get_logger(__name__)


@dataclass
class Profiles:
    """Profiles by name; one that cannot be read is None, and what it would tell is not shown."""

    folders: Sequence[Path]
    _known: dict[tuple[str, date], Profile | None] = field(default_factory=dict[tuple[str, date], Profile | None])

    def of(self, name: str, now: datetime) -> Profile | None:
        """The profile in force at ``now``."""
        key = (name, now.date())
        if key not in self._known:
            self._known[key] = self._load(name, now)
        return self._known[key]

    def _load(self, name: str, now: datetime) -> Profile | None:
        try:
            return load_profile(name, self.folders, now)
        except BadConfiguration as error:
            log.warning("profile_unusable", profile=name, error=error)
            return None
