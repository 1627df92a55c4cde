"""The closed sets a buyer's turn is read into: turn, issue, category, risk."""

from enum import StrEnum

from copilot.domain.base import Shape


class Category(StrEnum):
    """The five FAQ categories."""

    DAILY_GREETING = "daily_greeting"
    PRE_SALE = "pre_sale"
    LOGISTICS = "logistics"
    AFTER_SALE = "after_sale"
    OTHER = "other"


class Issue(StrEnum):
    """What a buyer wants solved."""

    PRODUCT_QUESTION = "product_question"
    USAGE_QUESTION = "usage_question"
    SIZE_FIT = "size_fit"
    STOCK = "stock"
    PRICE_PROMOTION = "price_promotion"
    AD_MISMATCH = "ad_mismatch"
    SHIPPING_TIME = "shipping_time"
    LOGISTICS_QUERY = "logistics_query"
    DELIVERY_DELAY = "delivery_delay"
    LOST_PARCEL = "lost_parcel"
    NOT_RECEIVED = "not_received"
    ADDRESS_CHANGE = "address_change"
    QUALITY_DEFECT = "quality_defect"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    SIZE_MISMATCH = "size_mismatch"
    RETURN_EXCHANGE = "return_exchange"
    REFUND_REQUEST = "refund_request"
    REFUND_STATUS = "refund_status"
    CANCEL_ORDER = "cancel_order"
    WARRANTY = "warranty"
    GREETING = "greeting"
    THANKS = "thanks"
    PAYMENT_ACCOUNT = "payment_account"
    INVOICE = "invoice"
    COMPLAINT = "complaint"
    HUMAN_REQUEST = "human_request"
    REVIEW = "review"
    OFF_PLATFORM_REQUEST = "off_platform_request"
    ABUSE = "abuse"
    UNCLEAR = "unclear"


_BY_CATEGORY = {
    Category.PRE_SALE: "product_question usage_question size_fit stock price_promotion ad_mismatch",
    Category.LOGISTICS: ("shipping_time logistics_query delivery_delay lost_parcel not_received address_change"),
    Category.AFTER_SALE: (
        "quality_defect damaged wrong_item missing_item not_as_described size_mismatch"
        " return_exchange refund_request refund_status cancel_order warranty"
    ),
    Category.DAILY_GREETING: "greeting thanks",
    Category.OTHER: ("payment_account invoice complaint human_request review off_platform_request abuse unclear"),
}
CATEGORY_OF: dict[Issue, Category] = {
    Issue(name): category for category, names in _BY_CATEGORY.items() for name in names.split()
}


class Turn(StrEnum):
    """What kind of move a buyer's turn is."""

    NEW_ISSUE = "new_issue"
    ANSWER = "answer"
    CHOICE = "choice"
    CHASE = "chase"
    CHANGE_OF_MIND = "change_of_mind"
    THANKS = "thanks"
    CLOSING = "closing"
    SMALL_TALK = "small_talk"


class Risk(StrEnum):
    """Danger that is independent of the issue."""

    PLATFORM_COMPLAINT = "platform_complaint"
    REGULATOR = "regulator"
    MEDIA = "media"
    CHARGEBACK = "chargeback"
    LAWYER = "lawyer"
    REVIEW_THREAT = "review_threat"
    INJURY = "injury"
    SAFETY = "safety"
    MINOR = "minor"
    SELF_HARM = "self_harm"


class Evidence(Shape):
    """The words that made us think so: code points of the text that was read, end exclusive."""

    start: int
    end: int
    text: str


class IssueReading(Shape):
    """One issue seen in a turn; ``confidence`` is a calibrated probability in 0–1."""

    issue: Issue
    confidence: float
    evidence: Evidence | None = None


class RiskReading(Shape):
    """One risk signal seen in a turn."""

    risk: Risk
    evidence: Evidence


class Inquiry(Shape):
    """A question about what was offered, which decides nothing yet.

    ``options`` are the ids of the options that it names, empty for all of them; ``topics`` are what it wants to know:
    ``when`` ``arrive`` (when goods would come) ``cost`` ``way_back`` ``amount`` ``route`` (where money goes) ``how``
    ``until`` (how long there is to decide) ``print`` (no printer for the way back) ``difference``, or ``other``.
    ``of_each`` holds the topics by option where not the same is asked of all of them.
    """

    options: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    of_each: dict[str, tuple[str, ...]] = {}

    def asked_of(self, option: str) -> tuple[str, ...]:
        """What is asked about one option."""
        return self.of_each.get(option, () if self.of_each else self.topics)


CAME, MISSING, SHORT = "came", "missing", "short"
"""Slots of ``answered`` that the buyer fills unasked: what came instead, what is missing, how many of how many."""
TOLD = "told"
"""The slot of whatever else an answer says of the matter."""
ASKS = "asks"
"""The slot of an answer that goes on with a question of its own; of this turn alone."""


class Understanding(Shape):
    """What one buyer's turn says.

    ``issues`` is empty for a turn that raises none; ``choice`` names the offered options the buyer picked by their
    ids ("A"), and is empty with turn ``choice`` when all were refused; ``let_go`` when the buyer gives up the matter
    with that ("forget it"); ``settled`` when what was wrong has passed by itself ("it came"). ``answered`` maps what we
    had asked for to the buyer's answer ({"order": "3348917502"}).
    ``asked`` are the clauses that ask what none of ``issues`` is about, each with what it sounds like.
    ``inquiry`` is what the turn asks about the options that stand. ``wish`` names
    what is wanted of an order ("quantity", "together", "packing" …), where its words say so plainly; what
    is pressed for of an agreement (``owed_goods`` ``owed_money`` ``owed_answer``) or of what a colleague said they do
    (``owed_report``), or asked of the way back (``way_…``);
    or what becomes of a photo (``photo_later`` ``photo_none``).
    ``read_by`` is ``local`` or ``model``.
    """

    turn: Turn
    language: str
    issues: tuple[IssueReading, ...] = ()
    asked: tuple[IssueReading, ...] = ()
    risks: tuple[RiskReading, ...] = ()
    choice: tuple[str, ...] = ()
    refused_all: bool = False
    let_go: bool = False
    settled: bool = False
    answered: dict[str, str] = {}
    inquiry: Inquiry | None = None
    wish: str = ""
    read_by: str = "local"
