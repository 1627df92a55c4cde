"""What a greeting's cards may be: entries of the same shop and language, for buyers, whole, each once.

Owns that comparison; who may change a greeting is the doors', and nothing is sent from here.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.errors import BadInput
from copilot.domain.knowledge import Audience, Entry, Greeting
from copilot.knowledge.blanks import blanks_of
from copilot.knowledge.kinds import FAQ
from copilot.store.tables import EntryRow


async def require_cards(session: AsyncSession, shop: uuid.UUID, greeting: Greeting) -> None:
    """Refuses cards that no buyer could be shown.

    Raises:
        BadInput: names the card and what is wrong with it.
    """
    if len(set(greeting.cards)) < len(greeting.cards):
        raise BadInput("cards: one stands there twice", remedy="name each entry once")
    rows = await session.scalars(
        select(EntryRow).where(
            EntryRow.shop == shop, EntryRow.language == greeting.language, EntryRow.slug.in_(greeting.cards)
        )
    )
    known = {row.slug: FAQ.read(row) for row in rows}
    for at, card in enumerate(greeting.cards):
        _require(at, known.get(card), greeting.language)


def require_few(greetings: Sequence[object], most: int | None) -> None:
    """Refuses more cards than the platform shows; ``most`` is None where it says nothing.

    Raises:
        BadInput: says how many there may be.
    """
    for one in greetings:
        if most is not None and isinstance(one, Greeting) and len(one.cards) > most:
            raise BadInput(f"cards: the platform shows {most} at most", remedy="leave some out")


def _require(at: int, entry: Entry | None, language: str) -> None:
    if entry is None:
        raise BadInput(f"cards.{at}: the shop has no such entry in {language}", remedy="name the id of an entry")
    if entry.audience is not Audience.BUYER:
        raise BadInput(f"cards.{at}: is an entry for staff", remedy="name one for buyers")
    if blanks_of(entry.answer):
        raise BadInput(f"cards.{at}: its answer has a {{blank}}", remedy="fill it in first")
