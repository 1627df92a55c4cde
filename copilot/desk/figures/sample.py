"""A blind sample of a week: drafts that were accepted and sent as they stood, masked, with nobody's name on them.

Which drafts are in it depends on the week and on a key of the deployment, so that nobody can pick, and nobody can look
up in a log whose a sampled draft is; the same week gives the same sample as long as its drafts stand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.vault import Vault
from copilot.clock import shop_zone
from copilot.clock.days import day_start
from copilot.desk.figures.fate import Fate
from copilot.desk.figures.reading import read_drafts
from copilot.desk.figures.seen import Seen
from copilot.domain.base import Shape
from copilot.domain.issue_names import ISSUES
from copilot.policy.privacy import mask
from copilot.store.tables import PersonRow, ReceptionRow, ShopRow

SIZE: Final = 20
_NAMELESS: Final = "▢"
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SHORTEST: Final = 2
"""A name of one sign would blank half the text."""
_WEEK: Final = timedelta(days=7)
_PURPOSE: Final = "sample"
_SAID: Final = text(
    """
    SELECT d.id, d.language, b.nickname, ARRAY(
      SELECT m.text FROM messages m
      WHERE m.merchant = d.merchant AND m.conversation = d.conversation AND m.role = 'buyer' AND m.recalled_at IS NULL
        AND m.platform_message_id IN (SELECT jsonb_array_elements_text(d.burst))
      ORDER BY m.position
    ) AS buyer
    FROM drafts d
    JOIN conversations c ON c.merchant = d.merchant AND c.id = d.conversation
    LEFT JOIN buyers b ON b.merchant = c.merchant AND b.id = c.buyer
    WHERE d.id = ANY(:drafts)
    """
)


class Sampled(Shape):
    """One accepted draft: what the buyer wrote, and the text that was sent; ``id`` is in no other list or log."""

    id: str
    shop: str
    issue: str
    language: str | None
    buyer: tuple[str, ...]
    text: str


class Sample(Shape):
    """The sample of the week that begins on ``monday``, out of ``of`` drafts that were sent as they stood."""

    monday: date
    of: int
    drafts: tuple[Sampled, ...]


@dataclass(frozen=True)
class _Pick:
    rank: str
    shop: ShopRow
    seen: Seen


async def read_sample(
    session: AsyncSession, shops: Sequence[ShopRow], monday: date, language: str, vault: Vault
) -> Sample:
    """The sample over ``shops``, of which the caller knows that the reader may see them."""
    picks: list[_Pick] = []
    for shop in shops:
        zone = shop_zone(shop.zone)
        drafts = await read_drafts(session, shop.id, day_start(monday, zone), day_start(monday + _WEEK, zone))
        week = f"{shop.merchant} {monday.isoformat()}"
        picks += [_Pick(vault.mark(_PURPOSE, f"{week} {one.draft}"), shop, one) for one in drafts if _accepted(one)]
    picks.sort(key=lambda pick: pick.rank)
    picked = picks[:SIZE]
    names = await _people(session)
    found = await session.execute(_SAID, {"drafts": [pick.seen.draft for pick in picked]})
    said = {row["id"]: row for row in found.mappings()}
    shown = [_sampled(pick, said[pick.seen.draft], names, language) for pick in picked]
    return Sample(monday=monday, of=len(picks), drafts=tuple(shown))


def last_whole_week(shops: Sequence[ShopRow], now: datetime) -> date:
    """The Monday of the last week that is over in all ``shops``, each by its own clock."""
    today = min((now.astimezone(shop_zone(shop.zone)).date() for shop in shops), default=now.date())
    return today - timedelta(days=today.weekday()) - _WEEK


def _accepted(one: Seen) -> bool:
    """Whether it was accepted as it stood and left so, and its text is still there."""
    done = one.outcome
    return one.typed is False and done.accepted and done.left and bool(one.text) and done.fate is Fate.VERBATIM


def _sampled(pick: _Pick, said: Mapping[Any, Any], people: frozenset[str], language: str) -> Sampled:
    names = people | ({said["nickname"]} if said["nickname"] else set[str]())
    zh, en = ISSUES.get(pick.seen.outcome.issue, (pick.seen.outcome.issue,) * 2)
    return Sampled(
        id=pick.rank[:12],
        shop=pick.shop.name,
        issue=zh if language == "zh" else en,
        language=said["language"],
        buyer=tuple(nameless(one, pick.shop.market, names) for one in said["buyer"] if one.strip()),
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
