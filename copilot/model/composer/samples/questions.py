"""Questions about goods before an order, and goods that differ from the advertisement."""

from collections.abc import Iterator

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.sample import Sample
from copilot.model.composer.samples.shared import ITEM, RETURN, SALE, TOO_LATE, offers

_I, _A = Issue, Act

PRICED = ("product.p1.name", "product.p1.price")
STATED = ("product.p1.attributes.material", "question.title.material")
STATED_TOO = ("product.p1.attributes.capacity_ml", "question.title.capacity_ml")
WASHED = ("product.p1.attributes.care", "question.title.care")
SAFE = ("product.p1.attributes.dishwasher", "question.title.dishwasher", "question.phrase.dishwasher")


def goods_questions() -> Iterator[Sample]:
    """What people ask before they buy, and how to use what they bought."""
    for issue, known in ((_I.PRODUCT_QUESTION, STATED), (_I.USAGE_QUESTION, WASHED)):
        yield Sample(issue, _A.ASK, "ask_product", asks=("product",))
        yield Sample(issue, _A.ANSWER, "known", known, (*STATED_TOO, *PRICED, "product.p1.stock"))
        yield Sample(issue, _A.ANSWER, "known", SAFE, PRICED)
        yield Sample(issue, _A.ANSWER, "partly", (*known, "question.open", *RETURN), ("product.p1.name",))
        yield Sample(issue, _A.HOLD, "not_stated", RETURN, ("question.open", "product.p1.name"))
    yield Sample(_I.PRODUCT_QUESTION, _A.ANSWER, "bought", STATED, (*STATED_TOO, "product.p1.name"))
    yield Sample(_I.USAGE_QUESTION, _A.HOLD, "safe", RETURN, ("product.p1.name",))
    stock, sized = ("product.p1.stock", "product.p1.name"), ("fit.size", "fit.in_stock")
    for issue in (_I.STOCK, _I.PRODUCT_QUESTION):
        yield Sample(issue, _A.HOLD, "short_dated", RETURN, ("product.p1.name",))
    yield Sample(_I.STOCK, _A.ASK, "ask_product", asks=("product",))
    yield Sample(_I.STOCK, _A.HOLD, "off_sale", RETURN)
    yield Sample(_I.STOCK, _A.HOLD, "aside", RETURN, ("product.p1.name",))
    yield Sample(_I.STOCK, _A.HOLD, "variant", RETURN, ("product.p1.name",))
    yield Sample(_I.STOCK, _A.ANSWER, "size_in_stock", sized, ("fit.label", *PRICED))
    yield Sample(_I.STOCK, _A.ANSWER, "other_colour", ("fit.colours", "product.p1.name"), PRICED)
    yield Sample(_I.STOCK, _A.HOLD, "size_sold_out", (*sized, *RETURN), ("fit.nearby", "product.p1.name"))
    back = (*sized, "product.p1.attributes.restock_at")
    yield Sample(_I.STOCK, _A.ANSWER, "size_restock", back, ("fit.label", "fit.nearby", "product.p1.name"))
    yield Sample(_I.STOCK, _A.ANSWER, "several", ("fit.there",), ("fit.gone", *PRICED))
    yield Sample(
        _I.STOCK, _A.ANSWER, "several", ("fit.gone", "product.p1.attributes.restock_at"), ("fit.there", *PRICED)
    )
    yield Sample(_I.STOCK, _A.HOLD, "several_gone", ("fit.gone", *RETURN), ("fit.there", "product.p1.name"))
    yield Sample(_I.STOCK, _A.ANSWER, "in_stock", stock, ("product.p1.price",))
    yield Sample(_I.STOCK, _A.ANSWER, "restock", (*stock, "product.p1.attributes.restock_at"))
    yield Sample(_I.STOCK, _A.HOLD, "sold_out", (*stock, *RETURN))
    yield Sample(_I.STOCK, _A.HOLD, "not_stated", RETURN, ("product.p1.name",))


def tall_and_long() -> Iterator[Sample]:
    """Sizes of goods that are no sizes of a body."""
    yield Sample(_I.SIZE_FIT, _A.ANSWER, "stated", STATED_TOO, (*PRICED, "product.p1.stock"))
    yield Sample(_I.SIZE_FIT, _A.ANSWER, "partly", (*STATED_TOO, "question.open", *RETURN), ("product.p1.name",))
    yield Sample(_I.SIZE_FIT, _A.HOLD, "not_stated", (*RETURN, "question.open"), ("product.p1.name",))


def adverts() -> Iterator[Sample]:
    """Goods and offers that differ from the advertisement: only with what was promised."""
    issue, said = _I.AD_MISMATCH, ("turn.promised",)
    yield Sample(issue, _A.HOLD, "checking", RETURN)
    yield Sample(issue, _A.ASK, "ask_promised", (), ("product.p1.name",), asks=("promised",))
    yield Sample(
        issue, _A.HOLD, "before_order", (*said, *RETURN), (*PRICED, "product.p1.attributes.promotion")
    )  # fmt: skip
    yield Sample(issue, _A.HOLD, "paid", (*said, *RETURN))
    yield Sample(issue, _A.HOLD, "gift_open", (*said, *RETURN))
    yield Sample(issue, _A.HOLD, "on_the_way", (*said, *RETURN), ITEM)
    yield Sample(issue, _A.HOLD, "gift_ahead", (*said, "order.o1.status", *RETURN), ITEM)
    yield from offers(issue, "gift_sent", (*said, "order.o1.status"), ITEM, "resend_gift")
    yield from offers(issue, "before_shipping", (*said, "order.o1.status"), ITEM, "cancel_refund")
    yield from offers(
        issue, "delivered", (*said, "terms.return_days", "case.window_end"), ITEM, "resend_gift", "return_refund"
    )
    yield Sample(issue, _A.DECLINE, "too_late", (*said, *TOO_LATE), ITEM)
    yield Sample(issue, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))
