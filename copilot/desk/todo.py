"""What a person has to do in the platform's back office to keep a promise, and on which of its pages.

Owns the words, in both languages, by what was promised; the addresses of pages are the adapter's.
"""

from enum import StrEnum
from typing import Final

from copilot.channel.links import ShopLinks
from copilot.desk.words import Language
from copilot.domain.money import Money
from copilot.model.composer.wording import Wording


class Page(StrEnum):
    """The page on which something is done."""

    AFTER_SALE = "after_sale"
    ORDER = "order"
    CONVERSATION = "conversation"


_A, _O, _C = Page.AFTER_SALE, Page.ORDER, Page.CONVERSATION
_REFUND = (_A, "在订单售后页退款{sum}", "refund {sum} on the order's after-sale page")
_RETURN = (
    _A,
    "在订单售后页同意退货，收到货后退款{sum}",
    "approve the return on the order's after-sale page and refund {sum} when it is back",
)
_EXCHANGE = (
    _A,
    "在订单售后页处理换货，新货发出后填运单号",
    "handle the exchange on the order's after-sale page and enter the new tracking number",
)
_AGAIN = (
    _O,
    "安排补寄，在订单页填写运单号",
    "send the replacement and enter its tracking number on the order page",
)
_SHIP = (_O, "在订单页发货并填写运单号", "ship it and enter the tracking number on the order page")
_INVOICE = (_O, "在订单页开发票", "issue the invoice on the order page")
_CANCEL = (_O, "在订单页取消订单并退款{sum}", "cancel the order on its page and refund {sum}")
_ANSWER = (_C, "回到会话里给买家答复", "answer the buyer in the conversation")
_ELSE = (_O, "在平台后台办理", "carry it out in the back office")

TODO: Final[dict[str, tuple[Page, str, str]]] = {
    "refund": _REFUND,
    "refund_keep": _REFUND,
    "refund_full": _REFUND,
    "refund_difference": _REFUND,
    "price_gap": _REFUND,
    "return_refund": _RETURN,
    "return_fault": _RETURN,
    "exchange": _EXCHANGE,
    "exchange_size": _EXCHANGE,
    "exchange_right": _EXCHANGE,
    "reship": _AGAIN,
    "send_missing": (
        _O,
        "补寄缺件，在订单页填写运单号",
        "send the missing part and enter its tracking number on the order page",
    ),
    "resend_gift": (
        _O,
        "补寄赠品，在订单页填写运单号",
        "send the gift and enter its tracking number on the order page",
    ),
    "ship": _SHIP,
    "send": _SHIP,
    "cancel": (_O, "在订单页取消订单", "cancel the order on its page"),
    "cancel_refund": _CANCEL,
    "change_address": (_O, "在订单页修改收货地址", "change the address on the order page"),
    "change": (_O, "在订单页修改", "change it on the order page"),
    "intercept": (_O, "联系快递拦截包裹", "ask the carrier to stop the parcel"),
    "repair": (_A, "在订单售后页登记保修", "register the repair on the order's after-sale page"),
    "voucher": (_C, "在会话里发优惠券", "send the voucher in the conversation"),
    "compensate": (_A, "在订单售后页补偿{sum}", "compensate {sum} on the order's after-sale page"),
    "refund_trace": (_A, "查退款到账情况，告诉买家", "trace the refund and tell the buyer"),
    "invoice": _INVOICE,
    "open_case": (_O, "在平台后台提交工单", "open a case in the back office"),
    "hold": _ANSWER,
    "answer": _ANSWER,
    "notify": _ANSWER,
    "contact": (_C, "联系买家", "get in touch with the buyer"),
    "check": (_O, "核实后告诉买家", "check it and tell the buyer"),
    "follow_up": (_O, "跟进后告诉买家", "follow it up and tell the buyer"),
    "ask_solved": (
        _O,
        "会话已关闭：从订单页联系买家，问一句之前的问题解决了没有",
        "the chat is closed: get in touch from the order page and ask whether the matter is solved",
    ),
    "urge": (_O, "催办后告诉买家", "chase it and tell the buyer"),
}
"""By what was promised: the page, and the deed in Chinese and English; ``{sum}`` is the amount."""


def todo(what: str, amount: Money | None, language: Language, wording: Wording) -> str:
    """The deed as one line: 在订单售后页退款29.95元 · refund ¥29.95 on the order's after-sale page."""
    _, zh, en = TODO.get(_key(what), _ELSE)
    if language == "zh":
        return zh.format(sum=wording.money(amount) if amount else "")
    return en.format(sum=wording.money(amount) if amount else "the buyer")


def page_for(
    what: str, links: ShopLinks, conversation: str, order: str | None, after_sale: str | None
) -> tuple[Page, str] | None:
    """The page that fits the deed with its address, else the next best one: order, then conversation."""
    wanted = TODO.get(_key(what), _ELSE)[0]
    if order is not None and wanted is Page.AFTER_SALE:
        address = links.after_sale(order, after_sale)
        if address is not None:
            return Page.AFTER_SALE, address
    if order is not None and wanted is not Page.CONVERSATION:
        address = links.order(order)
        if address is not None:
            return Page.ORDER, address
    address = links.conversation(conversation)
    return (Page.CONVERSATION, address) if address is not None else None


def _key(what: str) -> str:
    return what.removeprefix("option.")
