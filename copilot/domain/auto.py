"""Replies that leave without a person: fixed texts that a shop configured, and why each did or did not fire."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from copilot.domain.base import Id, Shape

WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Trigger(StrEnum):
    """What makes an auto reply fire: words of the buyer, nobody there, or whoever is there has no hand free."""

    KEYWORDS = "keywords"
    AFTER_HOURS = "after_hours"
    BUSY = "busy"


class AutoReply(Shape):
    """A fixed text that answers a buyer at once, where the shop's posture is ``auto``.

    ``starts`` and ``ends`` are times of the shop's day ("22:00"), the end excluded; an end that is not after the start
    is on the next day, so that a window belongs to the day on which it starts. ``days`` are those days, none: every
    day. Without a window it holds at any time. ``keywords`` are words of which the buyer's message holds one. A
    ``busy`` one fires while the agent holds as many as they can or says that they are busy, once a session whichever of
    them it is; ``busy_from`` is how many conversations must wait for somebody besides.
    """

    id: Id
    language: str
    trigger: Trigger
    text: str = Field(min_length=1)
    keywords: tuple[str, ...] = ()
    starts: WallTime | None = None
    ends: WallTime | None = None
    days: tuple[Weekday, ...] = ()
    busy_from: Annotated[int, Field(gt=0)] | None = None
    active: bool = True

    @property
    def fault(self) -> str | None:
        """Why it could never fire as it is meant: the field and what to give; None when nothing is wrong."""
        if (self.starts is None) != (self.ends is None):
            return "ends: goes together with starts; give both or neither"
        if self.days and self.starts is None:
            return "days: need starts and ends; 00:00 to 00:00 is the whole day"
        if self.trigger is Trigger.KEYWORDS and not any(word.strip() for word in self.keywords):
            return "keywords: give at least one"
        if not all(word.strip() for word in self.keywords):
            return "keywords: one is empty; take it out"
        if self.trigger is Trigger.AFTER_HOURS and self.starts is None:
            return "starts: say from when to when (ends) nobody is there"
        return None


class Why(StrEnum):
    """Why a greeting, an answer to a card or an auto reply left or did not."""

    FIRED = "fired"
    POSTURE = "posture"
    ANSWERED = "answered"
    LATE = "late"
    NOT_CONFIGURED = "not_configured"
    NOT_NEW = "not_new"
    INACTIVE = "inactive"
    LANGUAGE = "language"
    OUTSIDE = "outside"
    NO_KEYWORD = "no_keyword"
    NOT_BUSY = "not_busy"
    ONCE = "once"
    ANOTHER = "another"
    RULES = "rules"
    UNKNOWN_CARD = "unknown_card"
    NOT_FOR_BUYERS = "not_for_buyers"
    NOT_NOW = "not_now"
    UNFIT = "unfit"


WHY_WORDS: Final[dict[Why, dict[str, str]]] = {
    Why.FIRED: {"en": "sent", "zh": "已发出"},
    Why.POSTURE: {"en": "the shop's posture is not auto", "zh": "店铺的模式不是自动"},
    Why.ANSWERED: {"en": "a person has answered already", "zh": "客服已经回复"},
    Why.LATE: {"en": "the message came in long after it was said", "zh": "消息送达时已过去很久"},
    Why.NOT_CONFIGURED: {"en": "there is none in the buyer's language", "zh": "没有买家语言的内容"},
    Why.NOT_NEW: {"en": "the session was already open", "zh": "会话早已开始"},
    Why.INACTIVE: {"en": "it is switched off", "zh": "已停用"},
    Why.LANGUAGE: {"en": "the buyer writes another language", "zh": "买家用的是另一种语言"},
    Why.OUTSIDE: {"en": "it is outside its hours", "zh": "不在生效时段"},
    Why.NO_KEYWORD: {"en": "the message holds none of its keywords", "zh": "消息里没有它的关键词"},
    Why.NOT_BUSY: {"en": "the agent is not busy, or fewer wait than it says", "zh": "客服不忙，或排队人数没到"},
    Why.ONCE: {"en": "it was sent in this session already", "zh": "本次会话已经发过"},
    Why.ANOTHER: {"en": "another one answered this message", "zh": "这条消息已由另一条自动回复回答"},
    Why.RULES: {"en": "the shop's rules do not let its text out", "zh": "文字没有通过店铺的规则"},
    Why.UNKNOWN_CARD: {"en": "the shop has no such entry any more", "zh": "店铺已没有这条问答"},
    Why.NOT_FOR_BUYERS: {"en": "the entry is for staff", "zh": "这条问答只给客服看"},
    Why.NOT_NOW: {"en": "the entry does not hold at this time", "zh": "这条问答现在不在有效期"},
    Why.UNFIT: {"en": "a blank, a date that is unsure or its length keeps it back", "zh": "有空没填、日期不确定或太长"},
}


class Tried(Shape):
    """One candidate: ``kind`` is greeting, card or auto; ``id`` the rule's, the card's or the greeting's language."""

    kind: Literal["greeting", "card", "auto"]
    id: str
    why: Why
