"""What a contact's custom attributes tell of a buyer: level and tags, by the keys that the shop's settings name.

An account names its attributes itself, so without a setting nothing is told. A contact whose attributes are told and
lack the key has no level and no tags; one whose attributes are not told says nothing.
"""

import re
from typing import Final, NamedTuple

from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import Named

_BETWEEN: Final = re.compile(r"[,，、;；\n]")


class Called(NamedTuple):
    """A buyer's level and tags; None where they are not told."""

    level: str | None = None
    tags: tuple[str, ...] | None = None


def called(contact: Named | None, settings: ChatwootSettings) -> Called:
    """What ``contact`` is called."""
    if contact is None or contact.custom_attributes is None:
        return Called()
    kept = contact.custom_attributes
    level = _written(kept.get(settings.level_attribute)) if settings.level_attribute else None
    tags = _written(kept.get(settings.tags_attribute)) if settings.tags_attribute else None
    return Called(level, None if tags is None else _parted(tags))


def _parted(tags: str) -> tuple[str, ...]:
    parts = [one.strip() for one in _BETWEEN.split(tags)]
    return tuple(one for one in parts if one)


def _written(value: object) -> str:
    """A text or a whole number as it stands; other values of attributes are no names."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip() if isinstance(value, str) or abs(value) < 10**9 else ""
