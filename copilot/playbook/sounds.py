"""Issues that a turn only sounds like, where what is known of the order says what it is really about.

Owns the readings that need an order, a product or the other issues beside the words; words alone are the classifier's.
"""

import re
from typing import Final

from copilot.domain.issue import Issue
from copilot.domain.order import OrderStatus
from copilot.playbook.claimed import speaks_of_parcel
from copilot.playbook.goods_faults import tells_fault
from copilot.playbook.loader import Playbooks
from copilot.playbook.matters import UNDER_WAY
from copilot.playbook.parcels import came_back
from copilot.playbook.situation import Situation, after_sale_state, delivered

_NOT_THERE: Final = re.compile(r"没|未|不在|不见|\b(?:not|never|nothing|no|where)\b|n'?t\b", re.IGNORECASE)
"""What is said of a parcel that has not come."""
_OR_ELSE: Final = re.compile(
    r"(?:不|没|再)[^,，。!！?？\n]{0,8}(?:就|那就|直接)(?:给我|帮我)?退|要么[^,，。!！?？\n]{0,8}退|还是(?:给我)?退"
    r"|\b(?:if not|otherwise|or else|or (?:just |please |i want )?(?:a )?refund|or give me)\b",
    re.IGNORECASE,
)
"""Money is wished for in case that something does not come about."""


_CANCELS: Final = re.compile(
    r"取消|退|不要|不想|别发|先别|拍错|拍重|重复|多拍|买错|重了|不买|撤|"
    r"\b(?:cancel\w*|refund\w*|stop|return\w*|mistake|accident\w*|twice|double|duplicate\w*|wrong|no longer"
    r"|changed? my mind|undo|want|need)\b|n'?t (?:want|need)",
    re.IGNORECASE,
)
"""Without any of these nobody wants an order undone."""
_WHERE: Final = re.compile(r"呢\W*(?:$|\s)|在哪|哪了|哪去|到没|没到|\bwhere\b", re.IGNORECASE)


_OF_UNPAID: Final = (
    (Issue.STOCK,), (Issue.PRICE_PROMOTION,), (Issue.SHIPPING_TIME,), (Issue.LOGISTICS_QUERY,), (Issue.CANCEL_ORDER,),
)  # fmt: skip
_WANTS_UNDONE: Final = re.compile(
    r"(?:想|要|帮我?|给我?|请|麻烦)\S{0,3}取消|不要了|不想要"
    r"|\b(?:please|want to|can (?:i|you)|to) cancel\b|\bcancel (?:it|this|my)\b",
    re.IGNORECASE,
)
_GIVES_UP: Final = re.compile(
    r"(?:不想?要|不买|不需要)了|退了吧|(?:帮我|给我|直接)退(?:了|款|掉)?(?:吧)?(?=\W|\Z|还|钱)|取消(?:了)?吧|(?:想|要|帮我?|给我?)取消"
    r"|\b(?:don'?t|do not|no longer) (?:want|need) (?:it|this|them)\b|\b(?:please|just|to) cancel\b",
    re.IGNORECASE,
)
_REMEDIES: Final = frozenset({Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST})
_OF_PARCELS: Final = frozenset({Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.LOGISTICS_QUERY, Issue.NOT_RECEIVED})
_QUESTIONS: Final = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION})
_LOST_UNPAID: Final = re.compile(
    r"(?:单|订单|名额)(?:子)?[^,，。?？!！\n]{0,6}(?:没了|消失|丢|自动取消|会取消|关闭|失效|作废|不见|保留|留着|留多久)"
    r"|\b(?:lose|lost|keep|kept|hold|held|expires?|disappears?|gone|cancel(?:l?ed)? by itself|auto\w*[ -]?cancel\w*)\b"
    r"[^.?!\n]{0,24}\border\b"
    r"|\border\b[^.?!\n]{0,24}\b(?:lost|gone|expires?|disappears?|kept|held|(?:get|be|auto\w*) cancel\w*|stay)\b",
    re.IGNORECASE,
)
"""Fear for an order that waits for payment: 这单会不会没了."""


_IN_CART: Final = re.compile(r"购物车|加购|结算|\b(?:cart|basket|checkout|check out)\b", re.IGNORECASE)
_ADDED: Final = re.compile(
    r"赠品|送不送|送什么|送(?:点)?啥|送(?:[\u3400-\u9fff]{1,6})?[吗么嘛]|附赠|带不带|配不配|附带"
    r"|\b(?:free gifts?|freebies?|comes? with|come along|included?|throw in)\b",
    re.IGNORECASE,
)
"""What is asked for comes along with the goods."""
_OF_PRICE: Final = re.compile(
    r"价|钱|便宜|优惠|折|券|满|减|活动|多少|几块|少点|差|[$¥￥£€]|\b(?:price|cost|cheap|discount|deal|coupon|code|off|sale|promo)",
    re.IGNORECASE,
)
_OF_BOXES: Final = frozenset({Issue.MISSING_ITEM, Issue.WRONG_ITEM, Issue.NOT_RECEIVED, Issue.DAMAGED})
"""What can only be wrong with what has come."""


def really(issues: tuple[Issue, ...], playbooks: Playbooks, situation: Situation) -> tuple[Issue, ...]:
    """``issues`` as the order and the goods at hand have them."""
    issues = _without_sounds(playbooks, issues, situation)
    if Issue.PRICE_PROMOTION in issues and asks_what_is_added(situation):
        # "Does it come with bits" asks what is in the box, not what it costs.
        issues = tuple(dict.fromkeys(Issue.PRODUCT_QUESTION if one is Issue.PRICE_PROMOTION else one for one in issues))
    if issues == (Issue.NOT_AS_DESCRIBED,) and _asks_of_listing(playbooks, situation):
        return (Issue.PRODUCT_QUESTION,)
    if _REMEDIES & set(issues) and set(issues) <= _REMEDIES | _QUESTIONS and _faulty_goods(situation):
        # "Legs are uneven, i want my money back": the fault decides who pays for the way back.
        return (Issue.QUALITY_DEFECT, *(one for one in issues if one in _REMEDIES))
    if issues[:1] in _OF_UNPAID and _fears_for_unpaid(situation):
        return (Issue.PAYMENT_ACCOUNT, *(one for one in issues[1:] if one is not Issue.PAYMENT_ACCOUNT))
    if issues == (Issue.CANCEL_ORDER,) and _WHERE.search(situation.text) and not _CANCELS.search(situation.text):
        # "I bought two, the litter is here, where's the toy" only counts orders.
        return (Issue.LOGISTICS_QUERY,)
    if issues == (Issue.NOT_RECEIVED,) and _sent_back(situation):
        return (Issue.REFUND_STATUS,)
    if issues[:1] == (Issue.REFUND_STATUS,) and _is_given_up(situation):
        # 不想要了 退了吧 钱什么时候到 of an order that is still here: it is cancelled first.
        return (Issue.CANCEL_ORDER, *(one for one in issues[1:] if one not in (Issue.CANCEL_ORDER, *_REMEDIES)))
    if issues[:1] == (Issue.REFUND_STATUS,) and _no_refund_yet(situation):
        # "Is it coming at all? If not, refund me" is about the parcel, and says what is wished in its place.
        rest = (one for one in issues[1:] if one is not Issue.REFUND_REQUEST)
        return (Issue.REFUND_REQUEST, *rest)
    return issues


def _fears_for_unpaid(situation: Situation) -> bool:
    """Whether an order that waits for payment is feared for, which no stock and no date answers."""
    order = situation.chosen_order
    if order is None or order.status is not OrderStatus.UNPAID:
        return False
    return _LOST_UNPAID.search(situation.text) is not None and _WANTS_UNDONE.search(situation.text) is None


def asks_what_is_added(situation: Situation) -> bool:
    """Whether what was read as a question about the price asks what comes along, of goods that state no promotion."""
    product = situation.product
    if product is None or "promotion" in product.attributes:
        return False
    said = [
        one.evidence.text
        for one in situation.understanding.issues
        if one.issue is Issue.PRICE_PROMOTION and one.evidence is not None
    ]
    return bool(said) and all(_ADDED.search(text) and _OF_PRICE.search(text) is None for text in said)


def _faulty_goods(situation: Situation) -> bool:
    """Whether goods that have come are told to be faulty."""
    return delivered(situation) is True and tells_fault(situation.text)


def _without_sounds(playbooks: Playbooks, issues: tuple[Issue, ...], situation: Situation) -> tuple[Issue, ...]:
    """``issues`` without those that another one of the turn only sounds like."""
    if Issue.PRICE_PROMOTION in issues and playbooks.words.says("coupon", situation.text):
        # A code that is not taken is a question about the code, wherever it was seen.
        issues = tuple(issue for issue in issues if issue is not Issue.AD_MISMATCH)
    if len(issues) > 1 and not situation.orders and situation.order is None and _IN_CART.search(situation.text):
        # "Got the lip kit and the mini set in my cart" misses nothing: it is not bought yet.
        issues = tuple(issue for issue in issues if issue not in _OF_BOXES) or issues
    if {Issue.WRONG_ITEM, Issue.MISSING_ITEM} <= set(issues) and playbooks.words.says("fewer", situation.text):
        # "I ordered the 2 pack and there is only 1" is no other thing, it is too few.
        issues = tuple(issue for issue in issues if issue is not Issue.WRONG_ITEM)
    if len(issues) > 1 and delivered(situation) is True:
        # 停了三天了还是红 (a rash) waits for no parcel that is there, and a field that is 找不到 is no lost one.
        issues = tuple(one for one in issues if one not in _OF_PARCELS or speaks_of_parcel(one, situation)) or issues
    if len(issues) > 1 and came_back(playbooks, situation):
        # "It says you signed for it" is said of what was sent back, not of a parcel that never came.
        issues = tuple(issue for issue in issues if issue is not Issue.NOT_RECEIVED)
    return issues


def _asks_of_listing(playbooks: Playbooks, situation: Situation) -> bool:
    """Whether who has bought nothing asks what is true of goods: "the listing says 100% cotton, which is it?"."""
    if situation.orders or situation.order is not None or situation.case is not None:
        return False
    return bool(playbooks.topics.asked(situation.text, situation.product, situation.language).known)


def _sent_back(situation: Situation) -> bool:
    """Whether "it shows as signed for" can only be of goods on their way back: their order came, a request runs."""
    request, order = situation.after_sale, situation.chosen_order
    if request is None or order is None or after_sale_state(request) != "in_progress" or order.status in UNDER_WAY:
        return False
    return _NOT_THERE.search(situation.text) is None


def _is_given_up(situation: Situation) -> bool:
    """Whether an order that has not left and was never asked to be undone is given up in these words."""
    order = situation.chosen_order
    if order is None or order.after_sales or order.status is not OrderStatus.TO_SHIP:
        return False
    return _GIVES_UP.search(situation.text) is not None


def _no_refund_yet(situation: Situation) -> bool:
    order = situation.chosen_order
    if order is None or order.after_sales or order.status not in UNDER_WAY:
        return False
    return _OR_ELSE.search(situation.text) is not None
