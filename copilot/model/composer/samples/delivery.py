"""Parcels: on their way, late, lost, with another address."""

from collections.abc import Iterator

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.sample import Sample
from copilot.model.composer.samples.shared import EVENT, ITEM, RETURN, SALE, SHIP, common, offers

_I, _A = Issue, Act


def shipping(issue: Issue, *scenes: str) -> Iterator[Sample]:
    """The named scenes of a parcel."""
    base = ("order.o1", "order.o1.status")
    table = {
        "unpaid": (_A.ANSWER, base, ("order.o1.created_at", *ITEM), ()),
        "to_ship": (_A.ANSWER, base, ("order.o1.ship_by", "order.o1.paid_at", *ITEM), ()),
        "to_ship_rest": (
            _A.ANSWER, ("order.o1", "order.o1.status", "order.o1.ship_by", "hold.return_at"), ITEM, ()),
        "as_told": (_A.ANSWER, ("case.leaves_on",), ("order.o1.status", "order.o1.paid_at"), ()),
        "not_shipped": (_A.ANSWER, ("order.o1.status",), ("order.o1.ship_by", *ITEM), ()),
        "not_due_yet": (_A.ANSWER, ("order.o1", "order.o1.status", "order.o1.ship_by"), ITEM, ()),
        "in_transit": (_A.ANSWER, SHIP[:1], (*SHIP[1:], *EVENT, "shipment.SF1.eta", *ITEM), ()),
        "in_transit_on_time": (_A.ANSWER, (SHIP[0], "shipment.SF1.eta"), (SHIP[1], *EVENT, *ITEM), ()),
        "late": (_A.ANSWER, (SHIP[0], "shipment.SF1.eta", "hold.return_at"), (SHIP[1], *EVENT, *ITEM), ()),
        "in_transit_late": (
            _A.ANSWER, (SHIP[0], "shipment.SF1.eta", "hold.return_at"), (SHIP[1], *EVENT, *ITEM), ()),
        "stalled": (
            _A.OFFER, (SHIP[0], *EVENT, "case.days_still"), (SHIP[1], *ITEM), ("reship", "refund_full")),
        "anew_unscanned": (_A.HOLD, (SHIP[0], "hold.return_at"), SHIP[1:], ()),
        "anew": (_A.ANSWER, SHIP[:1], (SHIP[1], *EVENT, "shipment.SF1.eta"), ()),
        "anew_late": (_A.ANSWER, (SHIP[0], "shipment.SF1.eta", "hold.return_at"), (SHIP[1], *EVENT), ()),
        "delivered": (_A.ANSWER, ("order.o1",), ("order.o1.delivered_at", *EVENT, SHIP[0], *ITEM), ()),
        "cancelled": (_A.ANSWER, base, ITEM, ()),
        "unscanned": (_A.HOLD, (SHIP[0], "hold.return_at"), SHIP[1:], ()),
        "returning": (_A.HOLD, (SHIP[0], "hold.return_at"), (SHIP[1], *EVENT), ()),
        "no_tracking": (_A.HOLD, ("order.o1", "hold.return_at"), ITEM, ()),
    }  # fmt: skip
    for scene in scenes:
        act, given, maybe, options = table[scene]
        yield Sample(issue, act, scene, given, maybe, options)
        if options:
            yield Sample(issue, _A.DECLINE, scene, given, maybe)
            yield Sample(issue, act, scene, given, maybe, options[:1])


def late(issue: Issue, act: Act, options: tuple[str, ...] = ()) -> Sample:
    """An order that was not shipped in time."""
    return Sample(issue, act, "ship_late", ("order.o1.ship_by", "order.o1.status", "hold.return_at"), ITEM, options)


def parcels() -> Iterator[Sample]:
    """A lost parcel and a changed address."""
    lost, moved = _I.LOST_PARCEL, _I.ADDRESS_CHANGE
    yield Sample(lost, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))
    yield from shipping(lost, "cancelled", "not_shipped", "stalled", "no_tracking", "unscanned")
    yield Sample(lost, _A.HOLD, "last_scan", (SHIP[0], *EVENT, *RETURN), (SHIP[1], *ITEM))
    yield from offers(
        lost, "delivered", ("shipment.SF1.last_event.at",), (EVENT[0], "turn.checked", *ITEM), "reship", "refund_full"
    )
    yield from common(lost)
    status = ("order.o1.status",)
    yield from shipping(moved, "cancelled", "unpaid", "delivered")
    yield Sample(moved, _A.ASK, "ask_address", status, ITEM, asks=("address",))
    yield from offers(moved, "change", status, ITEM, "change_address")
    yield from offers(moved, "fixed", status, ITEM, "cancel_refund")
    yield Sample(moved, _A.DECLINE, "shipped", (*status, *RETURN), (*SHIP, *EVENT))
    yield from common(moved)
