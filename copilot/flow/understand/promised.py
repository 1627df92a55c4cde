"""What a colleague promised in words of their own and the buyer asks after: money, goods, a label, an answer.

Owns which of it a turn is about; whether it came is the buyer's word and the orders' to show, not decided here.
"""

import re
from typing import Final

from copilot.domain.case import Case, Commitment, CommitmentState
from copilot.domain.issue import MISSING, Issue, IssueReading
from copilot.flow.understand.done_yet import asks_if_done
from copilot.flow.understand.issues import asks_something, opens_another
from copilot.flow.understand.owed import STANDS_THERE, UNDER_WAY
from copilot.flow.understand.seen import CERTAIN, Seen, presses
from copilot.flow.understand.text import clauses, fold
from copilot.flow.understand.words import says

OVERDUE: Final = "overdue_money"
"""The wish of who holds us to a time that a colleague named for money, without promising it."""
_UNSEEN: Final = "refund_unseen"
"""The wish of who does not see money that should be there."""
_KINDS: Final = ("label", "voucher", "money", "goods", "tracking", "call", "answer")
"""What is promised, the most exact first."""
_BY_CODE: Final = {
    "refund": "money", "compensate": "money", "ship": "goods", "reship": "goods", "exchange": "goods", "send": "goods",
    "answer": "answer", "contact": "answer", "check": "answer", "notify": "answer", "follow_up": "answer",
    "handle": "answer", "escalate": "answer", "urge": "answer", "report": "answer", "request": "answer",
}  # fmt: skip
_NAMED: Final = {
    "label": re.compile(r"退货(?:单|面单|标签|码|二维码)|面单|寄件码|\b(?:return )?labels?\b|\bqr code\b"),
    "voucher": re.compile(r"券|红包|积分|\b(?:coupon|voucher|gift card|(?:promo|discount) code)s?\b"),
    "money": re.compile(
        r"退(?!货|换|回去|件)|钱|款|补偿|赔|差价|返现|\d\s?[元块]"
        r"|\b(?:refund(?:ed)?|money|credit|bucks|reimburse\w*)\b|[$£€]\s?\d"
    ),
    "goods": re.compile(
        r"补发|补寄|重发|重寄|新的|换的那|(?<![出开])发(?!票|现)|寄"
        r"|\b(?:replacement|new one|new pair|spare|missing|ship(?:ped)?|sent|part|kit)s?\b"
    ),
    "tracking": re.compile(r"单号|物流号|快递号|\btracking\b"),
    "call": re.compile(r"电话|回电|\b(?:call(?:ed|s)?|phoned?|rang)\b"),
    "answer": re.compile(
        r"答复|回复|回我|回信|消息|结果|说法"
        r"|\b(?:answer|reply|replied|update|news|hear|heard|word|g[eo]t(?:ten)? back)\b"
    ),
}
_GONE_OUT: Final = re.compile(
    r"(?:退|补偿|赔付?|打|转|返)(?:了|好|过)|(?:申请|办理|操作)(?:好|了|过)"
    r"|\b(?:i'?ve|we'?ve|i have|we have|i|we|just)\s+(?:just |already |now )?"
    r"(?:issued|refunded|applied|processed|sent|credited|put in)\b"
)
"""A colleague says that money has left; whoever does not see it asks after just that."""
_NOT_THERE: Final = re.compile(
    r"没|未|不见|呢\W*\Z|哪|还(?!是|有)|咋|怎么|到底|什么时候|啥时候|几时|说好|答应|承诺|不是说|你们?说|您说"
    r"|\b(?:never|not|no|nothing|still|yet|where|when|nobody|said|told|promised?|supposed|dont|didnt|havent|hasnt)\b|n't\b"
)
_WAITED: Final = re.compile(
    r"(?:[\d一二两三四五六七八九十半几俩仨]|多)\s?个?多?(?:分钟|小时|钟头|天|礼拜|星期|周|点)[多半]?(?:了|过)|都\s?\d+[号点]了|时间(?:都|早)?过了|超时"
    r"|\bit'?s (?:already |now )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\bbeen (?:over |more than |like |about |almost )?(?:an?|\d+|two|three|four|five|days|hours)\b"
    r"|\b(?:hours?|days?|weeks?) (?:ago|later)\b"
)
_OVER: Final = re.compile(
    r"(?:分钟|小时|钟头|半天|时间)\s?(?:早|都|已经)(?:就)?(?:过|到)了?"
    r"|\b(?:minutes?|mins?|hours?|hrs?) (?:are |is )?(?:up|over|passed)\b"
)
"""The time that was named is over."""
_SAID: Final = re.compile(r"说好|说了|不是说|你们?说|您说|答应|承诺|讲好|\b(?:said|told|promised?)\b")
_WITHIN: Final = re.compile(
    r"\d+\s?个?(?:小时|钟头|天|工作日)|[一二两三]天|今天|明天|今晚|后天"
    r"|\b\d+(?:-\d+)? (?:business |working )?(?:hours?|days?)\b"
    r"|\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_KIN: Final = UNDER_WAY | {
    Issue.NOT_RECEIVED,
    Issue.LOST_PARCEL,
    Issue.MISSING_ITEM,
    Issue.REFUND_STATUS,
    Issue.COMPLAINT,
    Issue.RETURN_EXCHANGE,
}
"""What a question after something promised sounds like."""
_WORD: Final = re.compile(r"[a-z]{4,}")


def asks_for_promised(seen: Seen) -> str:
    """What the turn is after of what a colleague promised or said to have given, as a wish; else nothing."""
    case = seen.case
    if case is None or seen.reading.wish not in ("", _UNSEEN) or seen.burst.order_cards:
        return ""
    if asked := _asks_if_done(seen, case):
        return f"owed_{asked}"
    if seen.choice is not None or seen.reading.wish:
        return ""
    if (seen.shop.question or case.chosen is not None) and not _is_late(seen):
        # What was chosen, and when it comes, is told by the option.
        return ""
    kinds = _kinds(seen)
    if case.issue in STANDS_THERE:
        # How far the parcel or the money is tells more than that an answer is owed.
        kinds -= {"answer"}
    named = _named(seen, kinds)
    if named and not _raises_another(seen):
        return f"owed_{named}"
    if _holds_to_time(seen):
        return OVERDUE
    if set(kinds) == {"answer"} and _is_late(seen) and _asks_it_again(seen):
        return "owed_answer"
    if kinds and _is_late(seen) and not named and _only_presses(seen):
        return f"owed_{next(kind for kind in _KINDS if kind in kinds)}"
    return ""


def _asks_if_done(seen: Seen, case: Case) -> str:
    """Money or goods that a colleague promised, whether or not it counts as kept, where the turn asks if it was done.

    Who asks for the one thing that was promised by its name ("补发的寄出来没") takes no offer by it.
    """
    if case.chosen is not None or seen.shop.question or len(case.offered) > 1 or not asks_if_done(seen.folded):
        return ""
    given = _given(case)
    if not given or (seen.choice is not None and says("choice_deciding", seen.folded)):
        return ""
    if says("parcel_said", seen.folded) and "goods" not in given:
        # "Where is my package" asks for no money.
        return ""
    if _raises_another(seen):
        return ""
    # A label or a number that goes with it is told apart by its own name.
    named = [kind for kind in _KINDS if kind != "answer" and _NAMED[kind].search(seen.folded)]
    if any(kind not in given for kind in named):
        return ""
    return next(iter(named), "") or (next(iter(given)) if len(given) == 1 else "")


def _given(case: Case) -> set[str]:
    given = {_BY_CODE[one.what] for one in case.commitments if _typed(one.what)}
    if not case.commitments and len(case.offered) == 1:
        # What a colleague states is as good as promised: 给您全额退款, 东西不用退.
        given |= {_BY_CODE[one.key] for one in case.offered if _typed(one.key)}
    return given & {"money", "goods"}


def _gave_money(seen: Seen) -> bool:
    return seen.case is not None and "money" in _given(seen.case)


def _is_late(seen: Seen) -> bool:
    return seen.case is not None and any(
        _typed(one.what) and one.state is CommitmentState.BROKEN for one in _live(seen)
    )


def _live(seen: Seen) -> list[Commitment]:
    states = (CommitmentState.OWED, CommitmentState.BROKEN)
    return [one for one in seen.case.commitments if one.state in states] if seen.case is not None else []


def _typed(what: str) -> bool:
    """Whether a promise was made in somebody's own words."""
    return what in _BY_CODE


def _kinds(seen: Seen) -> frozenset[str]:
    """What is promised, or said to have left, in the last words of the shop and in what is kept of the case."""
    said = fold(seen.shop_text)
    kinds = {_BY_CODE[one.what] for one in _live(seen) if _typed(one.what)}
    if "goods" in kinds or "answer" in kinds:
        # "I'll send you the label", "I'll message you the tracking".
        kinds |= {kind for kind in ("label", "voucher", "tracking", "call") if _NAMED[kind].search(said)}
    if "goods" in kinds and kinds & {"label", "voucher"} and not _remedied(said):
        kinds.discard("goods")
    if "money" in kinds and _NAMED["voucher"].search(said):
        kinds.add("voucher")
    if _GONE_OUT.search(said) and _NAMED["money"].search(said) and not seen.shop.question:
        kinds.add("money")
    return frozenset(kinds)


def _remedied(said: str) -> bool:
    return re.search(r"补发|补寄|重发|新的|\b(?:replacement|new one|spare|parts?|kit)\b", said) is not None


def _named(seen: Seen, kinds: frozenset[str]) -> str:
    """The first of ``kinds`` that a clause misses by its name; empty when none is."""
    parts = [fold(span.text) for span in clauses(seen.burst.text)]
    missing = [part for part in parts if _NOT_THERE.search(part)]
    for kind in _KINDS:
        if kind in kinds and any(
            _NAMED[kind].search(part) or (kind == "goods" and _ours(part, seen)) for part in missing
        ):
            return kind
    return ""


def _ours(part: str, seen: Seen) -> bool:
    """Whether a clause names what was said to be missing: "no screws"."""
    said = seen.case.answered.get(MISSING, "") if seen.case is not None else ""
    words = set(_WORD.findall(fold(said)))
    han = len(said) > 1 and not said.isascii() and said in part
    return han or bool(words & set(_WORD.findall(part)))


def _raises_another(seen: Seen) -> bool:
    """Whether the turn surely raises what no question after a promise sounds like, or says that it is another thing."""
    return any(_is_another(one, seen) for one in seen.reading.issues)


def _is_another(one: IssueReading, seen: Seen) -> bool:
    own = seen.case.issue if seen.case is not None else None
    if one.evidence is not None and opens_another(one.evidence.text):
        return True
    if one.issue in _KIN or one.issue is own or one.confidence < CERTAIN:
        return False
    said = fold(one.evidence.text) if one.evidence is not None else seen.folded
    if one.issue is Issue.STOCK and asks_if_done(said):
        # "Any sign of the new kettle?" asks for no stock.
        return False
    if one.issue is Issue.PAYMENT_ACCOUNT and asks_if_done(seen.folded) and _gave_money(seen):
        # "Can't see it in my bank" looks for the money that was promised.
        return False
    return not (_NOT_THERE.search(said) and any(look.search(said) for look in _NAMED.values()))


def _holds_to_time(seen: Seen) -> bool:
    """Whether the buyer holds us to the time that the shop's last words named for money: 说好48小时的."""
    said = fold(seen.shop_text)
    if seen.shop.question or _NAMED["money"].search(said) is None or not _WITHIN.search(said):
        return False
    lengths = {match.group() for match in _WITHIN.finditer(said)} & {m.group() for m in _WITHIN.finditer(seen.folded)}
    said_so, waited = _SAID.search(seen.folded) is not None, _WAITED.search(seen.folded) is not None
    held = (said_so and (bool(lengths) or waited)) or (bool(lengths) and "过" in seen.folded)
    return held and not _raises_another(seen)


def _asks_it_again(seen: Seen) -> bool:
    """Whether a turn that says how long it waits asks once more what a colleague went to find out: 有没有配件嘛.

    Whether there is one sounds like a question about stock; what was to be found out is just that.
    """
    waits = _WAITED.search(seen.folded) is not None or _OVER.search(seen.folded) is not None
    others = {one.issue for one in seen.reading.issues if one.confidence >= CERTAIN}
    own = seen.case.issue if seen.case is not None else None
    return waits and others <= _KIN | {Issue.STOCK, Issue.PRODUCT_QUESTION, own}


def _only_presses(seen: Seen) -> bool:
    """Whether the turn does nothing but press, or tell how long it has been."""
    pressing = presses(seen) or seen.reading.manner == "_chase" or _WAITED.search(seen.folded) is not None
    pressing = pressing or (_SAID.search(seen.folded) is not None and _WITHIN.search(seen.folded) is not None)
    return pressing and not says("thanks", seen.folded) and not _asks_else(seen)


def _asks_else(seen: Seen) -> bool:
    own = seen.case.issue if seen.case is not None else None
    for one in seen.reading.issues:
        said = fold(one.evidence.text) if one.evidence is not None else seen.folded
        if one.issue in _KIN - {Issue.RETURN_EXCHANGE, Issue.MISSING_ITEM} or one.issue is own or _WAITED.search(said):
            continue
        if one.confidence >= CERTAIN or asks_something(said):
            return True
    return False
