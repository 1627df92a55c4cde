"""A colleague's word that did not come true: a day they named is over, or what they said to have cancelled shipped.

Owns which word that is and whether the order still shows it broken; refuses estimates of carriers, and days that were
only asked about. How it is owned up to is the templates' business.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from copilot.domain.conversation import Conversation
from copilot.domain.order import Order, OrderStatus
from copilot.flow.understand.burst import Burst, answers_buyer
from copilot.flow.understand.text import fold
from copilot.playbook.needs import days_in
from copilot.playbook.situation import BrokenWord, after_sale_state
from copilot.policy.short_forms import plainly

_REACH: Final = timedelta(days=21)
_CLAUSE: Final = re.compile(r"[^,，。.!！?？;；\n]+[?？]?")
_HOLDS_US: Final = re.compile(
    r"[你您]们?(?:之前|上次|不是)?(?:说|讲)|说好|说了|答应|承诺|不是说|骗|忽悠|呢\W*(?:\Z|\n)|还没|没到|没收|没有|没见|没影|都[^,。\n]{0,8}了|什么时候|到底|怎么|为(?:什么|啥)"
    r"|\b(?:said|told|promised?|supposed|still|nothing|no|not|never|actually|where|when|why|how come|gone|forgot\w*"
    r"|yet|waiting)\b|n'?t\b"
)
"""Whoever writes so holds us to what was said, or waits for it."""
_MONEY: Final = re.compile(r"退款|到账|退(?:给|还|回)|打款|钱|\b(?:refund\w*|money|credit\w*|paid back|account|card)\b")
_ARRIVES: Final = re.compile(
    r"到(?!底|账|付|期|时)|送达|收到|\b(?:arriv\w*|deliver\w*|with you|be (?:there|here)|get (?:it|them|there|to you)"
    r"|have (?:it|them)|reach\w*|turn up|show up)\b"
)
_LEAVES: Final = re.compile(
    r"发货|发出|寄出|出库|发走|\b(?:ship(?:s|ped|ping)?|go(?:es|ing)? out|leav(?:es?|ing)|dispatch\w*|sent out)\b"
)
_SPAN: Final = re.compile(
    r"(?P<two>这两天|一两天|两天内|这一两天)|(?P<zh>\d{1,2}|[一二三四五六七])(?:个)?(?:工作日|天)(?:之?内|左右)"
    r"|\b(?:with)?in (?:the next )?(?:\d-)?(?P<en>\d{1,2}|two|three|a couple of) (?:business |working )?days?\b"
)
_COUNTS: Final = {**{sign: at for at, sign in enumerate("一二三四五六七", 1)}, "two": 2, "three": 3, "a couple of": 2}
_CANCELLED: Final = re.compile(
    r"(?:给|帮|为)[您你](?:把)?[^,。\n]{0,4}取消|(?:已经?|都)取消|取消(?:好|掉|成功)?了"
    r"|\b(?:i'?ll|i'?ve|we'?ve|we'?ll|i have|i can|just) (?:now |just )?cancel\w*"
    r"|\b(?:it'?s|that'?s|order is|has been|been) cancel\w*"
)
_DENIED: Final = re.compile(
    r"[您你](?:这边|那边)?(?:可能|应该|是不是|会不会)?(?:是)?(?:看|弄|搞|记|量|认)错|误会了|不可能(?:的|会|是|有|出现)"
    r"|\byou (?:may|might|must|could)(?:'ve| have)? (?:be |been )?"
    r"(?:misread|mistaken|mixed|confus\w*|looking at the wrong)"
    r"|\b(?:that'?s|it'?s) (?:not possible|impossible)\b|\bare you sure you(?:'re| are)? (?:not )?(?:read|look)\w*"
)
"""A colleague says that the buyer is mistaken; a picture sent after that is the answer."""
_OWNED_UP: Final = re.compile(
    r"说早了|没说准|说错了|没(?:能)?做到|我们(?:不对|的错)|我们没(?:有)?(?:取消|处理)成?|不该(?:这么|那么)?说|没取消成|没给您取消"
    r"|\b(?:on (?:us|me)|(?:our|my) (?:mistake|fault|error|bad)|(?:we|i) (?:got|had) (?:that|it|this) wrong"
    r"|didn'?t (?:hold|happen)|shouldn'?t have (?:told|said)|(?:was|were)n'?t right|(?:that|it) was wrong"
    r"|wrong (?:about|date|day))\b"
)
"""The colleague owned up to it already; saying it twice in one talk makes it a phrase."""
_OF_CANCELLING: Final = re.compile(r"取消|\bcancel\w*")
_NOW: Final = re.compile(r"今[天晚]|都(?:晚上|半夜|几点)|\b(?:today|tonight)\b")
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEFT: Final = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED})


def broken_word(
    conversation: Conversation, burst: Burst, order: Order | None, now: datetime, zone: tzinfo
) -> BrokenWord | None:
    """The last word of a colleague on a day or a cancellation, where the turn holds us to it and it was not kept."""
    said = fold(burst.text)
    if order is None or burst.start == 0 or not (burst.photos or _HOLDS_US.search(said)):
        return None
    for message in reversed(conversation.messages[: burst.start]):
        if not answers_buyer(message) or not message.text or message.sent_at is None:
            continue
        if now - message.sent_at > _REACH:
            return None
        # What stands before the owning up is the word it is about; a new one may follow.
        *owned, text = _OWNED_UP.split(fold(plainly(message.text)))
        undone = _undone(text, burst, said, order)
        if undone is not None or _HOLDS_US.search(said) is None:
            return undone
        found = _day_said(text, message.sent_at.astimezone(zone).date())
        if found is not None:
            kind, day, names_day = found
            is_broken = _is_over(day, now.astimezone(zone).date(), said) and _stands_open(kind, order)
            return BrokenWord(kind=kind, day=day if names_day else None) if is_broken else None
        if owned:
            return None
    return None


def _undone(text: str, burst: Burst, said: str, order: Order) -> BrokenWord | None:
    """A denial that a picture answers, a cancellation that the order does not show."""
    if burst.photos and _DENIED.search(text):
        return BrokenWord(kind="denied")
    if order.status in _LEFT and _CANCELLED.search(text) and _OF_CANCELLING.search(said):
        return BrokenWord(kind="cancel")
    return None


def _day_said(text: str, told: date) -> tuple[str, date, bool] | None:
    """What a colleague said to happen by which day, as told on ``told``, and whether they named that day itself."""
    for clause in _CLAUSE.findall(text):
        if clause.endswith(("?", "？")) or "吗" in clause:
            continue
        kind = next((name for name, verbs in _KINDS if verbs.search(clause)), None)
        # A day that was over when it was told is looked back on, not promised.
        named, spans = [day for day in days_in(clause, told) if day >= told], tuple(_spans(clause, told))
        if kind is not None and (named or spans):
            return kind, max(named or spans), bool(named)
    return None


_KINDS: Final = (("money", _MONEY), ("arrive", _ARRIVES), ("leave", _LEAVES))


def _spans(clause: str, told: date) -> Iterator[date]:
    """Until when a span reaches that was named in place of a day: 这两天, "within 3 days"."""
    for match in _SPAN.finditer(clause):
        word = match["zh"] or match["en"] or ""
        count = 2 if match["two"] else int(word) if word.isdecimal() else _COUNTS[word]
        yield told + timedelta(days=count)


def _is_over(day: date, today: date, said: str) -> bool:
    """Whether the day has passed, or is this one and the buyer says so: "it's Saturday night and no bowls"."""
    if day != today:
        return day < today
    return re.search(rf"\b{_WEEK[day.weekday()]}[a-z]*\b", said) is not None or _NOW.search(said) is not None


def _stands_open(kind: str, order: Order) -> bool:
    if kind == "money":
        return bool(order.after_sales) and all(after_sale_state(one) == "in_progress" for one in order.after_sales)
    if kind == "leave":
        return order.status is OrderStatus.TO_SHIP
    return order.status in (OrderStatus.TO_SHIP, OrderStatus.SHIPPED) and order.delivered_at is None
