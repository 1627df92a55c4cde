"""English verbs of promises, by head word, with the code of what is promised.

Owns the words. What follows a verb may say more than the verb: "send a new one" is a replacement, "get back to you" an
answer.
"""

import re

from copilot.policy.claims.codes import english_code

_FIRST = {
    "answer": "reply respond answer write",
    "contact": "call ring phone text ping dm message contact speak talk ask",
    "send": "send mail post email pop drop forward",
    "reship": "replace reship resend re-send",
    "ship": "ship dispatch pack",
    "refund": "refund reimburse credit transfer return",
    "compensate": "compensate cover waive pay add knock",
    "exchange": "exchange swap switch",
    "urge": "urge expedite chase rush push hurry",
    "check": "check verify confirm investigate review double-check",
    "report": "report pass raise flag",
    "record": "log note record",
    "request": "request submit",
    "open_case": "file open",
    "arrange": "arrange schedule organise organize book",
    "handle": "process handle resolve sort fix",
    "issue": "issue",
    "escalate": "escalate",
    "notify": "notify",
    "cancel": "cancel",
    "change": "change correct amend edit",
    "intercept": "intercept",
    "keep": "hold reserve save",
    "arrive": "arrive",
}
_HEADS = {verb: code for code, verbs in _FIRST.items() for verb in verbs.split()}
_NEW = r"(?:replacement|new (?:one|set|pair|unit)|another (?:one|set|pair)?|spare (?:one)?|fresh (?:one|set|pair))"
_ITS = r"(?:it|this|that|these|those|them|one|the \w+(?: \w+)?|your \w+(?: \w+)?|a (?:new )?\w+|everything)"
_TOLD = r"(?:an? )?(?:\w+ )?(?:answer|update|reply|response|news|decision|info|details)"


def _more(code: str | None, heads: str, rest: str) -> tuple[str | None, str, re.Pattern[str]]:
    return code, heads, re.compile(rf"(?:{rest})(?![a-z])")


# The first that fits says what is promised; heads of ``_OPEN`` that fit none promise nothing.
_REST = (
    _more("answer", "get", r"back (?:to|with)|right back|" + rf"(?:you )?{_TOLD}"),
    _more("answer", "come", r"(?:right )?back|straight back"),
    _more("answer", "be", r"(?:right |straight )?back(?: here| to you| with)?"),
    _more("contact", "be", r"in touch|in contact|calling|phoning"),
    _more("answer", "let", r"you know|u know"),
    _more("answer", "keep", r"(?:you|u) (?:posted|updated|informed|in the loop|up to date)"),
    _more("follow_up", "keep", r"(?:a close |an? )?(?:eye|tabs)|chasing|following|tracking|monitoring|on top"),
    _more("keep", "keep", rf"{_ITS} (?:aside|back|for you|reserved)|(?:\w+ ){{1,3}}(?:aside|for you)"),
    _more("check", "look", r"(?:right )?(?:into|at (?:it|this|that|your|the))|closer"),
    _more("handle", "look", r"after"),
    _more("follow_up", "follow", r"(?:it |this |that )?up|through"),
    _more("check", "find", r"out|where|what|the"),
    _more("check", "see", r"what (?:happened|went)|where|why|whether"),
    _more("contact", "reach", r"out|you"),
    _more("contact", "circle", r"back"),
    _more("handle", "deal", r"with"),
    _more("handle", "take", r"(?:good |full )?care|charge"),
    _more("check", "take", r"a (?:closer |quick |good )?look"),
    _more("compensate", "take", r"(?:another )?[$£€¥]?\d[\d.]*%?(?: \w+)? off"),
    _more("keep", "put set", r"(?:\w+ ){1,3}(?:aside|by|back for)|aside"),
    _more("record", "put make", r"a note|a remark"),
    _more("send", "put", r"(?:\w+ ){1,4}in the (?:post|mail|parcel|box)"),
    _more("request", "put", r"(?:in |(?:the |a |your )?)(?:\w+ ){0,2}(?:request|claim|refund|order|case|ticket)"
          r" ?(?:in|through)?|it through"),
    _more("arrange", "set", r"(?:\w+ ){0,4}up|up"),
    _more("handle", "make", r"it right|this right|it up|that right"),
    _more("contact", "give", r"(?:you|u|them|the \w+) (?:a )?(?:quick )?(?:call|ring|shout|bell|buzz)"),
    _more("answer", "give", rf"(?:you|u) (?:{_TOLD}|a heads|a shout|a firm)"),
    _more("refund", "give", r"(?:you|u) (?:\S+ ){0,4}(?:back|refund)|your (?:money|\S+) back"),
    _more("compensate", "give", r"(?:you|u) (?:\S+ ){0,4}(?:off|discount|coupon|voucher|credit|free)"
          r"|(?:you|u) [$£€¥]?\d"),
    _more("reship", "have get", rf"(?:you )?(?:a|another|your|the) {_NEW}"),
    _more("ship", "have get", rf"(?:{_ITS} )?(?:out|over|off|across|on its way|moving)"
          r"(?: to you| today| tomorrow| by| in| on)?"),
    # "Get the 8.5 out to you today" sends it; "get the stain out" cleans it.
    _more("ship", "have get", r"(?:the|your|a|an|another|that|those) (?:[\w.'/-]+ ){1,3}?(?:out|off)"
          r"(?: to (?:you|u)(?![a-z])"
          r"| (?:today|tomorrow|tonight|this (?:morning|afternoon|evening)|by |on |asap|right away))"),
    _more("answer", "have", rf"{_TOLD}(?: for| to| by)?"),
    _more("refund", "have get", r"(?:your|the|a|that) (?:full |partial )?(?:refund|money)(?! (?:policy|status))"),
    _more("change", "update", r"(?:the|your|this|that|it|my)(?! (?:status|buyer|customer))"),
    _more("answer", "update", r"(?:you|u|here|\w+day|later|tomorrow|tonight|again|by|as|in|when|once)|$"),
    _more("ship", "go", r"out|off to you"),
    _more("handle", "go", r"through"),
    _more("compensate", "add", r"(?:a|an|\S+) (?:\S+ )?(?:coupon|voucher|discount|credit|gift|freebie)"
          r"|(?:\S+ )?[$£€¥]\d"),
    _more("escalate", "pass transfer forward", r"(?:\w+ ){0,2}(?:up|(?:on )?to (?:my|our|a|the) "
          r"(?:\w+ )?(?:manager|supervisor|lead|team lead))"),
    _more("compensate", "knock", r"off (?:another )?[$£€¥]?\d|(?:another )?[$£€¥]?\d[\d.]*%?(?: \w+)? off"),
    _more("invoice", "send email mail forward issue",
          r"(?:you |u |over )?(?:the |your |a |an )?(?:\w+ )?(?:invoice|receipt)"),
    _more("refund", "send transfer pay",
          r"(?:you |u )?(?:back )?(?:the |your |a |an )?(?:\w+ )?(?:money|refund|difference|[$£€¥]\d\S*)"),
    _more("reship", "send mail post ship dispatch pop drop",
          rf"(?:(?:you|u|out|over|across) )*(?:a |an |the )?(?:\w+ )?{_NEW}"),
    _more("refund", "process handle approve", r"(?:the |your |a |this )?(?:\w+ )?refund"),
    _more("answer", "email message", r"you (?:the answer|an update|back)"),
    _more("answer", "drop", r"you (?:a|an) (?:line|message|note)"),
    _more(None, "put", ".*"),
    _more(None, "write", r"(?!back|you|to you|here|again|in|soon).*"),
    _more(None, "add", ".*"),
    _more(None, "return", r"(?!you|u |the |all )(?!your (?:money|\S+ back)).*"),
    _more(None, "knock", ".*"),
    _more(None, "open", r"(?:at|on|again|the shop|our)"),
    _more(None, "drop", r"(?!it|a|the|one|your).*"),
    _more(None, "pop", r"(?!it|a|the|one|your|them).*"),
    _more(None, "save", r"(?!one|it|the|you one).*"),
    _more(None, "pay", r"(?!for|the|you|your).*"),
    _more(None, "ask", r"(?:you|for your)"),
    _more(None, "note", r"that"),
    _more(None, "log", r"in|on|out|off"),
    _more(None, "push", r"it\b(?! through)"),
)  # fmt: skip


_BY_HEAD: dict[str, list[tuple[str | None, re.Pattern[str]]]] = {}
for _code, _heads_of, _pattern in _REST:
    for _head in _heads_of.split():
        _BY_HEAD.setdefault(_head, []).append((_code, _pattern))


def promised_code(head: str, rest: str) -> str | None:
    """What ``head`` with what follows it promises, in a plain form; null when that is nothing of ours."""
    for code, pattern in _BY_HEAD.get(head, ()):
        if pattern.match(rest):
            return code
    return _HEADS.get(head)


def done_code(form: str) -> str | None:
    """What "will be <form>" promises: the code of a past form; null when it is none of ours."""
    code = english_code(form)
    if code != form and code not in {"contact", "check", "record"}:
        return code
    return _DONE.get(form)


_DONE = {
    "sorted": "handle", "fixed": "handle", "done": "handle", "completed": "handle", "paid": "refund",
    "returned": "refund",
    "reviewed": "check", "checked": "check", "transferred": "refund", "contacted": "contact", "called": "contact",
    "waived": "compensate", "held": "keep", "kept": "keep", "packed": "ship", "mailed": "send", "emailed": "send",
}  # fmt: skip


def doing_code(form: str, rest: str) -> str | None:
    """What "I'm <form>" promises; looking and checking commit to nothing."""
    for head in _heads(form):
        code = promised_code(head, rest)
        if code is not None:
            return None if code in {"check", "contact", "record", "arrive"} else code
    return None


def _heads(form: str) -> tuple[str, ...]:
    """The plain forms that ``form`` in -ing may have."""
    stem = form.removesuffix("ing")
    if stem == form or len(stem) < 2:
        return ()
    return (stem, f"{stem}e", stem[:-1]) if stem[-1] == stem[-2:-1] else (stem, f"{stem}e")


GOT = (
    r"(?P<thing>refund|replacement|new one|money|answer|reply|response|update|email|message|call|invoice|receipt|label"
    r"|credit|voucher|coupon|tracking)"
)
"""What the buyer is told to receive, for expressions."""
WHAT = {
    "refund": "refund", "money": "refund", "replacement": "reship", "new one": "reship", "answer": "answer",
    "reply": "answer", "response": "answer", "update": "answer", "email": "answer", "message": "contact",
    "call": "contact", "invoice": "invoice", "receipt": "invoice", "label": "send", "tracking": "send",
    "credit": "compensate", "voucher": "compensate", "coupon": "compensate",
}  # fmt: skip
"""The code of what is received."""
