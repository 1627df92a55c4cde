"""What the buyer said and showed of the matter before the shop's last word.

Owns how far back that reaches: a colleague's line in between ends no matter, a night's sleep or a goodbye does.
"""

from datetime import timedelta
from typing import Final

from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role
from copilot.flow.understand.burst import Burst, gather
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_REACH: Final = timedelta(hours=24)
_MOST: Final = 12
"""How many messages of both sides are looked at."""


def before(conversation: Conversation, burst: Burst) -> Burst:
    """The buyer's messages of the same sitting that stand before ``burst``, as one; empty when there are none."""
    messages, first = conversation.messages, max(burst.start - _MOST, 0)
    for at in range(burst.start - 1, first - 1, -1):
        if _parts(messages[at], burst):
            first = at + 1
            break
    return gather(messages, first, burst.start)


def _parts(message: Message, burst: Burst) -> bool:
    """Whether what was said up to ``message`` belongs to an earlier talk."""
    old = message.sent_at is not None and burst.said_at is not None and burst.said_at - message.sent_at > _REACH
    return old or (message.role is Role.BUYER and says("closing", fold(message.text)))
