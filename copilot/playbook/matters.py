"""Which issues belong together, where one answer covers another or none is needed."""

from copilot.domain.issue import Issue, Risk
from copilot.domain.order import OrderStatus

DANGER = (Risk.INJURY, Risk.SAFETY, Risk.SELF_HARM)
"""Harm to people: a person of the shop speaks, and nobody else."""
POLITE = frozenset({Issue.GREETING, Issue.THANKS})
# What a reply cannot name as "still open": it is no matter of its own.
NO_MATTER = POLITE | {Issue.HUMAN_REQUEST, Issue.ABUSE, Issue.COMPLAINT, Issue.UNCLEAR}
PROBLEMS = frozenset({Issue.DAMAGED, Issue.QUALITY_DEFECT, Issue.WRONG_ITEM, Issue.MISSING_ITEM, Issue.SIZE_MISMATCH})
# What the buyer wants done; "not as described" says too little about what went wrong to go before it.
REMEDIES = frozenset(
    {
        Issue.RETURN_EXCHANGE,
        Issue.REFUND_REQUEST,
        Issue.REFUND_STATUS,
        Issue.CANCEL_ORDER,
        Issue.NOT_AS_DESCRIBED,
    }
)
ON_THE_WAY = frozenset(
    {Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED, Issue.SHIPPING_TIME}
)
# What can only be done before the parcel leaves, so that it cannot wait behind the question whether it has left.
BEFORE_SHIPPING = frozenset({Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST, Issue.CANCEL_ORDER, Issue.ADDRESS_CHANGE})
# The actions by which an offered option is the answer to a wish.
DONE_BY = {
    Issue.CANCEL_ORDER: frozenset({"cancel_refund"}),
    Issue.REFUND_REQUEST: frozenset({"refund", "return_refund", "cancel_refund"}),
    Issue.RETURN_EXCHANGE: frozenset({"return_refund", "exchange"}),
}
UNDER_WAY = frozenset({OrderStatus.TO_SHIP, OrderStatus.SHIPPED})
