"""The list of conversations: who waits, since when, what stands ready, what went wrong.

Owns what "open" means, the order in which work is lost and the counts; where rows come from is ``inbox_rows``' and
``known``'s.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.inbox_rows import QUIET, ShopClock, row_of, told
from copilot.desk.list_shapes import Counts, Row
from copilot.desk.queue.lists import Filter, Place, Sort, TalkState, ended_newest_first, fits, order
from copilot.domain.draft import DraftState
from copilot.store.tables import ConversationRow

MOST: Final = 200
"""How many rows a page of a list has at most."""

_OPEN = frozenset({DraftState.WRITING, DraftState.PROPOSED, DraftState.BLOCKED})


class Facts(NamedTuple):
    """What of a row decides in which lists it counts; rows that share it count alike."""

    shop: str
    place: Place
    holder: str | None
    open: bool
    failed: bool
    filters: frozenset[Filter]


class Item(NamedTuple):
    """A row with what the lists ask of it again and again."""

    row: Row
    facts: Facts
    lost: tuple[float | str, ...]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Look at the row once."""
        filters = frozenset(chosen for chosen in Filter if fits(row, chosen))
        holder = row.holder.id if row.holder else None
        facts = Facts(row.shop, row.place, holder, is_open(row), _in_trouble(row), filters)
        return cls(row, facts, _LOST(row))


_LOST = order(Sort.LOST)


@dataclass(frozen=True)
class Chosen:
    """Which rows of a list: ``place`` and ``chosen`` narrow it, ``mine`` to what is with a person of that id.

    ``failed`` narrows it to those with a reply that failed, is unconfirmed, or lies with a person to send.
    """

    only_open: bool = False
    place: Place | None = None
    chosen: Filter | None = None
    mine: str | None = None
    tag: str | None = None
    sort: Sort = Sort.LOST
    failed: bool = False

    def holds(self, item: Item) -> bool:
        """Whether the item's row stands in the list."""
        facts = item.facts
        return (
            (not self.only_open or facts.open)
            and (not self.failed or facts.failed)
            and (self.place is None or facts.place is self.place)
            and (self.mine is None or facts.holder == self.mine)
            and (self.tag is None or self.tag in item.row.tags)
            and (self.chosen is None or self.chosen in facts.filters)
        )


class Conversations:
    """The conversations that were read, with what is open among them."""

    def __init__(self, rows: Iterable[Row], total: Mapping[str, int]) -> None:
        """``total`` is how many conversations each shop has."""
        self._take([Item.of(row) for row in rows], total)

    @classmethod
    def of(cls, items: Iterable[Item], total: Mapping[str, int]) -> Self:
        """From rows that were looked at before."""
        made = cls.__new__(cls)
        made._take(list(items), total)
        return made

    def _take(self, items: list[Item], total: Mapping[str, int]) -> None:
        self._items = items
        self._total = total
        self._alike = Counter(item.facts for item in items)

    def listed(self, chosen: Chosen) -> tuple[Row, ...]:
        """Every row of the list in its order; what ended stands by its last message, whatever the order."""
        found = [item for item in self._items if chosen.holds(item)]
        if chosen.chosen is Filter.ENDED or chosen.place is Place.HISTORY:
            return tuple(sorted((item.row for item in found), key=ended_newest_first))
        if chosen.sort is Sort.LOST:
            return tuple(item.row for item in sorted(found, key=lambda item: item.lost))
        return tuple(sorted((item.row for item in found), key=order(chosen.sort)))

    def counts(self, shop: str | None = None, person: str | None = None) -> Counts:
        """The counts of one shop, or of all that were read; ``person`` says whose are ``mine``."""
        kinds = [(facts, number) for facts, number in self._alike.items() if shop is None or facts.shop == shop]
        held = [(facts, number) for facts, number in kinds if facts.place is Place.IN_PROGRESS]
        return Counts(
            open=sum(number for facts, number in kinds if facts.open),
            all=sum(self._total.values()) if shop is None else self._total.get(shop, 0),
            failed=sum(number for facts, number in kinds if facts.failed),
            mine=sum(number for facts, number in held if person and facts.holder == person),
            in_progress=sum(number for _, number in held),
            unassigned=sum(number for facts, number in kinds if facts.place is Place.UNASSIGNED),
            **{one.value: sum(number for facts, number in kinds if one in facts.filters) for one in Filter},
        )

    def by_shop(self, person: str | None = None) -> dict[str, Counts]:
        """The counts of each shop that has conversations."""
        return {shop: self.counts(shop, person) for shop in self._total}


def is_open(row: Row) -> bool:
    """Whether somebody should look: the buyer waits, a draft stands open, or a reply failed or waits for them."""
    draft_open = row.draft is not None and row.draft.state in _OPEN and row.draft.reason not in QUIET
    waits = row.waiting_since is not None or draft_open
    return (waits and row.state is not TalkState.CLOSED) or _in_trouble(row)


async def read_found(
    session: AsyncSession,
    shops: Mapping[str, ShopClock],
    now: datetime,
    found: Mapping[uuid.UUID, Sequence[str]],
    shop: uuid.UUID | None = None,
) -> Conversations:
    """The conversations that a search hit, each with what of it was hit; ``shops`` are the shops' clocks by id."""
    rows = [
        row_of(one, shops.get(str(one["shop"])), now, found.get(one["id"], ()))
        for one in await told(session, list(found))
    ]
    return Conversations(rows, await totals(session, shop))


async def totals(session: AsyncSession, shop: uuid.UUID | None = None) -> dict[str, int]:
    """How many conversations each shop has."""
    count = select(ConversationRow.shop, func.count()).group_by(ConversationRow.shop)
    if shop is not None:
        count = count.where(ConversationRow.shop == shop)
    return {str(one): number for one, number in (await session.execute(count)).all()}


def _in_trouble(row: Row) -> bool:
    return row.reply is not None and row.reply.state in ("failed", "unconfirmed", "handed_over")
