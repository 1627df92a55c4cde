"""What the core says in a platform's own window, in Chinese and English: on notes, and beside them."""

from typing import Final

from copilot.desk.words import Words

NOTE: Final[Words] = {
    "order": ("订单 {id}：{why}", "order {id}: {why}"),
    "look_at": ("注意：{what}", "look at: {what}"),
    "finding": ("规则提醒“{text}”：{reason}", "a rule on “{text}”: {reason}"),
    "owes": ("发送即承诺：{what}", "sending it you owe: {what}"),
    "held": ("没有草稿：{why}", "no draft: {why}"),
    "edit_first": ("请先读一遍，再用自己的话回复", "read it through and reply with the words that shall leave"),
    "translated": ("译文：{text}", "in your language: {text}"),
    "image": ("[图片]", "[picture]"),
    "video": ("[视频]", "[video]"),
    "sticker": ("[表情]", "[sticker]"),
    "product_card": ("[商品卡片 {id}]", "[card of product {id}]"),
    "order_card": ("[订单卡片 {id}]", "[card of order {id}]"),
    "coupon_card": ("[优惠券卡片]", "[card of a coupon]"),
    "return_card": ("[订单 {id} 的退货卡片]", "[card for returning order {id}]"),
    "faq_card": ("[点了常见问题]", "[tapped a question]"),
    "other": ("[其他消息]", "[another kind of message]"),
}

FATES: Final[Words] = {
    "sent": ("已发送（{who}）", "sent ({who})"),
    "sent_edited": ("已按修改后的文字发送（{who}）", "sent as edited ({who})"),
    "unconfirmed": ("不确定是否送达，请到工作台确认", "not known whether it arrived: see the desk"),
    "failed": ("没有发出去，请到工作台处理", "it could not be sent: see the desk"),
    "rejected": ("已驳回（{who}）", "rejected ({who})"),
    "superseded": ("已过时：买家又发了消息，或已有人回复", "overtaken: the buyer wrote again or somebody answered"),
    "expired": ("已过期：平台不再接受回复", "too late: the platform takes no replies any more"),
    "replaced": ("已换成新的草稿", "a newer draft takes its place"),
    "abandoned": ("没有发送", "not sent"),
}
"""What became of a draft, beside its note."""

PRESSES: Final[Words] = {
    "unknown_person": (
        "{agent} 没有绑定到这里的账号，不能处理草稿",
        "{agent} is tied to nobody here and cannot decide on drafts",
    ),
    "not_allowed": ("您的角色不能处理草稿", "your role may not decide on drafts"),
    "out_of_scope": (
        "没有发送：您的工作范围不包括这项操作，请转给有权限的同事",
        "not sent: your part of the work does not cover it; hand it to a colleague whose part it is",
    ),
    "stale": ("没有执行：这条草稿已经变了或已有决定", "nothing was done: the draft has changed or was decided before"),
    "held_by_other": ("没有发送：会话在{who}手上", "not sent: the conversation is with {who}"),
    "somebody": ("另一位同事", "a colleague"),
    "edit_first": (
        "没有发送：这条要先读一遍。请回复要发给买家的文字",
        "not sent: this one must be read first. Reply with the words that shall leave",
    ),
    "no_text": ("没有发送：没有可发的文字", "not sent: there are no words to send"),
    "blocked": ("没有发送，规则不允许：{why}", "not sent, policy does not let it out: {why}"),
    "vouch": (
        "没有发送，查不到依据：{what}。确认无误请把同样的话再回复一次",
        "not sent, nothing known supports: {what}. To stand for it, reply with the same words again",
    ),
    "over_ceiling": (
        "没有发送：超出还能给的额度（{left}），请到工作台请主管批准",
        "not sent: it gives more than is left ({left}); ask a supervisor on the desk",
    ),
    "follow_up_over": ("没有发送：回访的时间已经过了", "not sent: the time for this question has passed"),
    "no_option": ("没有这个方案：{what}", "there is no such option: {what}"),
    "asks": (
        "为什么驳回？请回复原因：{reasons}，或自己写一句",
        "why not? Reply with a reason: {reasons}, or in your own words",
    ),
    "cannot_send": (
        "这一轮没有草稿可发，请直接回复买家",
        "there is no draft to send here: write to the buyer yourself",
    ),
    "failed": ("没有执行，请到工作台处理", "nothing was done: see the desk"),
}
"""What is said to somebody whose press did not do what they meant."""

REASONS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "wrong_issue": (("问题认错", "问题不对"), ("wrong issue",)),
    "wrong_order": (("订单不对", "订单认错", "订单错"), ("wrong order",)),
    "wrong_fact": (("事实有误", "信息有误", "事实不对"), ("wrong fact", "a fact is wrong")),
    "not_allowed": (("不能这样说", "不能这么说"), ("not allowed",)),
    "too_long": (("太长",), ("too long",)),
    "tone": (("语气不对", "语气"), ("wrong tone", "tone")),
    "already_answered": (("已经回复过", "已回复"), ("already answered",)),
}
"""How people say why they reject, in Chinese and English; the first of each is what we call it."""
