"""Short codes for what is promised or done ("refund", "urge"), and the words of both languages that mean them."""

import re

_ZH = {
    "reship": "补发 | 重发 | 重新寄 | 重新发 | 补寄 | 重新发货 | 重新寄出 | 再寄 | 再发",
    "refund": "退款 | 退 | 打款 | 退还 | 退回 | 转账 | 返还",
    "exchange": "换货 | 换 | 更换",
    "compensate": "补偿 | 赔 | 补贴 | 赔付 | 赔偿 | 补差 | 垫付",
    "urge": "催 | 加急 | 催促 | 催单",
    "check": "查 | 核实 | 确认 | 核对 | 核查 | 排查 | 查看 | 查询 | 了解",
    "follow_up": "跟进 | 跟踪",
    "contact": "联系 | 沟通 | 协商",
    "report": "反馈 | 上报 | 转达 | 反映 | 转交",
    "record": "登记 | 记录 | 备注 | 备案",
    "request": "申请 | 提交",
    "arrange": "安排",
    "handle": "处理 | 解决 | 搞定 | 办理",
    "ship": "发货 | 发出 | 寄出 | 发走 | 打包",
    "answer": "回复 | 答复 | 告诉 | 告知 | 回电 | 回话",
    "notify": "通知 | 提醒",
    "escalate": "升级",
    "intercept": "拦截",
    "cancel": "取消",
    "change": "修改 | 改 | 更正 | 更新",
    "invoice": "开票 | 开具",
    "keep": "保留 | 预留",
}
_EN = {
    "refund": "refund | reimburse | credit",
    "reship": "replace | reship | resend | re-send",
    "ship": "ship | dispatch",
    "send": "send | mail | email | post",
    "exchange": "exchange | swap",
    "compensate": "compensate | cover",
    "urge": "urge | expedite | chase | rush | push",
    "check": "check | verify | confirm | investigate | look into | review | find out | double-check",
    "follow_up": "follow up",
    "contact": "contact | reach out | call | speak | ask | message | talk | be in touch | circle back",
    "report": "report | forward | pass | raise | flag",
    "record": "log | note | record | make a note | put a note",
    "request": "request | submit | put in",
    "open_case": "file | open",
    "arrange": "arrange | schedule | set up | organise | organize | book",
    "handle": "process | handle | take care of | resolve",
    "issue": "issue",
    "escalate": "escalate",
    "notify": "notify",
    "cancel": "cancel",
    "answer": "update | get back | let you know | keep you posted | keep you updated | keep you informed | reply | "
    "respond",
    "change": "change | correct | amend",
    "intercept": "intercept",
    "keep": "hold | reserve | set aside",
    "arrive": "arrive",
}
_IRREGULAR = {
    "send": "sent",
    "speak": "spoke | spoken",
    "hold": "held",
    "set": "set",
    "put": "put",
    "make": "made",
    "get": "got",
    "take": "took | taken",
    "find": "found",
    "let": "let",
    "keep": "kept",
    "be": "been",
    "resend": "resent",
    "re-send": "re-sent",
    "cancel": "cancelled | canceled",
}
_DOUBLED = frozenset("ship reship swap log flag submit".split())


def _spread(table: dict[str, str]) -> dict[str, str]:
    return {word: code for code, words in table.items() for word in words.split(" | ")}


def _past(verb: str) -> list[str]:
    """The past forms of a verb with what follows it ("look into" → "looked into")."""
    head, space, rest = verb.partition(" ")
    if head in _IRREGULAR:
        forms = _IRREGULAR[head].split(" | ")
    elif head in _DOUBLED:
        forms = [f"{head}{head[-1]}ed"]
    elif head.endswith("e"):
        forms = [f"{head}d"]
    else:
        forms = [f"{head[:-1]}ied" if head.endswith("y") and head[-2] not in "aeo" else f"{head}ed"]
    return [f"{form}{space}{rest}" for form in forms]


def _either_of(words: dict[str, str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


ZH_CODES = _spread(_ZH)
EN_CODES = _spread(_EN)
EN_PAST = {form: code for verb, code in EN_CODES.items() for form in _past(verb)}
ZH_VERB = _either_of(ZH_CODES)
"""An expression for a Chinese verb with a code."""
EN_VERB = _either_of(EN_CODES)
"""An expression for an English verb with a code, in its plain form."""
EN_DONE = _either_of(EN_PAST)
"""The same in its past forms."""


def english_code(verb: str) -> str:
    """The code of an English verb in its plain or past form; the verb itself when it has none."""
    verb = verb.lower()
    return EN_CODES.get(verb) or EN_PAST.get(verb) or verb


def word_code(words: str) -> str | None:
    """The code of the first verb in ``words``, small letters, in either language; null when there is none."""
    for verb in sorted(ZH_CODES, key=len, reverse=True):
        if verb in words:
            return ZH_CODES[verb]
    first = re.search(rf"(?<![a-z])(?:{EN_DONE}|{EN_VERB})", words)
    return english_code(first.group()) if first else None
