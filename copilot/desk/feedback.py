"""What agents say of drafts, for those who look after rules, playbooks and words.

Nothing here counts anything: what somebody says of drafts is no figure of theirs (``desk/figures`` reads no feedback).
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.shapes import Moment, PersonShown
from copilot.domain.base import Shape
from copilot.domain.draft import DraftView
from copilot.domain.errors import BadInput
from copilot.policy.privacy import mask
from copilot.store.tables import DraftRow, FeedbackRow, PersonRow, ShopRow

PAGE: Final = 100


class FeedbackShown(Shape):
    """One word on a draft. ``text`` and ``draft_text`` are masked; ``draft_text`` is null when it is gone.

    ``issues`` are what the draft was about.
    """

    id: str
    draft: str
    revision: int
    conversation: str
    shop: str
    by: PersonShown
    text: str
    draft_text: str | None
    issues: tuple[str, ...]
    at: Moment


class FeedbackList(Shape):
    """A page of it, the newest first; ``next`` is where the next one begins, null on the last."""

    feedback: tuple[FeedbackShown, ...]
    next: str | None = None


@dataclass(frozen=True)
class Before:
    """Where a page ended."""

    at: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        """As it is handed back."""
        return f"{self.at.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read it.

        Raises:
            BadInput: it is none of ours.
        """
        at, _, id = written.partition("_")
        try:
            moment, found = datetime.fromisoformat(at), uuid.UUID(id)
        except ValueError:
            raise BadInput("no page ends there") from None
        if moment.tzinfo is None:
            raise BadInput("no page ends there")
        return cls(moment, found)


async def say(session: AsyncSession, draft: DraftRow, *, by: str, text: str, now: datetime) -> FeedbackRow:
    """Keep a word on the draft as it stands; personal data in it is masked before it is kept."""
    market = (await session.scalars(select(ShopRow.market).where(ShopRow.id == draft.shop))).one()
    row = FeedbackRow(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        draft=draft.id,
        revision=draft.revision,
        shop=draft.shop,
        by=by,
        text=mask(text, market=market).text,
        at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def read_feedback(
    session: AsyncSession, shop: uuid.UUID | None, before: Before | None = None, limit: int | None = PAGE
) -> tuple[tuple[FeedbackShown, ...], Before | None]:
    """What was said, the newest first, and where the next page begins; without a ``limit`` all of it."""
    wanted: list[ColumnElement[bool]] = [FeedbackRow.shop == shop] if shop is not None else []
    if before is not None:
        wanted.append(tuple_(FeedbackRow.at, FeedbackRow.id) < tuple_(before.at, before.id))
    query = (
        select(FeedbackRow, DraftRow, ShopRow.market)
        .join(DraftRow, DraftRow.id == FeedbackRow.draft)
        .join(ShopRow, ShopRow.id == FeedbackRow.shop)
        .where(*wanted)
        .order_by(FeedbackRow.at.desc(), FeedbackRow.id.desc())
    )
    found = (await session.execute(query.limit(limit + 1) if limit else query)).all()
    page = found[:limit] if limit else found
    names = await _names(session, [row.by for row, _, _ in page])
    last = page[-1][0] if limit and len(found) > limit else None
    return tuple(_shown(row, draft, market, names) for row, draft, market in page), Before(
        last.at, last.id
    ) if last else None


def as_lines(said: Sequence[FeedbackShown]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) + "\n" for one in said)


async def _names(session: AsyncSession, ids: Sequence[str]) -> dict[str, str]:
    rows = await session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_([*map(uuid.UUID, ids)])))
    return {str(id): name for id, name in rows.all()}


def _shown(row: FeedbackRow, draft: DraftRow, market: str, names: dict[str, str]) -> FeedbackShown:
    view = DraftView.model_validate(draft.view) if draft.view else None
    return FeedbackShown(
        id=str(row.id),
        draft=str(row.draft),
        revision=row.revision,
        conversation=str(draft.conversation),
        shop=str(row.shop),
        by=PersonShown(id=row.by, name=names.get(row.by, "")),
        text=row.text,
        # A later revision is another text than the one that was meant.
        draft_text=mask(draft.text, market=market).text if draft.text and draft.revision == row.revision else None,
        issues=tuple(one.issue.value for one in view.issues) if view else (),
        at=row.at,
    )
