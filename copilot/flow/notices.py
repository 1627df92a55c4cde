"""What the notices that hold now mean for the orders of a talk.

Owns the meeting of notices and orders: a time to ship that the platform moved stands in the order, the order's own
where the notice does not reach it. It writes no words and moves no date itself (``clock/notices.py`` does).
"""

from dataclasses import dataclass
from datetime import datetime

from copilot.clock.notices import dates_unsure, notices_for, ship_by
from copilot.domain.knowledge import Notice, NoticeKind
from copilot.domain.order import Order
from copilot.flow.knowing import NOTICES
from copilot.flow.shapes import Gathered

UNKNOWN = "unavailable"
"""Why dates are unsure while nobody can tell which notices hold."""
TERMS = "terms"


@dataclass(frozen=True)
class UnderNotices:
    """``orders`` with the times that hold now, ``extended`` those of them (ids) whose time to ship was moved.

    ``notices`` are those that concern the order of the turn; ``unsure`` says why no date may be promised: the kind of
    a notice, ``terms`` or ``unavailable``; null when dates hold.
    """

    orders: tuple[Order, ...] | None
    extended: frozenset[str]
    notices: tuple[Notice, ...]
    unsure: str | None


def under_notices(orders: tuple[Order, ...] | None, gathered: Gathered, now: datetime, *, unsure: bool) -> UnderNotices:
    """What ``gathered`` notices do to ``orders`` at ``now``; ``unsure``: the shop's terms say that no date holds."""
    chosen = gathered.order.id if gathered.order is not None else None
    about = next((order for order in orders or () if order.id == chosen), None)
    concerned = tuple(one for one in notices_for(about, gathered.notices, now) if _reaches(one, about))
    moved = [_moved(order, gathered.notices, now) for order in orders or ()]
    extended = frozenset(
        after.id for before, after in zip(orders or (), moved, strict=True) if before.ship_by != after.ship_by
    )
    return UnderNotices(
        orders=None if orders is None else tuple(moved),
        extended=extended,
        notices=concerned,
        unsure=_why_unsure(concerned, gathered, unsure=unsure),
    )


def _reaches(notice: Notice, order: Order | None) -> bool:
    """Whether the notice is about ``order``: what was bought before a holiday is sent as if there were none."""
    if notice.kind is not NoticeKind.HOLIDAY or order is None or order.created_at is None:
        return True
    return order.created_at >= notice.starts_at


def _moved(order: Order, notices: tuple[Notice, ...], now: datetime) -> Order:
    by = ship_by(order, notices_for(order, notices, now))
    return order if by == order.ship_by else order.model_copy(update={"ship_by": by})


def _why_unsure(concerned: tuple[Notice, ...], gathered: Gathered, *, unsure: bool) -> str | None:
    if unsure:
        return TERMS
    if NOTICES in gathered.unavailable:
        return UNKNOWN
    held_up: NoticeKind | None = next((one.kind for one in concerned if dates_unsure((one,))), None)
    return held_up.value if held_up is not None else None
