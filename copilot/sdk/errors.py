"""The errors an adapter may raise when it talks to its platform; the core maps each to what an agent sees."""

from copilot.domain.errors import CopilotError


class AdapterError(CopilotError):
    """The root of what a platform call can end in; ``code`` is stable."""

    code = "adapter"


class Throttled(AdapterError):
    """The platform asks to slow down; ``retry_after`` seconds, or None when it did not say."""

    code = "throttled"
    retryable = True

    def __init__(self, message: str = "the platform asks to slow down", retry_after: float | None = None) -> None:
        """``retry_after`` in seconds."""
        super().__init__(message)
        self.retry_after = retry_after


class SendRefused(AdapterError):
    """The platform refused the text, for instance in its own review; a person must reword it."""

    code = "send_refused"


class WindowClosed(AdapterError):
    """The platform no longer accepts replies in this conversation."""

    code = "window_closed"


class OutcomeUnknown(AdapterError):
    """The call broke off: the reply may or may not have arrived. Never retried without reading back."""

    code = "outcome_unknown"
