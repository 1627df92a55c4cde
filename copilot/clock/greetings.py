"""Who said something as platforms count it: a person, a machine, or a person's bare greeting, which answers nothing."""

import re
from typing import Final

from copilot.clock.sessions import By
from copilot.domain.message import Role, SentBy

_WORDS: Final = re.compile(
    r"(?:您好|你好|哈[喽啰罗]|嗨|亲爱的|亲|宝子?|在的|在呢|在哦|在|早上好|上午好|中午好|下午好|晚上好|早安|晚安|早|欢迎光临|欢迎"
    r"|hello|hey|hi|good (?:morning|afternoon|evening)|welcome|there|dear)",
    re.IGNORECASE,
)
_MACHINES: Final = (SentBy.AUTO, SentBy.PLATFORM_BOT)
_NOTHING: Final = re.compile(r"[\W_]|[呀啊哦哟呢吗的了]")


def is_bare_greeting(text: str) -> bool:
    """Whether nothing but a greeting is said; a text without a word says nothing at all and is no greeting."""
    left, greetings = _WORDS.subn(" ", text)
    return greetings > 0 and not _NOTHING.sub("", left)


def spoken_by(role: str, sent_by: str | None, text: str) -> By:
    """Who said it; a robot and an automatic word of the shop's are machines."""
    if role == Role.BUYER:
        return By.BUYER
    if role == Role.BOT or sent_by in _MACHINES:
        return By.MACHINE
    return By.GREETING if is_bare_greeting(text) else By.PERSON
