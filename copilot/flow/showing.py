"""Puts a composed draft on screen while a model still words it, so that nobody waits for a model.

The port ``DraftRows`` of a run over the store. What the model makes of it takes its place afterwards
(``Drafts.improve``), unless somebody has decided by then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from copilot.domain.draft import DraftView
from copilot.domain.verdict import Decision
from copilot.flow.keeping import StoredRows

Show = Callable[[DraftView, tuple[str, ...]], Awaitable[bool]]
"""Shows a draft with the orders to choose from; whether it was shown."""


@dataclass
class ShowingRows:
    """``kept`` with a composed draft shown by ``show``; ``shown`` is the one on screen, once there is one."""

    kept: StoredRows
    show: Show
    shown: DraftView | None = None

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Show the composed draft, or only keep it: without ``candidates``, and when nobody may send it."""
        if candidates is None or view.verdict.decision is Decision.BLOCK:
            await self.kept.composed(merchant, draft, revision, view)
        elif await self.show(view, candidates):
            self.shown = view

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Queue the accepted reply unless it is queued already."""
        return await self.kept.deliver(merchant, draft)
