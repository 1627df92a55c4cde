"""Promises, done actions, states and causes in a text, each with a short code for what is promised, done or so.

Only forms that commit somebody: an offer in an option ("A refund ¥10") is no promise, a wish or a condition no action.
"""

import re
from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found

_ZH_CODES = {
    "补发": "reship",
    "重发": "reship",
    "重新寄": "reship",
    "重新发": "reship",
    "补寄": "reship",
    "退款": "refund",
    "退": "refund",
    "打款": "refund",
    "换货": "exchange",
    "换": "exchange",
    "补偿": "compensate",
    "赔": "compensate",
    "催": "urge",
    "加急": "urge",
    "查": "check",
    "核实": "check",
    "确认": "check",
    "核对": "check",
    "跟进": "follow_up",
    "跟踪": "follow_up",
    "联系": "contact",
    "沟通": "contact",
    "反馈": "report",
    "上报": "report",
    "登记": "record",
    "记录": "record",
    "备注": "record",
    "申请": "request",
    "提交": "request",
    "安排": "arrange",
    "处理": "handle",
    "发货": "ship",
    "发出": "ship",
    "寄出": "ship",
    "回复": "answer",
    "答复": "answer",
    "告诉": "answer",
    "通知": "notify",
    "升级": "escalate",
    "拦截": "intercept",
    "取消": "cancel",
    "修改": "change",
    "改": "change",
    "开票": "invoice",
    "开具": "invoice",
}
_EN_CODES = {
    "refund": "refund",
    "reimburse": "refund",
    "credit": "refund",
    "replace": "reship",
    "reship": "reship",
    "resend": "reship",
    "ship": "ship",
    "send": "send",
    "sent": "send",
    "dispatch": "ship",
    "exchange": "exchange",
    "swap": "exchange",
    "compensate": "compensate",
    "urge": "urge",
    "expedite": "urge",
    "chase": "urge",
    "rush": "urge",
    "check": "check",
    "verify": "check",
    "confirm": "check",
    "investigate": "check",
    "look into": "check",
    "looked into": "check",
    "follow up": "follow_up",
    "followed up": "follow_up",
    "contact": "contact",
    "reach out": "contact",
    "reached out": "contact",
    "call": "contact",
    "speak": "contact",
    "spoke": "contact",
    "spoken": "contact",
    "report": "report",
    "forward": "report",
    "pass": "report",
    "raise": "report",
    "flag": "report",
    "log": "record",
    "note": "record",
    "record": "record",
    "request": "request",
    "file": "open_case",
    "open": "open_case",
    "submit": "request",
    "arrange": "arrange",
    "schedule": "arrange",
    "process": "handle",
    "handle": "handle",
    "issue": "issue",
    "escalate": "escalate",
    "notify": "notify",
    "cancel": "cancel",
    "update": "answer",
    "get back": "answer",
    "let you know": "answer",
    "change": "change",
    "intercept": "intercept",
    "ask": "contact",
    "asked": "contact",
    "message": "contact",
    "mail": "send",
    "email": "send",
}
_ZH_VERB = "|".join(sorted(_ZH_CODES, key=len, reverse=True))
_ZH_LONG = "|".join(sorted((verb for verb in _ZH_CODES if len(verb) > 1), key=len, reverse=True))
_EN_STEM = "|".join(sorted((verb for verb in _EN_CODES if " " not in verb), key=len, reverse=True))
_EN_PHRASE = "|".join(sorted((verb for verb in _EN_CODES if " " in verb), key=len, reverse=True))

_PROMISE_ZH = re.compile(
    rf"(?:我们?|这边|本店|店里|客服)(?:这边|今天|明天|马上|立刻|这就|现在|稍后|一定|肯定|也|都|先|就|再|到时候?|第一时间|尽快)*(?:会|将|就去|这就|马上|立刻|去)"
    rf"(?:马上|尽快|立刻|先|再|持续|一直|第一时间|优先)*(?:帮|给|为|替|跟|向)?(?:您|你)?(?:那边|物流|快递|仓库|平台|重新|免费|优先|继续|去)*(?P<verb>{_ZH_VERB})"
    rf"|(?:今天|明天|今晚|稍后|马上|立刻|这就|尽快)(?:就|会|先|再|给|帮|为|替|您|你|把)+(?:免费|优先|重新)?(?P<verb2>{_ZH_LONG})"
)
_PROMISE_EN = re.compile(
    rf"(?<![a-z])(?:i|we)(?:'ll|\swill|\sam going to|\sare going to|'m going to|'re going to|\spromise to"
    rf"|\sguarantee to)\s(?:also |then |personally |immediately |now |gladly |happily |make sure to "
    rf"|be sure to |go ahead and )*"
    rf"(?:(?P<phrase>{_EN_PHRASE})|(?P<stem>{_EN_STEM}))(?![a-z])",
    re.IGNORECASE,
)
_ACTION_ZH = re.compile(
    rf"(?:(?:我们?|这边)(?:这边)?)?(?:已经|已|刚刚|刚才|刚|都)(?:帮|给|为|替|跟|向|在)?(?:您|你)?(?:跟|向|把|去|联系)?(?:那边|物流|快递|仓库|平台"
    rf"|财务|同事|主管|重新|免费|优先|加急)*(?P<verb>{_ZH_VERB})(?:了|过|好|完|出|到)?"
)
_ACTION_EN = re.compile(
    rf"(?<![a-z])(?:i|we)(?:'ve|\shave)?\s?(?:already |just |also |now "
    rf"|personally )*\s?(?P<verb>(?:{_EN_STEM})(?:d|ed|ped|led|ted|ged)|asked|sent|spoke|spoken|followed up"
    rf"|reached out|looked into|filed|raised|processed|shipped)(?![a-z])",
    re.IGNORECASE,
)
_STATES_ZH = {
    "delivered": "已(?:经)?(?:签收|送达|妥投|派送成功)|显示(?:已)?签收",
    "picked_up": "已(?:经)?(?:揽收|揽件)",
    "shipped": "已(?:经)?(?:发货|寄出|发出|出库)",
    "in_transit": "(?:正在|还在|在)(?:运输|途中|路上|运送)(?:中|途中)?|运输中",
    "out_for_delivery": "(?:正在|已在)?派送中|正在派送|派件中",
    "refunded": "已(?:经)?(?:退款成功|到账|原路退回|退款)",
    "cancelled": "已(?:经)?取消",
    "paid": "已(?:经)?付款|已(?:经)?支付",
    "out_of_stock": "没货|缺货|无货|断货|卖完了?|售罄|没有库存|暂时没有货",
    "in_stock": "(?<![没无缺断])有货|有现货|现货充足|库存充足",
}
_BE = (
    r"(?<![a-z])(?:is|are|was|were|it's|been|shows?(?: as| it)?|marked(?: as)?|status:?)\s(?:already |now "
    r"|currently |still |as )*"
)
_STATES_EN = {
    "delivered": _BE + r"delivered(?!\sby)",
    "shipped": _BE + r"(?:shipped"
    r"|dispatched)(?!\sby)",
    "in_transit": _BE + r"(?:in transit|on (?:its|the) way)",
    "out_for_delivery": _BE + r"out for delivery",
    "refunded": _BE + r"refunded",
    "cancelled": _BE + r"cancell?ed",
    "out_of_stock": r"(?<![a-z])(?:out of stock|sold out|not in stock)(?![a-z])",
    "in_stock": r"(?<!not )(?<!back )(?<!when )(?<!\d )(?<![a-z])in stock(?![a-z])",
}
_STATE = [
    (code, re.compile(pattern, re.IGNORECASE)) for table in (_STATES_ZH, _STATES_EN) for code, pattern in table.items()
]
_CAUSE = re.compile(
    r"(?:由于|是因为|因为|受)(?P<zh>[^,。;!?\n]{2,24}?)(?:影响|导致|造成|的?原因|的?关系|所以)"
    r"|(?<![a-z])(?:due to|because of|caused by|owing to)\s(?P<en>[a-z][a-z' -]{2,48}?)(?=[,.;!?\n]|$"
    r"|\s(?:and|but|so|we|your|it|the (?:parcel|package|order))\s)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:如果|要是|若|一旦|假如|等到?|是否|有没有|能否|可以|要不要|需要)[^,。;!?\n]{0,8}$|(?:(?<![a-z])(?:if|when|once|unless"
    r"|whether|should|after|before)\s[^,.;!?\n]{0,24})$",
    re.IGNORECASE,
)


def acts(text: str) -> Iterator[Found]:
    """Promises, actions, states and causes; values are codes ("refund", "in_stock"), a cause's its words."""
    states = list(_states(text))
    yield from states
    for match in _ACTION_ZH.finditer(text):
        if not _touches(match.span(), states) and not _conditional(text, match.start()):
            yield Found(FactKind.ACTION, match.start(), match.end(), _ZH_CODES[match["verb"]])
    for match in _ACTION_EN.finditer(text):
        if not _conditional(text, match.start()):
            yield Found(FactKind.ACTION, match.start(), match.end(), english_code(match["verb"]))
    for match in _PROMISE_ZH.finditer(text):
        yield Found(FactKind.PROMISE, match.start(), match.end(), _ZH_CODES[match["verb"] or match["verb2"]])
    for match in _PROMISE_EN.finditer(text):
        yield Found(FactKind.PROMISE, match.start(), match.end(), english_code(match["phrase"] or match["stem"]))
    for match in _CAUSE.finditer(text):
        yield Found(FactKind.CAUSE, match.start(), match.end(), (match["zh"] or match["en"]).strip().lower())


def _states(text: str) -> Iterator[Found]:
    for code, pattern in _STATE:
        for match in pattern.finditer(text):
            if not _conditional(text, match.start()):
                yield Found(FactKind.STATE, match.start(), match.end(), code)


def _conditional(text: str, start: int) -> bool:
    return bool(_CONDITION.search(text[max(0, start - 28) : start]))


def _touches(span: tuple[int, int], states: list[Found]) -> bool:
    return any(span[0] < state.end and state.start < span[1] for state in states)


def english_code(verb: str) -> str:
    """The code of an English verb in any of its forms; the verb itself when it has none."""
    verb = verb.lower()
    for form in (verb, verb.removesuffix("d"), verb.removesuffix("ed"), verb[:-3], verb.replace("followed", "follow")):
        if form in _EN_CODES:
            return _EN_CODES[form]
    return verb


def code_of(words: str) -> str:
    """The code that stands for a fact's words ("Refund issued" → "refund"); the words themselves when none does."""
    plain = words.strip().lower()
    for verb in sorted(_ZH_CODES, key=len, reverse=True):
        if verb in plain:
            return _ZH_CODES[verb]
    for code, pattern in _STATE:
        if pattern.search(plain):
            return code
    first = re.search(rf"(?<![a-z])(?:{_EN_PHRASE}|{_EN_STEM})", plain)
    return _EN_CODES[first.group()] if first else plain
