"""Whether the words that sound like a matter really raise it: what nobody asked must not be promised as coming next.

A classifier hears "checked twice" as a payment and "can you send just those" as a shipping time. Owns the words without
which such a secondary reading is not believed; matters that are told of in any words are believed as they are read.
"""

import re
from typing import Final

from copilot.domain.issue import Issue
from copilot.playbook.situation import Situation

_WORDS: Final = {
    Issue.SHIPPING_TIME: re.compile(
        r"发货|发出|出库|寄出|到货|送达|送到|收到|物流|快递|[哪几][天日号]|几时|多久|多长时间|什么时候|啥时|多会儿|何时|来得及|赶得上|发了?[吗没不么]|寄了?[吗没不么]|能到|发走"
        r"|\b(?:ship\w*|deliver\w*|dispatch\w*|arriv\w*|post(?:ed|ing|age)?|when|how (?:long|soon|fast|many days)"
        r"|get (?:it|this|them|here|to)|be here|comes?|reach\w*|before|xmas|christmas|eta|tracking"
        r"|on (?:its|the) way|sent out|go(?:es|ing)? out|in time"
        r"|by (?:mon|tue|wed|thu|fri|sat|sun|dec|jan|christmas|the \d))",
        re.IGNORECASE,
    ),
    Issue.PAYMENT_ACCOUNT: re.compile(
        r"付款|支付|付不|扣[款钱费了我]|花呗|银行卡|余额|登录|账号|帐号|密码|刷卡|微信付|分期"
        r"|\b(?:pay|pays|paid|paying|payment|card|charg\w+|billed|checkout|paypal|klarna|apple pay|account|log ?in"
        r"|password|declin\w+|bank)\b",
        re.IGNORECASE,
    ),
    Issue.REFUND_STATUS: re.compile(
        r"退|到账|返还|打款|原路|(?:(?<![抢骗坑花省])钱|款|余额|零钱|卡里)[^,，。!！\n]{0,6}(?:到|来|呢|没|收)"
        r"|\b(?:refund\w*|money|credit\w*|reimburs\w*|paid back|payout|bank|card|account)\b",
        re.IGNORECASE,
    ),
    Issue.WARRANTY: re.compile(
        r"保修|质保|三包|保多久|保几|包修|联保|包换|保换|维修|修[吗不一]|\b(?:warrant\w*|guarantee\w*|cover(?:ed|s|age)?|repair\w*)\b",
        re.IGNORECASE,
    ),
    Issue.INVOICE: re.compile(r"发票|开票|专票|普票|抬头|税号|收据|\b(?:invoice|receipt|vat|tax)\b", re.IGNORECASE),
    Issue.PRICE_PROMOTION: re.compile(
        r"[价券]|优惠|便宜|活动|打折|折扣|满减|降|补差|差额|红包|赠|送[吗不什个一]|多少钱|几块|元|块钱|[¥￥]"
        r"|\b(?:price\w*|discount\w*|code|coupon\w*|voucher\w*|deal\w*|cheap\w*|sale|promo\w*|bundle|free|off"
        r"|cost\w*|how much)\b|[$£€%]",
        re.IGNORECASE,
    ),
    Issue.ADDRESS_CHANGE: re.compile(
        r"地址|收件|收货人|电话|手机号|改[成到寄]|寄到|送到|门牌|号楼"
        r"|\b(?:address\w*|deliver to|ship (?:it )?to|send (?:it )?to|apartment"
        r"|apt|unit|zip|postcode|phone|street|moved)\b",
        re.IGNORECASE,
    ),
    Issue.DAMAGED: re.compile(
        r"破|碎|坏|裂|漏|断|瘪|扁|变形|压|摔|磕|洒|烂|化了|划|掉[漆色渣]|开胶|脱[胶线]|污|脏|湿|霉|爆|臭|凹|弯|缺[角口]"
        r"|\b(?:brok\w*|damag\w*|crack\w*|smash\w*|shatter\w*|crush\w*|dent\w*|leak\w*|torn|ripp\w*|rip|chip\w*|bent"
        r"|burst\w*|melt\w*|spill\w*|scratch\w*|snapp\w*|split|stain\w*|dirty|wet|squash\w*|ruin\w*|rotten|mold\w*|mould\w*"
        r"|in pieces|fell apart|busted|popped|hole|holes|warp\w*)\b",
        re.IGNORECASE,
    ),
    Issue.REVIEW: re.compile(r"评价|好评|差评|晒图|返现|\b(?:review\w*|rating|stars?|feedback)\b", re.IGNORECASE),
    Issue.OFF_PLATFORM_REQUEST: re.compile(
        r"微信|加[你您我]|VX|QQ|电话|私下|线下|转账|\b(?:whatsapp|email|text me|call me|phone|zelle|venmo|directly)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip


_OF_PARCELS: Final = re.compile(
    r"快递|物流|包裹|发货|寄|派|送|驿站|柜|签收|收[到货件]|[没未]到|到[了没哪货不吗]|哪[里儿了去]?|不[动更]|更新|[停卡]在|慢|丢|几天|多久|怎么还|还没|等|延|拖|单号|运|来[了没]?\W*\Z"
    r"|\b(?:package|parcel|deliver\w*|ship\w*|arriv\w*|track\w*|carrier|courier|mail\w*|post\w*|order|here|come|came|get|got"
    r"|receiv\w*|late|delay\w*|long|wait\w*|lost|stuck|mov\w+|update\w*|where\w*|eta|days|weeks|never|nothing|still)\b",
    re.IGNORECASE,
)


def speaks_of_parcel(issue: Issue, situation: Situation) -> bool:
    """Whether the words read as a matter of the parcel have one that speaks of a parcel; true where none are kept."""
    return _said_in(_OF_PARCELS, issue, situation)


def is_claimed(issue: Issue, situation: Situation) -> bool:
    """Whether the words about ``issue`` have one that it is raised by; true of matters that any words tell of."""
    words = _WORDS.get(issue)
    return words is None or _said_in(words, issue, situation)


def _said_in(words: re.Pattern[str], issue: Issue, situation: Situation) -> bool:
    """Whether the words read as ``issue`` hold one of ``words``; true where none of them were kept."""
    read = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    return not read or any(words.search(text) is not None for text in read)
