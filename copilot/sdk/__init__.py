"""What an adapter author imports: the contract, the receipts and the errors; nothing else of the core is theirs."""

from copilot.sdk.contract import ADAPTER_API, Adapter, Receipt, Reply
from copilot.sdk.errors import AdapterError, OutcomeUnknown, SendRefused, Throttled, WindowClosed

__all__ = [
    "ADAPTER_API",
    "Adapter",
    "AdapterError",
    "OutcomeUnknown",
    "Receipt",
    "Reply",
    "SendRefused",
    "Throttled",
    "WindowClosed",
]
