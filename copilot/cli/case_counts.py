"""Counts cases by issue, product and week of the shop's zone, from the store or from an archive."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import select

from copilot.cli.words import Language
from copilot.clock.days import shop_zone
from copilot.domain.case import Case
from copilot.domain.conversation import Conversation
from copilot.domain.errors import BadInput
from copilot.domain.issue_names import ISSUES
from copilot.flow.understand.cases import recall
from copilot.replay.conversations import read_conversations
from copilot.replay.lines import BadLine
from copilot.store.engine import Store
from copilot.store.tables import CaseRow, ConversationRow, DirectoryRow, MerchantRow, ShopRow

_COLUMNS: dict[str, tuple[str, str]] = {
    "week": ("周（周一起）", "week of"),
    "shop": ("店铺", "shop"),
    "issue": ("问题", "issue"),
    "product": ("商品", "product"),
    "cases": ("件数", "cases"),
}


@dataclass(frozen=True, order=True)
class Count:
    """How many cases of an issue about a product were raised in the week that begins on ``week``, a Monday."""

    week: date
    shop: str
    issue: str
    product: str | None
    cases: int

    def as_json(self) -> dict[str, object]:
        """As JSON types; ``product`` is the platform's id, null where no single thing can be told."""
        return {
            "week": self.week.isoformat(),
            "shop": self.shop,
            "issue": self.issue,
            "product": self.product,
            "cases": self.cases,
        }

    def named(self, language: Language) -> dict[str, object]:
        """As a person reads it."""
        at = 0 if language == "zh" else 1
        values = {**self.as_json(), "issue": ISSUES[self.issue][at] if self.issue in ISSUES else self.issue}
        return {_COLUMNS[key][at]: value for key, value in values.items()}


@dataclass(frozen=True)
class Wanted:
    """Which cases to count; both days belong to the stretch."""

    since: date | None = None
    until: date | None = None
    shop: str | None = None
    merchant: str | None = None

    @classmethod
    def parse(cls, since: str | None, until: str | None, shop: str | None, merchant: str | None) -> Self:
        """Read the options.

        Raises:
            BadInput: a day is none, or the last one lies before the first.
        """
        wanted = cls(_day("--from", since), _day("--to", until), shop, merchant)
        if wanted.since and wanted.until and wanted.until < wanted.since:
            raise BadInput("--to lies before --from", remedy="swap them")
        return wanted

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the stretch."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


async def of_store(store: Store, wanted: Wanted) -> list[Count]:
    """The counts of the store's cases.

    Raises:
        BadInput: there is no such shop or merchant.
    """
    async with store.system() as session:
        known = list(await session.scalars(select(DirectoryRow.merchant).where(DirectoryRow.kind == "shop").distinct()))
    counted: Counter[tuple[date, str, str, str | None]] = Counter()
    seen = False
    for merchant in known:
        async with store.merchant(merchant) as session:
            slug = (await session.scalars(select(MerchantRow.slug))).one()
            if wanted.merchant not in (None, slug):
                continue
            shops = {row.id: row for row in await session.scalars(select(ShopRow))}
            chosen = {id for id, row in shops.items() if wanted.shop in (None, row.slug)}
            seen = seen or bool(chosen)
            rows = await session.execute(
                select(ConversationRow.shop, CaseRow.issue, CaseRow.product_id, CaseRow.raised_at, CaseRow.created_at)
                .join(ConversationRow, ConversationRow.id == CaseRow.conversation)
                .where(ConversationRow.shop.in_(chosen))
            )
            for shop, issue, product, raised_at, created_at in rows.all():
                day = (raised_at or created_at).astimezone(shop_zone(shops[shop].zone)).date()
                if wanted.holds(day):
                    counted[_week(day), shops[shop].slug, issue, product] += 1
    if not seen and (wanted.shop or wanted.merchant):
        raise BadInput("there is no such shop", remedy="see `reply-copilot shop list`")
    return _sorted(counted)


def of_archive(file: Path, wanted: Wanted, zone: str) -> list[Count]:
    """The counts of an archive's conversations (one JSON object a line); cases of messages without a time are left out.

    Raises:
        BadInput: the file cannot be read, or a line is no conversation.
    """
    place = shop_zone(zone)
    counted: Counter[tuple[date, str, str, str | None]] = Counter()
    for line in read_conversations(str(file)):
        if isinstance(line, BadLine):
            raise BadInput(f"{line.source}:{line.number}: {line.why}")
        conversation = line.conversation
        if wanted.shop not in (None, conversation.shop):
            continue
        for issue, product, raised_at in _raised(conversation):
            day = raised_at.astimezone(place).date()
            if wanted.holds(day):
                counted[_week(day), conversation.shop or "", issue, product] += 1
    return _sorted(counted)


def _raised(conversation: Conversation) -> Iterator[tuple[str, str | None, datetime]]:
    for one in recall(conversation).after:
        if one.raised_at is not None:
            yield one.case.issue.value, one.product or _product(conversation, one.case), one.raised_at


def _product(conversation: Conversation, case: Case) -> str | None:
    order = next((one for one in conversation.orders or () if case.order and one.id == case.order.id), None)
    products = {item.product_id for item in order.items if item.product_id} if order else set[str]()
    return products.pop() if len(products) == 1 else None


def _day(option: str, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadInput(f"{option}: is not a day", remedy="write it like 2026-11-02") from None


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _sorted(counted: Counter[tuple[date, str, str, str | None]]) -> list[Count]:
    found = [Count(*key, cases) for key, cases in counted.items()]
    return sorted(found, key=lambda one: (one.week, one.shop, -one.cases, one.issue, one.product or ""))
