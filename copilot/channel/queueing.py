"""What a buyer's message does to the queue: the conversation waits for somebody, unless it is with somebody.

Who gets it is decided at the desk, after the commit; where the platform gives conversations out, nothing is done.
"""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import QUEUE_DRAIN
from copilot.store import timers
from copilot.store.consequences import Consequences
from copilot.store.tables import ShopRow

SETTING: Final = "queue"
"""Key in a shop's ``settings``: an object whose ``by`` is "desk" (also where it is missing) or "platform"."""


def given_by_platform(shop: ShopRow) -> bool:
    """Whether the platform gives the shop's conversations to its people."""
    chosen: dict[str, Any] = shop.settings.get(SETTING) or {}
    return chosen.get("by") == "platform"


def as_waiting(
    shop: ShopRow, now: datetime, *, assignee: uuid.UUID | None, ended: bool, queued: bool
) -> dict[str, Any]:
    """What changes in the conversation's row when its buyer has written."""
    opened: dict[str, Any] = {"ended_at": None} if ended else {}
    if given_by_platform(shop) or (assignee is not None and not ended):
        return opened
    return opened if queued and not ended else {**opened, "queued_at": now}


def look_who_waits(left: Consequences, now: datetime) -> None:
    """As ``give_out``, when the transaction that leaves this commits."""
    left.arm(QUEUE_DRAIN, left.merchant, now, sooner=True)


async def give_out(session: AsyncSession, merchant: uuid.UUID, now: datetime) -> None:
    """Look who can take what waits, soon after the session's transaction commits.

    One look serves all that came in between: at a peak a job for every message would cost as much as its draft.
    """
    await timers.arm(session, QUEUE_DRAIN, merchant, now, merchant=merchant, sooner=True)
