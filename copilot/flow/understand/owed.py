"""What was agreed on and has not come: which turns ask after it, and whether after goods, money or an answer.

Owns what a case owes by what the buyer chose, what was promised and what a colleague stated; refuses to say whether it
was kept.
"""

import re

from copilot.domain.case import Case, CaseState, CommitmentState
from copilot.domain.issue import CATEGORY_OF, Category, Issue, IssueReading
from copilot.flow.understand.answers import is_short_reply
from copilot.flow.understand.issues import asks_something, opens_another
from copilot.flow.understand.remedies import remedies_in
from copilot.flow.understand.seen import Seen
from copilot.flow.understand.text import fold
from copilot.flow.understand.way_back import GOES_BACK
from copilot.flow.understand.words import says

UNDER_WAY = frozenset({Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY})
_GOODS_OWED = frozenset({"reship", "exchange", "parts", "gift"})
_MONEY_OWED = frozenset({"refund", "return", "price_gap", "keep", "cancel"})
_TOLD = _GOODS_OWED | {"refund", "price_gap"}
"""What a colleague's plain words promise; goods that the buyer sends back are none of it."""


# What a colleague does about a matter; sending, refunding and exchanging have their own words.
_DONE_ZH = re.compile(
    r"(?P<verb>拦|催|登记|查|问|核实|联系|上报|反馈|通知|备注|申请|同意|通过|审核)(?:到|好|过|完|上|成功)?(?:了)?(?:没有?|吗|么|嘛)"
)
_NEWS = re.compile(
    r"\A\W*(?:hi|hey|hello|你好|在吗|亲)?\W*(?:any (?:news|update|updates|word|luck)"
    r"|(?:有)?(?:消息|结果|回复|进展)(?:了)?(?:吗|没|么)"
    r"|(?:问|查|核实|确认)(?:好|到|清楚)?(?:了)?(?:吗|没有?|么|怎么样|咋样))"
    r"(?:了|啊|呀| yet| on (?:this|that|it))*\W*\Z"
)
_REPLIED = re.compile(
    r"\b(?:did|do|have|has) (?:they|he|she|(?:your|the) (?:manager|supervisor|warehouse|team|boss))\b[^.?!\n]{0,12}"
    r"\b(?:say|said|answer(?:ed)?|repl(?:y|ied)|respond(?:ed)?|decide[d]?|get back|gotten back|approve[d]?)\b"
    r"|(?:他们|主管|经理|仓库|采购|那边)(?:怎么说|咋说|回(?:复|你|您)?了?(?:吗|没)|同意了?(?:吗|没))"
)
STANDS_THERE = UNDER_WAY | {Issue.LOST_PARCEL, Issue.NOT_RECEIVED, Issue.REFUND_STATUS}
"""Matters whose state is the news that is asked for."""
CARRIER_SAID = "carrier_said"
"""The wish to hear what the carrier has answered."""
_CARRIER = re.compile(
    r"快递|物流|查件|网点|承运|中通|圆通|申通|韵达|顺丰|极兔|邮政|\b(?:carrier|courier|usps|ups|fedex|dhl|post office"
    r"|shipping company|trace|tracer|investigation)\b"
)
_GOT_BACK = re.compile(
    r"\b(?:get|got|gotten|hear|heard|come|came) back\b|\b(?:hear|heard) (?:anything|something|from them)\b"
)
_DONE_EN = re.compile(
    r"\b(?:did|have|has|could|were) (?:you|u|they|he|she|your \w+|the \w+|ups|usps|fedex|dhl)(?: guys)?"
    r"(?: able to| manage to| ever| already)?"
    r" (?P<verb>ask|asked|check|checked|stop|stopped|intercept|intercepted|call|called|contact|contacted"
    r"|reach|reached|approve|approved|open|opened|find|look|file|filed|talk|hear|cancel|canceled|note"
    r"|noted)\b"
)


def asks_for_owed(seen: Seen, lead: IssueReading) -> str:
    """What a question about a parcel, a refund or a wait is after: goods or money that were agreed on; else nothing."""
    case = seen.case
    if (
        case is None
        or seen.reading.wish
        or says("asks_to_send", seen.folded)
        or (lead.evidence is not None and opens_another(lead.evidence.text))
    ):
        # "Can it come on Saturday" wants something of it.
        return ""
    owed = _owed(case, seen)
    if lead.issue is Issue.REFUND_STATUS:
        return "owed_money" if owed & _MONEY_OWED and is_short_reply(seen.folded) else ""
    if lead.issue not in UNDER_WAY:
        return ""
    if owed & _GOODS_OWED:
        return "owed_goods"
    # "It's been four days" waits for whatever was promised, where it names no parcel.
    waits = lead.issue is Issue.DELIVERY_DELAY and not says("parcel_said", seen.folded)
    promised = case.issue is Issue.REFUND_STATUS or (seen.shop.hold and not seen.shop.question)
    return "owed_money" if waits and owed else "owed_answer" if waits and promised else ""


def asks_of_action(seen: Seen) -> str:
    """What a short question is after of what a colleague said they do: their word, the carrier's, or nothing."""
    if _asks_the_carriers_word(seen):
        return CARRIER_SAID
    return "owed_report" if _asks_of_action(seen) else ""


def _asks_the_carriers_word(seen: Seen) -> bool:
    """Whether what the carrier answered is asked in the matter of a parcel: "did they get back to you?"."""
    if seen.case is None or seen.case.issue not in STANDS_THERE - {Issue.REFUND_STATUS}:
        return False
    if seen.reading.wish == CARRIER_SAID:
        return True
    of_it = _CARRIER.search(fold(seen.shop_text)) is not None and not seen.shop.question
    asks = any(one.search(seen.folded) for one in (_REPLIED, _NEWS, _GOT_BACK))
    return of_it and asks and is_short_reply(seen.folded)


def _asks_of_action(seen: Seen) -> bool:
    """Whether a short question is after what a colleague said they do: 拦到没, 催了吗, "did they stop it?"."""
    if seen.case is None or not seen.shop_text or seen.shop.question or not is_short_reply(seen.folded):
        return False
    said = fold(seen.shop_text)
    if seen.shop.hold and _REPLIED.search(seen.folded):
        return True
    if seen.shop.hold and seen.case.issue not in STANDS_THERE and _NEWS.search(seen.folded):
        # "Any news?" to "let me check" is after that, whatever else was agreed.
        return True
    if seen.case.issue in STANDS_THERE:
        # How far the parcel or the money is tells more than that somebody asks.
        return False
    if any(match["verb"] in said for match in _DONE_ZH.finditer(seen.folded)):
        return True
    return any(_stem(match["verb"]) in said for match in _DONE_EN.finditer(seen.folded))


def _stem(verb: str) -> str:
    return verb.removesuffix("ed").removesuffix("d")


def about_a_parcel(seen: Seen) -> bool:
    """Whether a parcel is asked after that has nothing to do with what was chosen: another one, or money was."""
    lead, case = seen.lead, seen.case
    if lead is None or case is None or case.chosen is None or lead.issue not in UNDER_WAY:
        return False
    further = lead.evidence is not None and opens_another(lead.evidence.text)
    return further or (lead.issue is Issue.LOGISTICS_QUERY and says("parcel_said", seen.folded))


def _owed(case: Case, seen: Seen) -> frozenset[str]:
    """What was agreed in ``case``: what the buyer chose, else what was promised, or what the shop said it does."""
    if case.chosen is not None and case.state is CaseState.WAITING_US:
        chosen = next((one for one in case.offered if one.id == case.chosen), None)
        named = (
            remedies_in(f"{chosen.key} {chosen.title} {chosen.action}".replace("_", " "))
            if chosen
            else frozenset[str]()
        )
        return (named & (_GOODS_OWED | _MONEY_OWED)) or frozenset({"reship"})
    # One thing that a colleague states is as good as agreed; what they ask about is not.
    open_to_choice = len(case.offered) > 1 or (case.offered and asks_something(seen.shop_text))
    if case.chosen is not None or open_to_choice or CATEGORY_OF[case.issue] is not Category.AFTER_SALE:
        return frozenset()
    live = (CommitmentState.OWED, CommitmentState.BROKEN)
    promised = remedies_in(" ".join(one.what.replace("_", " ") for one in case.commitments if one.state in live))
    asks = asks_something(seen.shop_text) or len(seen.shop.offered) > 1
    told = frozenset[str]() if asks else remedies_in(seen.shop_text) & _TOLD
    if case.issue in GOES_BACK | {Issue.MISSING_ITEM} and says("sends_soon", fold(seen.shop_text)):
        told |= {"reship"}
    return (promised | told) & (_GOODS_OWED | _MONEY_OWED)
