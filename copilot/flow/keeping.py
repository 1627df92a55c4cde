"""Keeps what the flow writes about a draft: the composed text, and the reply that an approval puts on its way."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.clock import Clock
from copilot.domain.draft import DraftState, DraftView
from copilot.store.engine import Store
from copilot.store.tables import DraftRow, OutboxRow

QUEUED = "queued"


class StoredRows:
    """The port ``DraftRows`` over the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """``clock`` stamps what is written."""
        self._store = store
        self._clock = clock

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Keep the composed draft while nobody has moved on."""
        async with self._store.merchant(merchant) as session:
            await session.execute(
                update(DraftRow)
                .where(
                    DraftRow.id == uuid.UUID(draft),
                    DraftRow.revision == revision,
                    DraftRow.state == DraftState.WRITING,
                )
                .values(composed=view.model_dump(mode="json"), updated_at=self._clock.now())
            )

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Queue the accepted text unless it is queued already."""
        async with self._store.merchant(merchant) as session:
            row = await session.scalar(select(DraftRow).where(DraftRow.id == uuid.UUID(draft)))
            if row is None or row.state != DraftState.APPROVED:
                return False
            return await queue_reply(session, row, self._clock)


def _readings(draft: DraftRow) -> dict[str, str]:
    """What the draft's text says in other languages, as it was approved together with it."""
    view = DraftView.model_validate(draft.view) if draft.view else None
    return dict(view.readings) if view is not None and view.text == draft.text else {}


async def queue_reply(session: AsyncSession, draft: DraftRow, clock: Clock, by: str | None = None) -> bool:
    """The outbox row of an approved draft, approved ``by`` somebody; False when there is one already.

    A row that was held because the buyer wrote in between is queued again with the text approved now.
    """
    now = clock.now()
    language, source = next(iter(_readings(draft).items()), (None, None))
    statement = insert(OutboxRow).values(
        merchant=draft.merchant,
        id=uuid.uuid4(),
        shop=draft.shop,
        conversation=draft.conversation,
        source_kind="draft",
        source_id=draft.id,
        text=draft.text,
        state=QUEUED,
        trace=draft.trace,
        by=by,
        source=source,
        source_language=language,
        created_at=now,
        updated_at=now,
    )
    added = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant", "source_kind", "source_id"],
            set_={
                "text": statement.excluded.text,
                "source": source,
                "source_language": language,
                "state": QUEUED,
                "by": by,
                "updated_at": now,
            },
            where=OutboxRow.state == "held",
        ).returning(OutboxRow.id)
    )
    return added.scalar() is not None
