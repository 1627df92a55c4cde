"""What the buyer said and showed of the matter before the shop's last word.

Owns how far back that reaches: a colleague's line in between ends no matter, a night's sleep or a goodbye does.
"""

from datetime import timedelta
from typing import Final

from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role
from copilot.flow.understand.burst import Burst, answers_buyer, gather
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_REACH: Final = timedelta(hours=24)
_MOST: Final = 12
"""How many messages of both sides are looked at."""


def before(conversation: Conversation, burst: Burst) -> Burst:
    """The buyer's messages of the same sitting that stand before ``burst``, as one; empty when there are none."""
    return gather(conversation.messages, _begin(conversation, burst), burst.start)


def colleague_before(conversation: Conversation, burst: Burst) -> str:
    """What people of the shop said in the same sitting before ``burst``, one line a message."""
    said = conversation.messages[_begin(conversation, burst) : burst.start]
    return "\n".join(one.text.strip() for one in said if answers_buyer(one) and one.text.strip())


def _begin(conversation: Conversation, burst: Burst) -> int:
    """The position of the sitting's first message."""
    messages, first = conversation.messages, max(burst.start - _MOST, 0)
    for at in range(burst.start - 1, first - 1, -1):
        if _parts(messages[at], burst):
            return at + 1
    return first


def _parts(message: Message, burst: Burst) -> bool:
    """Whether what was said up to ``message`` belongs to an earlier talk."""
    began = burst.began_at or burst.said_at
    old = message.sent_at is not None and began is not None and began - message.sent_at > _REACH
    return old or (message.role is Role.BUYER and says("closing", fold(message.text)))
