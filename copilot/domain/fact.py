"""Facts: everything a draft may state, each with the place it came from."""

from enum import StrEnum

from pydantic import JsonValue

from copilot.domain.base import Shape


class FactKind(StrEnum):
    """What a fact's value is; decides how it is worded and how a claim is compared with it.

    The value's form: ``amount`` Money as a dict, ``date`` "YYYY-MM-DD", ``time`` RFC 3339, ``duration`` seconds,
    ``percent`` a number (10 is 10 %), ``quantity`` a number, ``number`` an order or tracking number, and text for the
    rest.
    """

    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    PERCENT = "percent"
    QUANTITY = "quantity"
    NUMBER = "number"
    PRODUCT = "product"
    PROMISE = "promise"
    ACTION = "action"
    STATE = "state"
    CAUSE = "cause"
    ATTRIBUTE = "attribute"


class Fact(Shape):
    """One thing that is known.

    ``id`` is a path ("order.o1.total", "shipment.SF123.eta", "option.refund_keep.amount"); ``source`` says where it
    was read ("platform", "shop_terms", "profile", "computed", "agent", "buyer").
    """

    id: str
    kind: FactKind
    value: JsonValue
    source: str


class Claim(Shape):
    """Something a text states, and the fact it rests on.

    ``start``/``end`` count code points of the text; ``value`` is normalised as in ``FactKind``; ``source`` is the id of
    the fact, or null when nothing known supports it.
    """

    kind: FactKind
    start: int
    end: int
    text: str
    value: JsonValue
    source: str | None
