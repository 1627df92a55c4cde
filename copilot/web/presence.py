"""A page is open while its event stream is: noted when it begins, again and again while it lasts, and at its end.

What waits is given out as soon as somebody who can take it is there.
"""

import uuid
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from copilot.access.principal import Action, Principal
from copilot.desk.queue.drain import drain
from copilot.desk.queue.reception import page_closed, page_opened
from copilot.logs import get_logger
from copilot.web.parts import Parts

log = get_logger(__name__)

SAID_EVERY: Final = 12.0
"""Seconds between two notes that a page is still open."""


@dataclass
class Presence:
    """The page behind one stream of ``principal``; nothing is noted for machines and for those who answer nobody."""

    parts: Parts
    principal: Principal
    page: uuid.UUID = field(default_factory=uuid.uuid4)
    _said: float | None = None

    @property
    def _counts(self) -> bool:
        return self.principal.kind == "person" and self.principal.can(Action.REPLY)

    async def still_open(self) -> None:
        """Note that the page is open, unless that was said a moment ago."""
        ticks = self.parts.clock.monotonic()
        if not self._counts or (self._said is not None and ticks - self._said < SAID_EVERY):
            return
        self._said = ticks
        now, merchant = self.parts.clock.now(), self.principal.merchant
        async with self.parts.store.merchant(merchant) as session:
            if await page_opened(session, merchant, self.page, self.principal.id, now):
                await drain(session, merchant, self.parts.profiles.of, now)

    async def closed(self) -> None:
        """The stream ended."""
        if self._said is None:
            return
        try:
            async with self.parts.store.merchant(self.principal.merchant) as session:
                await page_closed(session, self.page, self.parts.clock.now())
        except (SQLAlchemyError, OSError) as error:
            # It runs out by itself.
            log.warning("presence_unnoted", error=error)
