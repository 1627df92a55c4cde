"""What agents corrected: turns whose issue was read wrong, masked, as candidates for the classifier's utterances.

Nothing is learned from them by itself: a person reads them first.
"""

import uuid
from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.base import Shape, Time
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue
from copilot.flow.understand import language_of, read_turn
from copilot.flow.understand.burst import Burst
from copilot.policy.privacy import mask
from copilot.store.engine import Store
from copilot.store.tables import DecisionRow, DirectoryRow, DraftRow, MessageRow, ShopRow


class Correction(Shape):
    """A turn with the issue that an agent gave it; ``read`` is what the classifier makes of it today."""

    text: str
    language: str
    issue: Issue
    read: Issue
    at: Time


async def corrections(store: Store) -> AsyncIterator[Correction]:
    """Every correction of every merchant, each merchant's oldest first."""
    async with store.system() as session:
        known = select(DirectoryRow.merchant).distinct().order_by(DirectoryRow.merchant)
        merchants = list(await session.scalars(known))
    for merchant in merchants:
        async with store.merchant(merchant) as session:
            for correction in await _of_merchant(session):
                yield correction


async def _of_merchant(session: AsyncSession) -> list[Correction]:
    rows = await session.execute(
        select(DecisionRow, DraftRow, ShopRow.market)
        .join(DraftRow, DraftRow.id == DecisionRow.draft)
        .join(ShopRow, ShopRow.id == DraftRow.shop)
        .where(DecisionRow.rejection["reason"].astext == RejectReason.WRONG_ISSUE.value)
        .order_by(DecisionRow.at, DecisionRow.id)
    )
    found: list[Correction] = []
    for decision, draft, market in rows.all():
        rejection = Rejection.model_validate(decision.rejection)
        text = await _said(session, draft.conversation, draft.burst)
        if rejection.issue and text:
            found.append(_correction(text, market, Issue(rejection.issue), decision))
    return found


async def _said(session: AsyncSession, conversation: uuid.UUID, burst: list[str]) -> str:
    """The buyer's words that the draft answered; nothing of what was taken back."""
    lines = await session.scalars(
        select(MessageRow.text)
        .where(
            MessageRow.conversation == conversation,
            MessageRow.platform_message_id.in_(burst),
            MessageRow.recalled_at.is_(None),
        )
        .order_by(MessageRow.position)
    )
    return "\n".join(line.strip() for line in lines if line.strip())


def _correction(text: str, market: str, issue: Issue, decision: DecisionRow) -> Correction:
    read = read_turn(Burst(messages=("0",), texts=(text,)))
    return Correction(
        text=mask(text, market=market).text,
        language=language_of(text),
        issue=issue,
        read=read.issues[0].issue if read.issues else Issue.UNCLEAR,
        at=decision.at,
    )
