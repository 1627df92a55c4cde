"""What an agent's own work covers: answering buyers, handling orders, reviewing after-sale matters.

A role says what somebody is to the merchant, a scope which part of an agent's work is theirs. Those above the agents,
and programs, have all of them.
"""

from enum import StrEnum
from typing import Final

from copilot.access.errors import AccessError


class Scope(StrEnum):
    """A part of an agent's work.

    ``message_reply`` answer buyers · ``order_handling`` do what was promised on an order's page, and write first about
    an order · ``after_sale_review`` decide about refunds, returns, replacements and compensations: send what offers or
    confirms them, tick them off, end after-sale cases.
    """

    MESSAGE_REPLY = "message_reply"
    ORDER_HANDLING = "order_handling"
    AFTER_SALE_REVIEW = "after_sale_review"


ALL_SCOPES: Final = frozenset(Scope)
PRE_SALE: Final = frozenset({Scope.MESSAGE_REPLY, Scope.ORDER_HANDLING})
"""What an agent before the sale does; one after it does everything."""


class OutOfScope(AccessError):
    """The agent's work does not cover it; ``scope`` is what it takes."""

    code = "out_of_scope"

    def __init__(self, scope: Scope) -> None:
        """Say what it takes."""
        super().__init__(f"it takes the scope {scope.value}", remedy="hand it to a colleague who has it")
        self.scope = scope
