"""What colleagues promised in the words of a conversation that nothing was kept of: a file, an archive line.

Where a store is, promises are kept as they are sent; here they are read out of the words again, by the same reading.
Owns nothing else; whether one is kept is shown by the orders or not at all.
"""

from datetime import datetime, tzinfo

from copilot.channel.proving import shown_by
from copilot.domain.case import Commitment, CommitmentState
from copilot.domain.conversation import Conversation
from copilot.domain.message import Message
from copilot.domain.plan import Promise
from copilot.flow.understand.burst import answers_buyer
from copilot.policy.claims import extract, promises
from copilot.policy.language import language_of

AGENT = "agent"


def with_promises(conversation: Conversation, now: datetime, zone: tzinfo) -> Conversation:
    """``conversation`` with the promises of its agents, as they stand ``now``; unchanged where it brings some."""
    if conversation.commitments:
        return conversation
    found = tuple(
        _commitment(promise, message, conversation, now)
        for message in conversation.messages
        if answers_buyer(message) and message.text and message.sent_at is not None
        for promise in _promised(message, message.sent_at, zone)
    )
    return conversation.model_copy(update={"commitments": found}) if found else conversation


def _promised(message: Message, at: datetime, zone: tzinfo) -> tuple[Promise, ...]:
    claims = extract(message.text, language=language_of(message.text) or "zh", now=at, zone=zone)
    return promises(message.text, claims, now=at, zone=zone, fact=AGENT)


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
