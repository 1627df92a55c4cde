"""The errors an adapter may raise when it talks to its platform; the core maps each to what an agent sees.

One tree; every class has a stable ``code``, says whether the same call may succeed later (``retryable``), and has its
help in docs/writing-an-adapter.md under the code. An adapter may subclass them; the code stays the one of this tree.
"""

from typing import Final

from copilot.domain.errors import CopilotError


class AdapterError(CopilotError):
    """The root of what a platform call can end in; raise it itself for a refusal that fits none of the others.

    Messages name the call and the platform's own code, never a text and never a secret.
    """

    code = "adapter"

    @property
    def help(self) -> str:
        """Where it is explained."""
        return f"docs/writing-an-adapter.md#{self.code}"


class Malformed(AdapterError):
    """What came from the platform cannot be read."""

    code = "malformed"


class Throttled(AdapterError):
    """The platform asks to slow down; ``retry_after`` seconds, or None when it did not say."""

    code = "throttled"
    retryable = True

    def __init__(self, message: str = "the platform asks to slow down", retry_after: float | None = None) -> None:
        """``retry_after`` in seconds."""
        super().__init__(message)
        self.retry_after = retry_after


class PlatformDown(AdapterError):
    """The platform cannot be reached or has a fault of its own, and nothing was done.

    For a send only when that is certain (no connection was made); everything else is ``OutcomeUnknown``.
    """

    code = "platform_down"
    retryable = True


class TokenExpired(AdapterError):
    """The access token is no longer good; the core refreshes it once and calls again."""

    code = "token_expired"
    retryable = True


class NotAuthorized(AdapterError):
    """The shop must be connected again, or the app lacks a right; nothing helps but a person."""

    code = "not_authorized"


class SendRefused(AdapterError):
    """The platform refused the text, for instance in its own review; a person must reword it."""

    code = "send_refused"


class CardRefused(SendRefused):
    """The platform does not show this card here, and nothing of it was sent.

    For instance a coupon that is over, or an order that takes no returns. The core sends the words that the person
    approved for this case, under the same key; without any, a person must say it in words.
    """

    code = "card_refused"


class WindowClosed(AdapterError):
    """The platform no longer accepts replies in this conversation."""

    code = "window_closed"


class BuyerClosed(WindowClosed):
    """The buyer has closed this way of writing to them; another one (a message at the order) may still be open."""

    code = "buyer_closed"


class BuyerBlocked(WindowClosed):
    """The shop itself has blocked the buyer; nothing is sent until it takes that back."""

    code = "buyer_blocked"


class ContactNotAllowed(WindowClosed):
    """The shop may not write first here: the order is too old and nothing is open on it."""

    code = "contact_not_allowed"


class QuotaUsed(AdapterError):
    """The day's number of messages is used up."""

    code = "quota_used"


class Unsupported(AdapterError):
    """The platform has no such thing; this adapter should not have been asked."""

    code = "unsupported"


class ByHand(AdapterError):
    """This shop's replies are sent by a person in the platform's own window: the core hands the text to them."""

    code = "by_hand"


class OutcomeUnknown(AdapterError):
    """The call broke off: the reply may or may not have arrived. Never retried without reading back."""

    code = "outcome_unknown"


ERRORS: Final[tuple[type[AdapterError], ...]] = (
    AdapterError,
    Malformed,
    Throttled,
    PlatformDown,
    TokenExpired,
    NotAuthorized,
    SendRefused,
    CardRefused,
    WindowClosed,
    BuyerClosed,
    BuyerBlocked,
    ContactNotAllowed,
    QuotaUsed,
    Unsupported,
    ByHand,
    OutcomeUnknown,
)
"""All of them; their codes are what the core, the desk and the help know."""
