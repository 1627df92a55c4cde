"""Papers, payments, complaints, and who wants a person."""

from collections.abc import Iterator

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.delivery import shipping
from copilot.model.composer.samples.sample import Sample
from copilot.model.composer.samples.shared import ITEM, RETURN, SALE, offers

_I, _A = Issue, Act


def papers() -> Iterator[Sample]:
    """Warranty, payment and invoice."""
    kept, paid, billed = _I.WARRANTY, _I.PAYMENT_ACCOUNT, _I.INVOICE
    yield Sample(kept, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))
    yield from offers(kept, "covered", ("case.warranty_end",), ITEM, "repair")
    yield Sample(kept, _A.HOLD, "covered_open", ("case.warranty_end", *RETURN), ITEM)
    yield Sample(kept, _A.DECLINE, "over", ("case.warranty_end", "order.o1.delivered_at"), ITEM)
    yield Sample(kept, _A.ASK, "ask_product", asks=("product",))
    yield Sample(kept, _A.ANSWER, "stated", ("product.p1.attributes.warranty",), ("product.p1.name",))
    yield Sample(kept, _A.ANSWER, "stated", ("product.p1.attributes.warranty_months",), ("product.p1.name",))
    yield Sample(kept, _A.ANSWER, "period", ("terms.warranty_days",))
    yield Sample(kept, _A.HOLD, "not_stated", RETURN, ("product.p1.name",))
    order = ("order.o1", "order.o1.status")
    yield Sample(paid, _A.ANSWER, "login")
    yield Sample(paid, _A.ANSWER, "methods", (), ("product.p1.price",))
    yield Sample(paid, _A.ASK, "charged", (), (*order, "order.o1.total"), asks=("photo",))
    yield Sample(paid, _A.HOLD, "charged_seen", ("turn.photo", *RETURN), order)
    yield Sample(paid, _A.ASK, "not_paid", order, ("order.o1.total",), asks=("photo",))
    yield Sample(paid, _A.HOLD, "seen", ("turn.photo", *RETURN))
    yield Sample(paid, _A.ASK, "failed", asks=("photo",))
    kind, where = ("terms.invoice.kind",), ("terms.invoice.kind", "terms.invoice.where")
    yield from shipping(billed, "cancelled", "unpaid")
    yield Sample(billed, _A.DECLINE, "no_special", kind, where[1:])
    yield Sample(billed, _A.HOLD, "special", RETURN)
    yield Sample(billed, _A.ANSWER, "one_for_several", (*where, *RETURN))
    yield Sample(billed, _A.ANSWER, "order_page", where)
    yield Sample(billed, _A.ANSWER, "parcel", where)
    yield Sample(billed, _A.ASK, "ask_title", kind, asks=("invoice_title",))
    yield from offers(billed, "issue", kind, ("order.o1.total",), "invoice")
    yield Sample(billed, _A.HOLD, "checking", RETURN)


def people() -> Iterator[Sample]:
    """Complaints, requests for a person, reviews, and what is not understood."""
    yield Sample(_I.COMPLAINT, _A.ASK, "ask_matter", (), ITEM, asks=("reason",))
    yield Sample(_I.COMPLAINT, _A.HOLD, "our_people", RETURN)
    yield Sample(_I.COMPLAINT, _A.HOLD, "told", RETURN)
    for scene in ("colleague", "supervisor"):
        yield Sample(_I.HUMAN_REQUEST, _A.HOLD, scene, RETURN, ("case.matter", *ITEM))
    yield Sample(_I.HUMAN_REQUEST, _A.ANSWER, "real_person")
    yield Sample(_I.REVIEW, _A.DECLINE, "no_reward")
    yield Sample(_I.REVIEW, _A.ANSWER, "matter_first", ("case.matter",))
    yield Sample(_I.REVIEW, _A.ANSWER, "yours")
    yield Sample(_I.UNCLEAR, _A.ASK, "ask_matter", asks=("reason",))
    yield Sample(_I.UNCLEAR, _A.ASK, "ask_wish", (), ITEM, asks=("reason",))
