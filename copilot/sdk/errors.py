"""The errors an adapter may raise when it talks to its platform; the core maps each to what an agent sees."""

from copilot.domain.errors import CopilotError


class AdapterError(CopilotError):
    """The root of what a platform call can end in; ``code`` is stable.

    Messages name the call and the platform's own code, never a text and never a secret.
    """

    code = "adapter"


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


class WindowClosed(AdapterError):
    """The platform no longer accepts replies in this conversation."""

    code = "window_closed"


class QuotaUsed(AdapterError):
    """The day's number of messages is used up."""

    code = "quota_used"


class OutcomeUnknown(AdapterError):
    """The call broke off: the reply may or may not have arrived. Never retried without reading back."""

    code = "outcome_unknown"
