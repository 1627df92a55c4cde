"""Replies out: one call, whose end is told apart as exactly as it can be."""

from copilot.sdk import Account, Malformed, OutcomeUnknown, Receipt, Reply
from copilot_adapter_shoplet.client import call, object_in


async def send(account: Account, reply: Reply, key: str) -> Receipt:
    """Send ``reply`` once; the same ``key`` again is the same message.

    Raises:
        OutcomeUnknown: it may have arrived.
        AdapterError: it did not.
    """
    path = f"/conversations/{reply.conversation}/messages"
    body = await call(account, "POST", path, sending=True, json={"text": reply.text, "key": key})
    try:
        number = object_in(path, body).get("message_id")
    except Malformed:
        number = None
    if not isinstance(number, str) or not number:
        # Taken, as far as the status says, and nobody knows as what.
        raise OutcomeUnknown(f"POST {path}: the answer names no message")
    return Receipt(message_id=number)
