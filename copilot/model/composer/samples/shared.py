"""What samples of several matters share: names of facts, questions for the order, offers."""

from collections.abc import Iterator

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.sample import Sample

_I, _A = Issue, Act

EVENT = ("shipment.SF1.last_event.text", "shipment.SF1.last_event.at")
SHIP = ("shipment.SF1.number", "shipment.SF1.carrier")
TOO_LATE = ("terms.return_days", "order.o1.delivered_at", "case.window_end")
SALE = ("after_sale.a1.status", "after_sale.a1", "after_sale.a1.kind")
ITEM = ("case.item.name",)
FIT = ("fit.size", "fit.measure", "fit.value", "fit.unit", "fit.buyer_value")
RETURN = ("hold.return_at",)
PARCELS = (
    "order.o1.item.1.name", "order.o1.status", "order.o1.shipment", *EVENT, "shipment.SF1.eta",
    "order.o2.item.1.name", "order.o2.status",
)  # fmt: skip
UNDER_WAY = ("order.o1.status", "terms.return_days")
REFUNDED = ("after_sale.a1.amount", "after_sale.a1.refunded_at", "after_sale.a1")
REFUNDED_MAYBE = (
    "after_sale.a1.received_at", "after_sale.a1.refund_to", "after_sale.a1.arrives_by",
    "terms.refund_arrival_business_days.min", "terms.refund_arrival_business_days.max",
)  # fmt: skip
ARRIVAL = ("terms.refund_arrival_business_days.min", "terms.refund_arrival_business_days.max")
DROP = (
    "case.item.price", "product.p1.price", "case.drop", "terms.price_protection_days", "case.protection_end",
)  # fmt: skip


def common(issue: Issue | None) -> Iterator[Sample]:
    """What any matter may need first: the right order, or time."""
    yield Sample(issue, _A.ASK, "order", asks=("order",))
    yield Sample(issue, _A.ASK, "order_check", ("turn.order",), asks=("order",))
    yield Sample(
        issue, _A.ASK, "order_which",
        ("order.o1.item.1.name", "order.o1.created_at", "order.o2.item.1.name", "order.o2.created_at"), asks=("order",),
    )  # fmt: skip
    yield Sample(issue, _A.HOLD, "order_lookup", ("turn.order", "hold.return_at"))
    yield Sample(issue, _A.HOLD, "checking", ("hold.return_at",))
    yield Sample(issue, _A.HOLD, "checking", ("hold.return_at", "word.broken"), ("word.day",))
    yield Sample(issue, _A.HOLD, "approval", ("hold.return_at",), ("approval.sent", "approval.paid"))


def offers(issue: Issue, scene: str, given: tuple[str, ...], maybe: tuple[str, ...], *keys: str) -> Iterator[Sample]:
    """A scene with all its options, each alone, each chosen, and with none."""
    if len(keys) > 1:
        yield Sample(issue, _A.OFFER, scene, given, maybe, keys)
    for key in keys:
        yield Sample(issue, _A.OFFER, scene, given, maybe, (key,))
        yield Sample(issue, _A.CONFIRM, "chosen", (), (), (key,))
    yield Sample(issue, _A.DECLINE, scene, given, maybe)
