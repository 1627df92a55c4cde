"""Which notices concern an order, and what they do to the time by which it must be shipped.

Owns the arithmetic on notices and orders; takes every moment as an argument and writes no words. A date is moved only
by a notice that names it; what nobody stated stays as the platform reports it.
"""

from collections.abc import Iterable
from datetime import datetime

from copilot.domain.knowledge import Notice, NoticeKind
from copilot.domain.order import Order

_HELD_UP = (NoticeKind.DELAY, NoticeKind.HOLIDAY)


def notices_for(order: Order | None, notices: tuple[Notice, ...], at: datetime) -> tuple[Notice, ...]:
    """The ``notices`` in force at ``at`` (which carries an offset) that concern ``order``, in their order.

    A region covers its parts: "US" concerns an order to "US-CA"; "US-CA" does not concern one of which only "US" is
    known. Without an order, or with one whose region nobody knows, only notices for everywhere count.
    """
    return tuple(notice for notice in notices if _in_force(notice, at) and _concerns(notice, order))


def ship_by(order: Order, notices: tuple[Notice, ...]) -> datetime | None:
    """By when ``order`` must be shipped under ``notices``; None when neither the order nor a notice says so.

    The platform's extension for the order's region moves the time (F123). A holiday moves it for orders made during
    the holiday only: those made before, or nobody knows when, keep their own (F125). Never earlier than the order's own
    time; of several extensions the latest counts. An order made when a notice was over is none of its business.
    """
    extended = [notice.ship_by for notice in notices if notice.ship_by is not None and _moves(notice, order)]
    own = () if order.ship_by is None else (order.ship_by,)
    return max((*own, *extended), default=None)


def dates_unsure(notices: Iterable[Notice]) -> bool:
    """Whether goods are held up and nobody knows until when, so that no date may be promised (F124)."""
    return any(notice.kind in _HELD_UP and notice.recovery_at is None for notice in notices)


def _in_force(notice: Notice, at: datetime) -> bool:
    return notice.starts_at <= at and (notice.ends_at is None or at < notice.ends_at)


def _concerns(notice: Notice, order: Order | None) -> bool:
    if not notice.regions:
        return True
    region = (order.region if order else None) or ""
    return any(_covers(wide, region) for wide in notice.regions)


def _covers(wide: str, region: str) -> bool:
    wide, region = wide.strip().upper(), region.strip().upper()
    return bool(wide) and (region == wide or region.startswith(f"{wide}-"))


def _moves(notice: Notice, order: Order) -> bool:
    made = order.created_at
    if not _concerns(notice, order) or (made and notice.ends_at and made >= notice.ends_at):
        return False
    if notice.kind is NoticeKind.HOLIDAY:
        return made is not None and made >= notice.starts_at
    return notice.kind is NoticeKind.SLA_EXTENDED
