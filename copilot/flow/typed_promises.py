"""What colleagues promised in the words of a conversation that nothing was kept of: a file, an archive line.

Where a store is, promises are kept as they are sent; here they are read out of the words again, by the same reading.
Owns nothing else; whether one is kept is shown by the orders or not at all.
"""

from datetime import datetime, tzinfo

from copilot.channel.overheard import promised_in, waits
from copilot.channel.proving import shown_by
from copilot.domain.case import Commitment, CommitmentState
from copilot.domain.conversation import Conversation
from copilot.domain.message import Message
from copilot.domain.order import Order
from copilot.domain.plan import Promise
from copilot.flow.understand.burst import answers_buyer


def with_promises(conversation: Conversation, now: datetime, zone: tzinfo) -> Conversation:
    """``conversation`` with the promises of its agents, as they stand ``now``; unchanged where it brings some."""
    if conversation.commitments:
        return conversation
    found = tuple(
        _commitment(promise, message, conversation, now)
        for message in conversation.messages
        if answers_buyer(message) and message.text and message.sent_at is not None
        for promise in promised_in(message.text, message.sent_at, zone, _waiting(conversation, message))
    )
    return conversation.model_copy(update={"commitments": found}) if found else conversation


def _waiting(conversation: Conversation, message: Message) -> Order | None:
    """The order that ``message`` can promise to send: the one it is about, else the only one that had not left then."""
    orders = [one for one in conversation.orders or () if message.order_id in (None, one.id)]
    still = [one for one in orders if waits(one) or _left_later(one, message)]
    return still[0] if len(still) == 1 else None


def _left_later(order: Order, message: Message) -> bool:
    scans = [scan.at for parcel in order.shipments for scan in parcel.events]
    return bool(scans) and message.sent_at is not None and message.sent_at < min(scans)


def _commitment(promise: Promise, message: Message, conversation: Conversation, now: datetime) -> Commitment:
    orders = conversation.orders or ()
    about = message.order_id or (orders[0].id if len(orders) == 1 else None)
    order = next((one for one in orders if one.id == about), None)
    evidence = shown_by(promise.what, order, message.sent_at) if order and message.sent_at else None
    late = CommitmentState.BROKEN if promise.due <= now else CommitmentState.OWED
    return Commitment(
        what=promise.what,
        amount=promise.amount,
        due=promise.due,
        by=message.agent,
        message=message.id,
        order=about,
        state=CommitmentState.DONE if evidence else late,
        evidence=evidence,
    )
