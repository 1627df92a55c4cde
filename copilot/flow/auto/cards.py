"""The stored answer to a tapped question, or why it may not go out; and a greeting with its questions below it.

Only entries for buyers that hold now and that the shop's rules let out; the words are the shop's own, never composed.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock import dates_unsure
from copilot.domain.auto import Why
from copilot.domain.knowledge import Audience, Entry, Greeting, Notice
from copilot.domain.verdict import Decision
from copilot.flow.shops import Rules
from copilot.flow.suggesting import is_suspect, sayable
from copilot.knowledge import records
from copilot.knowledge.blanks import blanks_of
from copilot.knowledge.kinds import FAQ, NOTICES
from copilot.knowledge.standing import holds
from copilot.policy import CheckContext, Origin, Speaker
from copilot.sdk import FaqCard
from copilot.store.tables import EntryRow

_HOW: Final[Mapping[str, str]] = {"zh": "回复编号即可查看答案。", "en": "Reply with a number to see the answer."}


@dataclass(frozen=True)
class Shelf:
    """The entries of a shop that a moment's answers may come from."""

    rules: Rules
    now: datetime
    unsure: bool

    def why_not(self, entry: Entry) -> Why:
        """``FIRED`` when the entry's answer may go out without a person, else what keeps it back."""
        checks: tuple[tuple[Why, bool], ...] = (
            (Why.NOT_FOR_BUYERS, entry.audience is not Audience.BUYER),
            (Why.NOT_NOW, not holds(entry, self.now)),
            (Why.UNFIT, bool(blanks_of(entry.answer)) or is_suspect(entry)),
            (Why.UNFIT, not sayable(entry, self.rules, self.now, unsure=self.unsure)),
        )
        found = next((why for why, wrong in checks if wrong), None)
        return found or (Why.FIRED if let_out(self.rules, entry.answer, entry.language) else Why.RULES)


async def shelf_of(session: AsyncSession, shop: uuid.UUID, rules: Rules, now: datetime) -> Shelf:
    """What holds now: while a notice says that dates are unsure, no answer says when goods come."""
    notices: list[Notice] = await records.listed(session, NOTICES, shop)
    holding = [one for one in notices if one.starts_at <= now and (one.ends_at is None or now < one.ends_at)]
    return Shelf(rules, now, unsure=rules.terms.dates_unsure or dates_unsure(holding))


def let_out(rules: Rules, text: str, language: str) -> bool:
    """Whether the shop's rules let ``text`` go out as it stands, within the platform's length."""
    if rules.max_chars is not None and len(text) > rules.max_chars:
        return False
    context = CheckContext(
        speaker=Speaker.AGENT, origin=Origin.DRAFT, text_language=language, limits=rules.own_limits
    )  # fmt: skip
    return rules.pack.check(text, context).decision is not Decision.BLOCK


async def entry_of(session: AsyncSession, shop: uuid.UUID, card: str, language: str, words: str) -> Entry | None:
    """The entry ``card``: in the language of the tapped ``words``, else of the buyer, else the only one there is."""
    rows = (await session.scalars(select(EntryRow).where(EntryRow.shop == shop, EntryRow.slug == card))).all()
    ranked = sorted(rows, key=lambda row: (row.question != words, row.language != language, row.language))
    if not ranked or (ranked[0].question != words and ranked[0].language != language and len(ranked) > 1):
        return None
    return FAQ.read(ranked[0])


async def cards_of(session: AsyncSession, shop: uuid.UUID, greeting: Greeting, shelf: Shelf) -> tuple[FaqCard, ...]:
    """The greeting's questions whose answers may go out now, in its order."""
    rows = await session.scalars(
        select(EntryRow).where(
            EntryRow.shop == shop, EntryRow.language == greeting.language, EntryRow.slug.in_(greeting.cards)
        )
    )
    known = {row.slug: FAQ.read(row) for row in rows}
    entries = (known[slug] for slug in greeting.cards if slug in known)
    return tuple(FaqCard(id=one.id, question=one.question) for one in entries if shelf.why_not(one) is Why.FIRED)


def as_list(greeting: Greeting, cards: Sequence[FaqCard], most: int | None) -> tuple[str, tuple[FaqCard, ...]]:
    """Greeting and questions as one numbered text, with the questions that have room in ``most`` characters."""
    for number in range(len(cards), 0, -1):
        lines = [greeting.text, *(f"{at}. {card.question}" for at, card in enumerate(cards[:number], 1))]
        text = "\n".join([*lines, *([_HOW[greeting.language]] if greeting.language in _HOW else [])])
        if most is None or len(text) <= most:
            return text, tuple(cards[:number])
    return greeting.text, ()
