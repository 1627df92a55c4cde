"""Goods that came broken, wrong or short, and what goes back."""

from collections.abc import Iterator

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.sample import Sample
from copilot.model.composer.samples.shared import EVENT, ITEM, RETURN, SALE, SHIP, TOO_LATE, offers

_I, _A = Issue, Act


def goods(issue: Issue, *keys: str) -> Iterator[Sample]:
    """Goods that came broken, wrong or short; ``keys`` are the options."""
    maybe = ("turn.photo", "turn.shards", *ITEM) if issue is _I.DAMAGED else ("turn.photo", *ITEM)
    yield Sample(issue, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline", *ITEM))
    yield Sample(issue, _A.DECLINE, "too_late", TOO_LATE, ITEM)
    yield Sample(issue, _A.ASK, "photo_missing", (), maybe[1:], asks=("photo",))
    yield Sample(issue, _A.ACKNOWLEDGE, "photo_later")
    yield Sample(issue, _A.ACKNOWLEDGE, "photo_none", ("hold.return_at",))
    yield from offers(issue, "decide", (), maybe, *keys)


def missing() -> Iterator[Sample]:
    """What is missing because it has not come yet, and a box with nothing in it."""
    yield Sample(_I.MISSING_ITEM, _A.HOLD, "gift_ahead", ("order.o1.status", *RETURN))
    issue, still = _I.MISSING_ITEM, ("order.o1.status", SHIP[0], *EVENT)
    for scene in ("second_parcel", "on_the_way"):
        yield Sample(issue, _A.ANSWER, scene, still, (SHIP[1], "shipment.SF1.eta", "turn.missing"))
    yield Sample(issue, _A.HOLD, "on_the_way_late", (*still, *RETURN), (SHIP[1], "turn.missing"))
    yield Sample(issue, _A.ASK, "photo_missing", ("turn.empty",), ITEM, asks=("photo",))
    yield from offers(issue, "empty_box", ("turn.empty",), ("turn.photo", *ITEM), "reship", "refund_full")


def warranty() -> Iterator[Sample]:
    """Faults after the days for returns, under a warranty."""
    issue, end = _I.QUALITY_DEFECT, ("case.warranty_end",)
    yield Sample(issue, _A.HOLD, "covered_open", (*end, *RETURN), ITEM)
    yield from offers(issue, "covered", end, ITEM, "repair")
    yield Sample(issue, _A.HOLD, "fault_open", ("order.o1.delivered_at", *RETURN), ("turn.photo", *ITEM))
    yield Sample(issue, _A.HOLD, "warranty_stated", ("product.p1.attributes.warranty", *RETURN), ITEM)


def returns(issue: Issue) -> Iterator[Sample]:
    """What returns of any reason share."""
    yield Sample(issue, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline", *ITEM))
    yield Sample(issue, _A.DECLINE, "too_late", TOO_LATE, ITEM)
