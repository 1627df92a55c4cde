"""Chinese verbs of promises with the code of what is promised.

Owns the words, and what a word means beside others; whether it promises, its clause says.
"""

import re
from collections.abc import Iterable

from copilot.policy.claims.codes import ZH_CODES

_MORE = {
    "answer": "回信 | 准信 | 说法 | 交代 | 回音 | 消息 | 回个话",
    "contact": "打电话 | 回电话 | 去电 | 致电 | 打给 | 私信",
    "refund": "到账 | 原路返回 | 退钱 | 退到 | 退给",
    "reship": "补上 | 补齐 | 补给 | 重寄 | 补一",
    "ship": "寄走 | 发车 | 出库 | 寄过去 | 发过去 | 发给 | 寄给",
    "check": "看看 | 看一下 | 看下 | 查证 | 翻一下",
    "compensate": "承担 | 报销 | 优惠 | 便宜 | 送您 | 我来出 | 我们来出",
    "follow_up": "盯着 | 跟着",
    "keep": "留着 | 留到 | 锁定",
    "handle": "办好 | 弄好 | 落实 | 办妥",
    "change": "改好 | 改价",
    "invoice": "开好 | 开发票 | 补开",
    "intercept": "追回 | 拦下",
    "arrange": "取件",
    "arrive": "送到 | 送达",
}
# Each with what must not follow, because it begins another word then.
_SHORT = {
    "退": ("refund", "货|烧|休|步|换|色|改"),
    "转": ("refund", "告|达|交|人工|接|动|弯|发"),
    "补": ("reship", "丁|水|妆|光|货"),
    "换": ("exchange", "季|算|乘"),
    "赔": ("compensate", "钱货"),
    "改": ("change", "天|善|日|良"),
    "催": ("urge", "化|眠"),
    "查": ("check", "收"),
    "问": ("contact", "题|候|号|您|你"),
    "寄": ("ship", "存|托|回来|回给"),
    "发": ("ship", "票|现|型|质|热|霉|黄|白|生|展|酵|抖|烧|光|图|货地"),
    "回": ("answer", "来|去|收|家|头|程|忆|寄|购"),
    "留": ("keep", "言|意|学|心|下"),
    "送": ("compensate", "达|到|货|上门|检|修"),
    "减": ("compensate", "少|轻|肥"),
    "开": ("invoice", "始|心|关|机|门|会|口|箱|封|通|链接|播|了"),
    "跟": ("follow_up", "高|着我|我们?|您|仓"),
    "盯": ("follow_up", "盯"),
    "说": ("answer", "明书|法|(?<=再说)"),
    "打": ("contact", "折|算|扰|开|包|印|磨|样|湿|单"),
    "拦": ("intercept", "路"),
    "存": ("keep", "放|储|在"),
    "到": ("arrive", "时|底|的|货|处|账"),
    "修": ("handle", "身|图|饰"),
}
_DONE_ONLY = frozenset({"查看", "了解", "沟通", "协商", "记录"})

LONG = {verb: code for verb, code in ZH_CODES.items() if len(verb) > 1 and verb not in _DONE_ONLY} | {
    verb: code for code, verbs in _MORE.items() for verb in verbs.split(" | ")
}
"""Verbs of more than one character."""
SHORT = {verb: code for verb, (code, _) in _SHORT.items()}
"""Verbs of one character, which need something in front of them or the buyer behind them."""


def _by_length(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


LONG_WORDS = _by_length(LONG)
"""An expression for the long verbs."""
SHORT_WORDS = "|".join(f"{verb}(?!{but})" for verb, (_, but) in _SHORT.items())
"""An expression for the short ones where they begin no other word."""
_MARKS = re.compile(r"[,。;!?\n]")
_HANDED_ON = frozenset({"refund", "report", "request"})
_ONLY_WITH = frozenset({"开", "打"})
"""Verbs that mean something only with what is opened or dialled."""
_BILL = (re.compile("发票"), "invoice")
_NARROWED = {
    "ship": (
        _BILL,
        (re.compile("[发寄打][货出走包]"), "ship"),
        (re.compile(r"新的|新货|[一二两三]?[套个件双只台条盒]新"), "reship"),
        (
            re.compile(
                r"视频|图|单号|链接|资料|文件|说明书?|教程|照片|尺码表|表格|取件码|运单|二维码|快递号|方法|步骤"
            ),
            "send",
        ),
        # A coupon is put on an account; nothing leaves the warehouse for it.
        (re.compile(r"优惠券|代金券|抵扣券|满减券|消费券|红包|[元块张]券|补偿券|兑换码|积分"), "compensate"),
    ),
    "invoice": ((re.compile("票"), "invoice"),),
    "record": (_BILL,),
    "contact": ((re.compile("电话|打给"), "contact"), (re.compile(r"\d|[元块钱]"), "refund")),
    "reship": ((re.compile(r"运费|差价|差额|钱|[元块券]|贵|优惠|红包"), "compensate"),),
}
"""By code what else it is when such words stand in the clause."""
_HANDED = re.compile(r"[给到交](?![您你])")
_ABOVE = re.compile(r"[给到交]?(?:主管|经理|领导|上级|店长|负责人)")


def code_beside(text: str, match: re.Match[str]) -> str | None:
    """What the verb promises, by what stands beside it in its clause; null when it means something else there."""
    verb, end = match.group(), match.end()
    code = LONG.get(verb) or SHORT[verb]
    if code in _HANDED_ON and _ABOVE.match(text, end):
        return "escalate"
    if code == "refund":
        return "report" if _HANDED.match(text, end) else code
    narrow = _NARROWED.get(code) if verb[0] in "寄发补开打备登" else None
    if narrow is None:
        return code
    before = _MARKS.split(text[max(0, match.start() - 14) : match.start()])[-1]
    near = before + _MARKS.split(text[match.start() : end + 14])[0]
    found = next((other for look, other in narrow if look.search(near)), None)
    return found if found is not None or verb in _ONLY_WITH else code
