"""What the desk says to a person, in Chinese and English, by code: one table for reasons, notes and stakes.

Owns the wording of codes that the core decides; the page's own labels stand in the page. A code without words is shown
as it is, so that nothing is hidden because somebody forgot a line here.
"""

from typing import Final, Literal

Language = Literal["zh", "en"]
Words = dict[str, tuple[str, str]]

ORDER_WHY: Final[Words] = {
    "order_card": ("买家发了这个订单的卡片", "the buyer sent its card"),
    "id_typed": ("买家写了这个订单号", "the buyer typed its number"),
    "entered_from_order": ("会话从这个订单打开", "the chat was opened from it"),
    "order_of_case": ("前面谈的就是这个订单", "the conversation is already about it"),
    "only_order_that_fits": ("买家只有这个订单符合", "the buyer's only order that fits"),
    "chosen_by_agent": ("由客服指定", "an agent chose it"),
}

PASTED_WHY: Final[Words] = {
    "entered_from_order": ("您填写了这个订单号", "you entered its number"),
    "id_typed": ("订单号来自买家的话", "order number from the buyer's words"),
}
"""Why an order, on the paste page."""

LOOK_AT: Final[Words] = {
    "injection": ("买家的话里夹带了给机器的指令，已忽略", "the buyer's words hold orders to a machine; ignored"),
    "photo_unseen": ("系统看不懂图片，请您核对", "the photo was not seen by the system: look at it"),
    "unread": (
        "买家还发了语音、文件之类，系统读不了，请您打开看",
        "the buyer also sent what the system cannot read (a voice message, a file): open it",
    ),
    "questions_left_open": ("买家还提了别的问题，回复里留到后面答", "the buyer asked more than this reply answers"),
    "several_asked": (
        "买家一条消息里问了不止一件事，发之前看看是不是都答到了",
        "several questions in one message: make sure that each is answered",
    ),
    "model_wording": ("措辞由模型撰写，请通读一遍", "worded by a model: read it through"),
    "order_uncertain": ("还有别的订单也符合，请确认是不是这一个", "other orders fit as well: make sure it is this one"),
    "cause_stated": ("回复里说了原因，等于认下责任", "it states a cause, which admits fault"),
    "rule_warns": ("规则有提醒，见划线处", "a rule warns: see the marked words"),
    "edited": ("这是改过的文本", "this text was edited"),
    "pinned_product": (
        "买家没发商品卡片，按今晚直播主推的商品回答",
        "no product card was sent: answered for tonight's featured product",
    ),
    "ship_by_extended": (
        "平台公告延长了这个订单的发货时限，用的是延长后的时间",
        "a platform notice extended this order's time to ship; the text uses the extended one",
    ),
    "dates_unsure.delay": (
        "物流受阻的公告生效中，恢复时间未知：回复里不承诺日期",
        "a notice of held-up parcels is in force, recovery unknown: no date is promised",
    ),
    "dates_unsure.holiday": (
        "店铺在假期模式，恢复时间未知：回复里不承诺日期",
        "the shop is in holiday mode, recovery unknown: no date is promised",
    ),
    "dates_unsure.terms": (
        "店铺条款写明日期暂不可靠：回复里不承诺日期",
        "the shop's terms say that dates do not hold now: none is promised",
    ),
    "dates_unsure.unavailable": (
        "公告没有查到，不知道日期是否还准：回复里不承诺日期",
        "the notices could not be read, so no date is promised",
    ),
    "goods_unchecked": (
        "商品库没有查到，请确认文中的商品都在售",
        "the goods could not be looked up: make sure that what is named is on sale",
    ),
    "faq_injection": (
        "有一条问答里夹带了给机器的指令或链接，没有采用：请管理员检查问答库",
        "an FAQ entry holds orders to a machine or a link and was left out: have an admin look at it",
    ),
    "model_translated": (
        "由模型翻译给买家，已逐项核对数字与日期，请对照两种文字",
        "a model translated it for the buyer; figures and dates were compared: read both texts",
    ),
    "source_slang": (
        "原文里有机器容易译错的说法（问答或商品名里的原话），请对照译文确认意思",
        "the text it was translated from holds words that machines translate badly (an answer's or a product's own):"
        " make sure that the translation means the same",
    ),
    "language_held": (
        "买家的语言没有拟稿，这是固定的稍候回复，请人工看消息",
        "nothing is drafted in the buyer's language: this fixed text only says when you come back",
    ),
    "orders_as_of": (
        "订单信息是{when}的，平台这次没有答复",
        "orders as of {when}: the platform did not answer this time",
    ),
}

UNKNOWN: Final[Words] = {
    "orders": ("订单没有查到", "the orders could not be looked up"),
    "products": ("商品没有查到", "the product could not be looked up"),
    "faq": ("问答库没有查到", "the shop's FAQ could not be searched"),
    "notices": ("公告没有查到", "the notices could not be read"),
    "notice.recovery": ("物流恢复时间未知", "when parcels move again"),
    "order.total": ("订单金额未知", "what the order cost"),
    "order.paid_at": ("付款时间未知", "when it was paid"),
    "order.ship_by": ("最晚发货时间未知", "when it must ship"),
    "order.delivered_at": ("签收时间未知", "when it was delivered"),
    "order.days_since_delivered": ("签收时间未知", "when it was delivered"),
    "order.days_since_paid": ("付款时间未知", "when it was paid"),
    "order.delivered": ("是否签收未知", "whether it was delivered"),
    "order.shipped": ("是否发货未知", "whether it has shipped"),
    "item.total": ("商品金额未知", "what the item cost"),
    "item.price": ("商品单价未知", "the item's price"),
    "product.stock": ("库存未知", "the stock"),
    "product.price": ("现价未知", "today's price"),
    "fit.stock": ("该尺码的库存未知", "the stock of that size"),
    "fit.size": ("合适的尺码算不出来", "the right size"),
    "shipment.whole": ("包裹是否完整未知", "whether the parcel held everything"),
    "shipment.eta": ("预计送达时间未知", "when it will arrive"),
    "terms.reship": ("店铺没有定补发时效", "the shop has not decided when a replacement ships"),
    "terms.return_days": ("店铺没有定退货天数", "the shop has not decided its return days"),
    "terms.keep_refund_percent": ("店铺没有定部分退款比例", "the shop has not decided on partial refunds"),
    "terms.price_protection_days": ("店铺没有定价保天数", "the shop has not decided on price protection"),
    "terms.gift": ("店铺没有定赠品怎么补", "the shop has not decided on promised gifts"),
    "terms.gift.worth": ("店铺没有定赠品怎么补", "the shop has not decided on promised gifts"),
    "terms.repair": ("店铺没有定保修运费", "the shop has not decided who pays for a repair's way"),
    "terms.invoice": ("店铺没有定发票怎么开", "the shop has not decided how invoices are issued"),
    "terms.voucher": ("店铺没有可用的优惠券", "the shop has no voucher to give"),
    "terms.fault_label": ("店铺没有定质量问题的运费", "the shop has not decided who pays the way back"),
    "terms.return_label": ("店铺没有定退货运费", "the shop has not decided who pays the way back"),
}

OPTIONS: Final[Words] = {
    "reship": ("补发", "a replacement"),
    "refund_keep": ("部分退款", "a partial refund"),
    "refund_full": ("全额退款", "a full refund"),
    "refund_difference": ("退差价", "a refund of the difference"),
    "return_refund": ("退货退款", "a return with refund"),
    "return_fault": ("退货退款", "a return with refund"),
    "exchange": ("换货", "an exchange"),
    "exchange_size": ("换码", "an exchange"),
    "exchange_right": ("换货", "an exchange"),
    "cancel_refund": ("取消并退款", "cancelling with refund"),
    "send_missing": ("补寄缺件", "sending the missing part"),
    "voucher": ("优惠券", "a voucher"),
    "resend_gift": ("补寄赠品", "sending the promised gift"),
    "change_address": ("改收货地址", "changing the address"),
    "repair": ("保修维修", "a repair under warranty"),
    "invoice": ("开发票", "an invoice"),
}

OPTION_TITLES: Final[Words] = {
    "reship": ("补发", "Replacement"),
    "refund_keep": ("部分退款", "Partial refund"),
    "refund_full": ("全额退款", "Full refund"),
    "refund_difference": ("退差价", "Refund of the difference"),
    "return_refund": ("退货退款", "Return and refund"),
    "return_fault": ("退货退款", "Return and refund"),
    "exchange": ("换货", "Exchange"),
    "exchange_size": ("换码", "Other size"),
    "exchange_right": ("换货", "Exchange"),
    "cancel_refund": ("取消并退款", "Cancel and refund"),
    "send_missing": ("补寄缺件", "Send what is missing"),
    "voucher": ("优惠券", "Voucher"),
    "resend_gift": ("补寄赠品", "Send the gift"),
    "change_address": ("改收货地址", "Change the address"),
    "repair": ("保修维修", "Repair under warranty"),
    "invoice": ("开发票", "Invoice"),
}

OPTIONS_SHORT: Final[dict[str, str]] = {
    "reship": "reship",
    "refund_keep": "refund",
    "refund_full": "refund",
    "refund_difference": "difference",
    "return_refund": "return",
    "return_fault": "return",
    "exchange": "exchange",
    "exchange_size": "exchange",
    "exchange_right": "exchange",
    "cancel_refund": "cancellation",
    "send_missing": "missing part",
    "voucher": "voucher",
    "resend_gift": "gift",
    "change_address": "address",
    "repair": "repair",
    "invoice": "invoice",
}
"""An option on an English button; Chinese is short by itself."""

PROMISES: Final[Words] = {
    "hold": ("给买家答复", "an answer to the buyer"),
    "refund_trace": ("退款没到账就去查", "tracing the refund if it has not arrived"),
    "refund": ("退款", "a refund"),
    "reship": ("补发", "a replacement"),
    "exchange": ("换货", "an exchange"),
    "compensate": ("补偿", "compensation"),
    "urge": ("催促", "chasing it"),
    "check": ("核实", "checking"),
    "follow_up": ("跟进", "following up"),
    "ask_solved": ("回访：问买家解决了没有", "asking the buyer whether it is solved"),
    "contact": ("联系", "getting in touch"),
    "report": ("反馈", "passing it on"),
    "record": ("登记", "noting it"),
    "request": ("提交申请", "filing the request"),
    "open_case": ("提交工单", "opening a case"),
    "arrange": ("安排", "arranging it"),
    "handle": ("处理", "handling it"),
    "issue": ("办理", "issuing it"),
    "ship": ("发货", "shipping"),
    "send": ("寄出", "sending it"),
    "answer": ("给买家答复", "an answer to the buyer"),
    "notify": ("通知买家", "letting the buyer know"),
    "escalate": ("升级处理", "escalating it"),
    "intercept": ("拦截包裹", "intercepting the parcel"),
    "cancel": ("取消订单", "cancelling"),
    "change": ("修改", "changing it"),
    "invoice": ("开票", "an invoice"),
}

REPLY_ERRORS: Final[Words] = {
    "erased": ("买家信息已清除，没有发出", "the buyer was erased; it was not sent"),
    "throttled": ("平台限流，稍后自动再发", "the platform asks to slow down; it is sent again by itself"),
    "platform_down": ("平台暂时连不上，稍后自动再发", "the platform cannot be reached; it is sent again by itself"),
    "token_expired": ("店铺授权过期", "the shop's access has expired"),
    "not_authorized": ("店铺授权失效，请管理员重新接入", "the shop must be connected again by an administrator"),
    "send_refused": ("平台审核没有通过，请换个说法", "the platform refused the text: say it differently"),
    "card_refused": (
        "平台不能在此显示这张卡片，买家什么都没收到，请用文字说明",
        "the platform does not show this card here and the buyer got nothing: say it in words",
    ),
    "window_closed": ("平台已不允许在此会话回复", "the platform takes no more replies here"),
    "buyer_closed": (
        "买家关闭了这个会话；平台有订单留言的话，请改用订单留言",
        "the buyer closed this chat: where the platform has messages at orders, use one",
    ),
    "buyer_blocked": ("店铺已拉黑这位买家", "the shop has blocked this buyer"),
    "contact_not_allowed": ("平台不允许就此订单主动联系买家", "the platform lets nobody write first about this order"),
    "unsupported": ("这个平台没有这项功能", "the platform has no such thing"),
    "quota_used": ("今天的发送次数用完了", "today's number of messages is used up"),
    "by_hand": ("请在平台窗口里发送", "send it in the platform's own window"),
    "outcome_unknown": (
        "平台没有回音，可能已经发出，请到平台核对",
        "no answer came: look at the platform whether it is there",
    ),
    "malformed": ("平台的回应无法识别", "the platform's answer cannot be read"),
    "adapter": ("平台没有接受", "the platform did not take it"),
    "adapter_missing": ("没有安装这个平台的适配器", "the platform's adapter is not installed"),
    "credentials_missing": ("店铺还没有接通平台", "the shop is not connected to its platform"),
    "credentials_broken": ("店铺的接入设置打不开", "the shop's settings cannot be opened"),
    "follow_up_over": ("回访的时间已经过了，没有发出", "the time for this question has passed; it was not sent"),
    "too_late": ("等了太久没发出去，请看过再发", "it could not leave for long: read it, then send"),
    "conversation_moved_on": ("买家又发了消息，请看过再发", "the buyer wrote again: read it, then send"),
    "settled_by_hand": ("已由人工确认没有发出", "a person found that it did not arrive"),
}

CARD: Final[Words] = {
    "send": ("发送", "Send"),
    "offers": ("提供{what}", "offers {what}"),
    "owes": ("承诺{what}", "promises {what}"),
    "declines": ("婉拒", "declines"),
    "or": ("或", "or"),
    "edit_first": ("修改后发送", "Edit before sending"),
    "owed": ("{what}，{when}", "{what} {when}"),
    "owed_sometime": ("{what}，未定时间", "{what}, no date given"),
    "cited_well": ("来自您的问答：“{title}”，很吻合", "from your FAQ: “{title}”, fits well"),
    "cited_partly": ("来自您的问答：“{title}”，部分吻合", "from your FAQ: “{title}”, fits partly"),
    "cited": ("来自公告：“{title}”", "from a notice: “{title}”"),
    "order_unavailable": ("平台暂时查不到订单", "the platform could not be asked for orders"),
}


SLOTS: Final[Words] = {
    "order": ("订单号", "the order number"),
    "photo": ("照片", "a photo"),
    "measurement": ("尺寸", "measurements"),
    "product": ("是哪件商品", "which product it is"),
    "choice": ("选哪个方案", "which option"),
    "reason": ("原因", "the reason"),
    "size": ("尺码", "the size"),
    "name": ("姓名", "the name"),
    "email": ("邮箱", "the e-mail address"),
    "phone": ("电话", "the phone number"),
    "address": ("地址", "the address"),
    "detail": ("具体情况", "the details"),
    "promised": ("宣传里承诺了什么", "what the ad promised"),
    "invoice_title": ("发票抬头和税号", "whom the invoice is for"),
}

CASE_STATES: Final[Words] = {
    "open": ("等我们回复", "our move"),
    "waiting_buyer": ("等买家回复", "the buyer's move"),
    "waiting_us": ("等我们处理", "our move"),
    "resolved": ("已解决", "solved"),
}

HANDOVER: Final[Words] = {
    "wants": ("买家来意：{what}", "Wants: {what}"),
    "wants_about": ("买家来意：{what}，订单 {order}", "Wants: {what}, order {order}"),
    "waiting": ("还没回复：{what}", "Not answered yet: {what}"),
    "offered": ("已给方案：{what}", "Offered: {what}"),
    "chosen": ("买家已选：{what}", "Chosen by the buyer: {what}"),
    "refused": ("买家没有接受给出的方案", "The buyer took none of the options"),
    "asked": ("还在等买家提供：{what}", "Still to come from the buyer: {what}"),
    "promised": ("已承诺：{what}", "Promised: {what}"),
    "late": ("承诺已过时间：{what}", "Promised and late: {what}"),
}


def said(table: Words, code: str, language: Language) -> str:
    """The words of ``code`` in ``language``; the code itself when the table has none."""
    words = table.get(code)
    return code if words is None else words[0 if language == "zh" else 1]
