"""What the desk says of requests to a supervisor and of turns that somebody else must look at."""

from typing import Final

from copilot.desk.words import Words

CEILINGS: Final[Words] = {
    "per_issue": ("这类问题的额度", "the limit for this issue"),
    "per_order": ("这个订单的额度", "the limit for this order"),
    "per_buyer": ("这位买家的额度", "the limit for this buyer"),
    "per_day": ("今天的额度", "today's limit"),
}

GIVES: Final[Words] = {
    "part": ("退一部分", "that part of the price"),
    "refund": ("退款", "a refund"),
    "gap": ("补差价", "the difference"),
    "compensation": ("补偿", "a compensation"),
    "reship": ("补发", "a replacement"),
    "exchange": ("换货", "an exchange"),
    "gift": ("赠送", "a gift"),
    "shipping": ("运费", "what sending costs"),
}
"""What a person's own words give, by its code."""

APPROVAL: Final[Words] = {
    "beyond": ("{what}：要花{cost}，{ceiling}还剩{left}", "{what}: costs {cost}, {left} left of {ceiling}"),
    "remedy": ("{what}超出您能给的额度", "{what} is above what you may give"),
    "unpriced": (
        "{what}要花多少没人知道：先认准订单，或请主管发",
        "what {what} costs is not known: settle which order it is, or let a supervisor send it",
    ),
    "gives": ("给出{cost}", "gives {cost}"),
    "gives_unpriced": ("给出的东西不知道值多少", "nobody can price what it gives"),
    "is_left": ("{ceiling}还剩{left}", "{left} left of {ceiling}"),
    "left": ("：{ceiling}还剩{left}", ": {left} left of {ceiling}"),
    "unnamed": (
        "{what}要花多少没写明：写上金额，或请主管发",
        "what {what} costs is not said: name the amount, or let a supervisor send it",
    ),
    "unread": (
        "这种语言系统读不懂给了什么：许了钱或东西请用中文或英文写，再翻译",
        "what is given in this language is not read: write it in Chinese or English and have it translated",
    ),
    "own_words": ("客服自己的话", "the agent's own words"),
    "requested": ("已请主管定：{what}", "a supervisor was asked: {what}"),
    "approved": ("主管同意：{what}，{amount}", "a supervisor agreed: {what}, {amount}"),
    "lowered": ("主管改为{amount}：{what}", "a supervisor allowed {amount}: {what}"),
    "refused": ("主管没有同意：{what}", "a supervisor said no: {what}"),
    "withdrawn": ("请求已撤回：草稿变了", "the request ended with its draft"),
}

ESCALATION: Final[Words] = {
    "supervisor": ("请主管看：{why}", "For a supervisor: {why}"),
    "colleague": ("请同事接手：{why}", "For a colleague: {why}"),
}

WHY: Final[Words] = {
    "over_ceiling": ("合适的方案都超出客服额度", "everything that fits is above the agent's limit"),
    "choice_over": (
        "买家选了之前给的方案，现在超出客服额度",
        "the buyer took an offer that is now above the agent's limit",
    ),
    "all_refused": ("买家没有接受给出的方案", "the buyer took none of the options"),
    "injury": ("有人受伤或身体不适", "somebody is hurt"),
    "safety": ("有安全隐患", "something is not safe"),
    "self_harm": ("可能伤害自己", "somebody may harm themself"),
    "order": ("订单 {what}", "order {what}"),
    "offered": ("已给方案：{what}", "offered {what}"),
    "chosen": ("买家已选 {what}", "chosen {what}"),
    "asked for": ("在等买家提供：{what}", "waiting for {what}"),
    "held": ("已答应回复 {what} 次", "told {what} times that we come back"),
    "risk": ("风险：{what}", "risk: {what}"),
}
"""A reason by its code, and the parts of a case's one line by the word that each begins with."""

RISKS: Final[Words] = {
    "platform_complaint": ("向平台投诉", "a complaint to the platform"),
    "regulator": ("向监管部门投诉", "a complaint to a regulator"),
    "media": ("曝光", "going public"),
    "chargeback": ("向银行拒付", "a chargeback"),
    "lawyer": ("找律师", "a lawyer"),
    "review_threat": ("差评", "a bad review"),
    "injury": ("受伤", "an injury"),
    "safety": ("安全隐患", "safety"),
    "minor": ("未成年人", "a minor"),
    "self_harm": ("伤害自己", "self-harm"),
}
