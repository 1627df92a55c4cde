"""A blind sample of a week: drafts that were accepted as they stood, masked, with nobody's name on them.

Which drafts are in it depends on the week alone, so that nobody can pick; the same week gives the same sample as long
as its drafts stand.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import shop_zone
from copilot.clock.days import day_start
from copilot.desk.figures.fate import Fate, fate_of, judging_decision
from copilot.desk.figures.reading import Seen, read_drafts
from copilot.domain.base import Shape
from copilot.domain.issue_names import ISSUES
from copilot.domain.message import Role
from copilot.policy.privacy import mask
from copilot.store.tables import BuyerRow, ConversationRow, DraftRow, MessageRow, PersonRow, ReceptionRow, ShopRow

SIZE: Final = 20
_NAMELESS: Final = "▢"
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SHORTEST: Final = 2
"""A name of one sign would blank half the text."""


class Sampled(Shape):
    """One accepted draft: what the buyer wrote, and the text that was sent; ``id`` leads to nothing else."""

    id: str
    shop: str
    issue: str
    language: str | None
    buyer: tuple[str, ...]
    text: str


class Sample(Shape):
    """The sample of the week that begins on ``monday``, out of ``of`` drafts that were accepted as they stood."""

    monday: date
    of: int
    drafts: tuple[Sampled, ...]


@dataclass(frozen=True)
class _Pick:
    rank: str
    shop: ShopRow
    seen: Seen


async def read_sample(session: AsyncSession, shops: Sequence[ShopRow], monday: date, language: str) -> Sample:
    """The sample over ``shops``, of which the caller knows that the reader may see them."""
    picks: list[_Pick] = []
    for shop in shops:
        zone = shop_zone(shop.zone)
        start, end = day_start(monday, zone), day_start(monday + timedelta(days=7), zone)
        drafts = await read_drafts(session, shop.id, start, end)
        picks += [_Pick(_rank(shop.merchant, monday, one.draft), shop, one) for one in drafts if _accepted(one)]
    picks.sort(key=lambda pick: pick.rank)
    names = await _people(session)
    shown = [await _sampled(session, pick, names, language) for pick in picks[:SIZE]]
    return Sample(monday=monday, of=len(picks), drafts=tuple(shown))


def monday_before(now: datetime, zone: str) -> date:
    """The Monday of the last whole week."""
    today = now.astimezone(shop_zone(zone)).date()
    return today - timedelta(days=today.weekday() + 7)


def _accepted(one: Seen) -> bool:
    """Whether it counts as accepted as it stood, and its text is still there."""
    decided = judging_decision(one.story)
    pressed = decided is not None and decided.kind == "accept"
    return one.typed is False and pressed and bool(one.text) and fate_of(one.story) is Fate.VERBATIM


def _rank(merchant: uuid.UUID, monday: date, draft: uuid.UUID) -> str:
    return hashlib.sha256(f"{merchant} {monday.isoformat()} {draft}".encode()).hexdigest()


async def _sampled(session: AsyncSession, pick: _Pick, people: frozenset[str], language: str) -> Sampled:
    row = (await session.scalars(select(DraftRow).where(DraftRow.id == pick.seen.draft))).one()
    nickname = await session.scalar(
        select(BuyerRow.nickname)
        .join(ConversationRow, (ConversationRow.buyer == BuyerRow.id) & (ConversationRow.merchant == BuyerRow.merchant))
        .where(ConversationRow.id == row.conversation)
    )
    lines = await session.scalars(
        select(MessageRow.text)
        .where(
            MessageRow.conversation == row.conversation,
            MessageRow.platform_message_id.in_(row.burst),
            MessageRow.role == Role.BUYER,
            MessageRow.recalled_at.is_(None),
        )
        .order_by(MessageRow.position)
    )
    names = people | ({nickname} if nickname else set[str]())
    zh, en = ISSUES.get(pick.seen.issue, (pick.seen.issue,) * 2)
    return Sampled(
        id=pick.rank[:12],
        shop=pick.shop.name,
        issue=zh if language == "zh" else en,
        language=row.language,
        buyer=tuple(nameless(one, pick.shop.market, names) for one in lines if one.strip()),
        text=nameless(pick.seen.text or "", pick.shop.market, names),
    )


async def _people(session: AsyncSession) -> frozenset[str]:
    """What the merchant's people are called, here and on platforms."""
    rows = (await session.execute(select(PersonRow.name, PersonRow.login))).all()
    platforms = await session.scalars(select(ReceptionRow.platform_name))
    known = {one for name, login in rows for one in (name, login)} | {name for name in platforms if name}
    return frozenset(one for one in known if len(one) >= _SHORTEST)


def nameless(text: str, market: str, names: Iterable[str]) -> str:
    """``text`` without personal data and without any of ``names``, nor the words that a Latin name is made of."""
    whole = {one for one in names if len(one) >= _SHORTEST}
    parts = {word for one in whole for word in _WORD.findall(one)}
    known = sorted(whole | parts, key=lambda one: (-len(one), one))
    if known:
        # Before the masking, which would leave half a name standing. A Latin name is a word: "Lin" is not in "Linen".
        found = [rf"(?<![A-Za-z]){re.escape(one)}(?![A-Za-z])" if one.isascii() else re.escape(one) for one in known]
        text = re.sub("|".join(found), _NAMELESS, text, flags=re.IGNORECASE)
    return mask(text, market=market).text
