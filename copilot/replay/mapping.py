"""The mapping file of plain tables: which column is what, for archives that another program wrote."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from copilot.domain.base import StrictShape
from copilot.files import read_model
from copilot.replay.text_lines import NO_TEXT

Name = Literal["conversation", "message", "role", "text", "sent_at", "agent", "shop", "kind", "sent_by", "recalled_at"]
FIELDS: tuple[Name, ...] = (
    "conversation",
    "message",
    "role",
    "text",
    "sent_at",
    "agent",
    "shop",
    "kind",
    "sent_by",
    "recalled_at",
)
"""What a row can say, in the order in which rows are handed on."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "conversation": ("conversation", "conversation_id", "id"),
    "message": ("message", "message_id"),
}
_ROLES = {
    **{role: role for role in ("buyer", "agent", "bot", "system")},
    **dict.fromkeys(("customer", "user", "contact", "买家", "顾客", "客户", "用户"), "buyer"),
    **dict.fromkeys(("seller", "staff", "客服", "商家", "卖家"), "agent"),
    **dict.fromkeys(("robot", "机器人"), "bot"),
    **dict.fromkeys(("系统",), "system"),
}


class RowMapping(StrictShape):
    """How to read CSV and Parquet with one message per row.

    ``columns`` maps a field to a column's name (or its number from 1 when ``header`` is false); fields left out are
    looked for under their own names. ``constants`` fills fields that no column has. ``roles`` maps what stands in the
    role column to buyer, agent, bot or system. ``timezone`` is the zone of times without an offset, ``time_format``
    their form as in ``strptime`` (null: ISO 8601, or seconds since 1970).
    """

    columns: dict[Name, str | int] = {}
    constants: dict[Name, str] = {}
    roles: dict[str, Literal["buyer", "agent", "bot", "system"]] = {}
    timezone: str | None = None
    time_format: str | None = None
    delimiter: str | None = Field(default=None, pattern=r'^[^"\r\n]$')
    encoding: str = "utf-8"
    header: bool = True

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            # Some codecs are there and decode no text ("hex"), or cannot go on after damage ("idna").
            "role".encode(self.encoding).decode(self.encoding, NO_TEXT)
        except (LookupError, UnicodeError):
            raise ValueError(f"encoding {self.encoding} is unknown") from None
        if self.time_format is not None and not _reads_times(self.time_format):
            raise ValueError(f"time_format {self.time_format} is no form of strptime")
        if self.header == any(isinstance(column, int) for column in self.columns.values()) and self.columns:
            raise ValueError("columns are named when header is true and numbered from 1 when it is false")
        if any(isinstance(column, int) and column < 1 for column in self.columns.values()):
            raise ValueError("columns are numbered from 1")
        return self

    def places(self, header: list[str] | None) -> dict[str, int]:
        """Field → place in a row (from 0), by the names in ``header``; fields that no column has are left out."""
        if header is None:
            return {field: int(column) - 1 for field, column in self.columns.items()}
        names = {name.strip().lstrip("\ufeff").lower(): at for at, name in reversed(list(enumerate(header)))}
        found: dict[str, int] = {}
        for field in FIELDS:
            wanted = self.columns.get(field)
            own = (str(wanted),) if wanted is not None else _own_names(field)
            at = next((names[name.lower()] for name in own if name.lower() in names), None)
            if at is not None:
                found[field] = at
        return found

    def missing(self, places: dict[str, int]) -> list[str]:
        """The fields without which a row says nothing, and the columns that were named and are not there."""
        needed = [field for field in ("role", "text") if field not in places and field not in self.constants]
        return needed + [field for field in self.columns if field not in places and field not in needed]

    def role(self, value: str) -> str | None:
        """The role that ``value`` means, or null."""
        return self.roles.get(value) or _ROLES.get(value.strip().lower())


def _reads_times(form: str) -> bool:
    """Whether ``form`` reads what it has written; one that reads nothing would leave every message without a time."""
    try:
        datetime.strptime(datetime(2026, 11, 28, 13, 14, 15, tzinfo=UTC).strftime(form), form)
    except ValueError:
        return False
    return True


def _own_names(field: str) -> tuple[str, ...]:
    names = _ALIASES.get(field, (field,))
    part = "id" if field == "message" else field
    return (*names, f"messages.{part}", f"message.{part}")


def read_mapping(path: Path) -> RowMapping:
    """The mapping in ``path`` (YAML); ``PolicyFileError`` names line, key and the nearest known key."""
    return read_model(path, RowMapping)
