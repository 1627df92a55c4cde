"""The seven kinds of things that a shop knows, each with its shape, its table and what tells two of them apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from copilot.domain.auto import AutoReply
from copilot.domain.base import Shape
from copilot.domain.knowledge import Entry, Greeting, Notice, Phrase, Pinned, ProductFact
from copilot.store.tables import (
    AutoReplyRow,
    Base,
    EntryRow,
    GreetingRow,
    NoticeRow,
    PhraseRow,
    PinnedRow,
    ProductFactRow,
)

S = TypeVar("S", bound=Shape)
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kind(Generic[S]):
    """One kind: ``name`` stands in addresses, commands and the audit log; ``keys`` are the fields of its identity."""

    name: str
    shape: type[S]
    row: type[Base]
    keys: tuple[str, ...]

    def key(self, thing: Shape) -> Key:
        """What makes ``thing`` itself, in the order of ``keys``."""
        return tuple(getattr(thing, name) for name in self.keys)

    def key_of_row(self, row: Any) -> Key:
        """The same of a stored one."""
        return tuple(getattr(row, column(name)) for name in self.keys)

    def values(self, thing: Shape) -> dict[str, Any]:
        """The columns of ``thing``, but for those that say where it stands."""
        plain: Mapping[str, Any] = thing.model_dump(mode="json")
        return {
            column(name): value if isinstance(value := getattr(thing, name), datetime) else plain[name]
            for name in self.shape.model_fields
        }

    def read(self, row: Any) -> S:
        """The thing that ``row`` keeps."""
        return self.shape.model_validate({name: getattr(row, column(name)) for name in self.shape.model_fields})


def column(name: str) -> str:
    """What a field is called in the table: ``id`` there is ours."""
    return "slug" if name == "id" else name


FAQ: Final = Kind("faq", Entry, EntryRow, ("id", "language"))
FACTS: Final = Kind("product-facts", ProductFact, ProductFactRow, ("product", "key", "valid_from"))
PINNED: Final = Kind("pinned", Pinned, PinnedRow, ("product",))
NOTICES: Final = Kind("notices", Notice, NoticeRow, ("id",))
PHRASES: Final = Kind("phrases", Phrase, PhraseRow, ("id", "language"))
GREETINGS: Final = Kind("greetings", Greeting, GreetingRow, ("language",))
AUTO_REPLIES: Final = Kind("auto-replies", AutoReply, AutoReplyRow, ("id", "language"))
KINDS: Final[tuple[Kind[Any], ...]] = (FAQ, FACTS, PINNED, NOTICES, PHRASES, GREETINGS, AUTO_REPLIES)
