"""Texts that leave without a person: greetings, answers to cards, auto replies; queued once, dropped when not needed.

Which text it is was decided before; here stand the marks by which the outbox and the lists know such a reply.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import AUTO_ANSWER
from copilot.channel.waking import DRAFT_BELT, send_now
from copilot.domain.draft import OPEN_STATES
from copilot.domain.plan import Promise
from copilot.sdk import FaqCard
from copilot.store import events
from copilot.store.consequences import Consequences
from copilot.store.tables import DraftRow, MessageRow, OutboxRow, ShopRow

AUTO: Final = "auto"
GREETING: Final = "greeting"
MACHINES: Final = frozenset({AUTO, GREETING})
"""``source_kind`` of replies that no person approved."""
NOT_NEEDED: Final = "not_needed"
"""Why such a reply did not leave: a person spoke first, or too much time passed. Nobody has to look at it."""
POSTURE: Final = "auto"


def answer_auto(left: Consequences, message: uuid.UUID, now: datetime) -> None:
    """Decide what may answer the buyer's ``message`` at once, when the transaction that leaves this commits."""
    # Should that job die, it is made once more; by then it is hardly a greeting any longer.
    left.arm(AUTO_ANSWER, message, now + DRAFT_BELT)
    left.run(AUTO_ANSWER, merchant=left.merchant, ref=message)


async def queue_auto(
    session: AsyncSession,
    shop: ShopRow,
    conversation: uuid.UUID,
    *,
    kind: str,
    source: uuid.UUID,
    text: str,
    now: datetime,
    above: str = "",
    cards: Sequence[FaqCard] = (),
    owes: Sequence[Promise] = (),
) -> None:
    """Queue ``text`` for ``source``, once; it leaves after the commit.

    With ``cards``, ``above`` is the text that stands above them where the platform has such cards; ``text`` lists them.
    """
    below: dict[str, Any] | None = None
    if cards:
        below = {"text": above, "cards": [card.model_dump(mode="json") for card in cards]}
    values = {
        "merchant": shop.merchant,
        "id": uuid.uuid4(),
        "shop": shop.id,
        "conversation": conversation,
        "source_kind": kind,
        "source_id": source,
        "text": text,
        "state": "queued",
        "trace": uuid.uuid4().hex,
        "owes": [promise.model_dump(mode="json") for promise in owes],
        "cards": below,
        "created_at": now,
        "updated_at": now,
    }
    row = await session.scalar(insert(OutboxRow).values(**values).on_conflict_do_nothing().returning(OutboxRow))
    if row is None:
        return
    await events.append(session, merchant=shop.merchant, shop=shop.id, topic="reply.queued", ref=str(row.id), at=now)
    await send_now(session, row, now)


async def card_answered(session: AsyncSession, row: OutboxRow) -> None:
    """The answer to a tapped card was sent: an open draft of that turn was written before it, and is written anew."""
    if row.source_kind != AUTO:
        return
    tapped = await session.scalar(select(MessageRow.platform_message_id).where(MessageRow.id == row.source_id))
    if tapped is None:
        return
    # As for edited words: the turn has the same messages, and the drafting must not take the draft for its answer.
    others = DraftRow.burst.op("-", return_type=JSONB())(literal(tapped, Text()))
    open_ones = (DraftRow.conversation == row.conversation) & DraftRow.state.in_(OPEN_STATES)
    await session.execute(update(DraftRow).where(open_ones, DraftRow.burst.contains([tapped])).values(burst=others))
