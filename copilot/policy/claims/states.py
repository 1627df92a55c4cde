"""States of orders, parcels, refunds and stock that a text tells of."""

from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.clauses import asked, supposed
from copilot.policy.claims.found import Found, Look

_ZH = {
    "delivered": Look("签收 送达 妥投 派送成功", "已(?:经)?(?:签收|送达|妥投|派送成功)|显示(?:已)?签收"),
    "picked_up": Look("揽", "已(?:经)?(?:揽收|揽件)"),
    "shipped": Look("发货 寄出 发出 出库", "已(?:经)?(?:发货|寄出|发出|出库)"),
    "to_ship": Look("还没 尚未 没有 还未 暂未", "(?:还没|尚未|没有|还未|暂未)(?:发货|发出|寄出|出库)"),
    "in_transit": Look("运输 途中 路上 运送", "(?:正在|还在|在)(?:运输|途中|路上|运送)(?:中|途中)?|运输中"),
    "out_for_delivery": Look("派送 派件", "(?:正在|已在)?派送中|正在派送|派件中"),
    "refunded": Look("退款 到账 退回", "已(?:经)?(?:退款成功|到账|原路退回|退款)"),
    "processing": Look("审核 处理", "(?:正在|还在|在)(?:审核|处理)中?|(?:审核|处理)中"),
    "cancelled": Look("取消", "已(?:经)?取消"),
    "paid": Look("付款 支付", "已(?:经)?付款|已(?:经)?支付"),
    "lost": Look("丢 遗失", "(?:包裹|快递|件|东西|货)(?:已经?|可能)?(?:丢了|丢失|遗失|弄丢)"),
    "out_of_stock": Look(
        "没货 缺货 无货 断货 卖完 售罄 没有库存 没有货 没有现货",
        "没货|缺货|无货|断货|卖完了?|售罄|没有库存|暂时没有货|(?<!有)没有现货",
    ),
    "in_stock": Look("有货 现货 库存充足", "(?<![没无缺断])有货|(?<!没)有现货|现货充足|库存充足"),
}
_BE = (
    r"(?<![a-z])(?:is|are|was|were|it's|been|shows?(?: as| it)?|marked(?: as)?|status:?)\s(?:already |now "
    r"|currently |still |as )*"
)
_EN = {
    "delivered": Look("delivered", _BE + r"delivered(?!\sby)"),
    "shipped": Look(
        "shipped dispatched",
        _BE + r"(?:shipped|dispatched)(?!\sby)|(?<![a-z])(?:has|have)\s(?:already |now )?shipped(?![a-z])"
        r"|(?<![a-z])(?:it|order|parcel|package|item)s? (?:already )?shipped(?= (?:on|yesterday|today|out|from"
        r"|this|last|already)|[.,!])",
    ),
    "to_ship": Look(
        "shipped dispatched", r"(?<![a-z])(?:has|have)(?:n't| not)\s(?:yet )?(?:been )?(?:shipped|dispatched)(?![a-z])"
    ),
    "in_transit": Look(("in transit", "on its way", "on the way"), _BE + r"(?:in transit|on (?:its|the) way)"),
    "out_for_delivery": Look(("out for delivery",), _BE + r"out for delivery"),
    "refunded": Look("refunded", _BE + r"refunded"),
    "processing": Look(("being ",), _BE + r"being (?:processed|reviewed)"),
    "cancelled": Look("cancel", _BE + r"cancell?ed"),
    "paid": Look("payment", r"(?<![a-z])payment (?:has )?(?:went|gone) through(?![a-z])"),
    "lost": Look(
        "lost missing", r"(?<![a-z])(?:got|gone|is|was|been|went) (?:lost|missing)(?! (?:in|from) the)(?![a-z])"
    ),
    "out_of_stock": Look(
        ("out of stock", "sold out", "not in stock"), r"(?<![a-z])(?:out of stock|sold out|not in stock)(?![a-z])"
    ),
    "in_stock": Look(("in stock",), r"(?<!not )(?<!back )(?<!when )(?<!\d )(?<![a-z])in stock(?![a-z])"),
}
_STATES = [*_ZH.items(), *_EN.items()]


def states(text: str) -> Iterator[Found]:
    """States as codes ("in_stock"); questions and conditions tell of none."""
    for code, look in _STATES:
        for match in look.over(text):
            if not supposed(text, match.start()) and not asked(text, match.start(), match.end()):
                yield Found(FactKind.STATE, match.start(), match.end(), code)


def state_code(words: str) -> str | None:
    """The code of the state that ``words``, small letters, tell of; null for none."""
    return next((code for code, look in _STATES if any(True for _ in look.over(words))), None)
