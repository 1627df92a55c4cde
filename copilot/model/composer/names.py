"""Short names: of goods whose listed titles are too long to say, of scans, and of issues left open.

Owns how a name is shortened (a part of the name, never another word); refuses names in a script the text is not in.
"""

import re

from copilot.domain.issue import Issue
from copilot.model.composer.sentences import NotSayable

_ZH_MOST, _EN_MOST_WORDS, _EVENT_MOST = 14, 6, {"zh": 36, "en": 90}
_BRACKETS = re.compile(r"【[^】]*】|\[[^\]]*\]|\([^)]*\)|（[^）]*）|「|」")
_CUT = {"zh": re.compile(r"[|｜/／,，;；、\-–—+]|\s+"), "en": re.compile(r"\s*[|/,;–—+:]\s*|\s+-\s+")}
_SIGNS = str.maketrans("", "", "【】「」")
# A listed name that says there are several pieces in one: 4只装, 套装 · set of 4, 6-pack.
_SEVERAL = re.compile(
    r"[2-9两二三四五六七八十]\d*\s*(?:只|个|件|片|支|双|条|瓶|包|盒|袋|枚|杯|口)|套装|礼盒|整套|一套|件套"
    r"|\bset\b|\bsets\b|\bpack of\b|\b[2-9]\d*[- ]?(?:pack|pcs?|pieces?)\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HALF = re.compile(r"(?<=[\u3400-\u9fff)%”])\s?([,;:!?])\s?")
# Scans name couriers with their numbers; a run of digits this long is a phone.
_NO_SCAN = re.compile(
    r"https?:|www\.|\w\.(?:com|cn|net|org|example)\b|[¥$€£]|\d ?(?:元|块)"
    r"|(?:系统|system) ?[:：]|指令|\binstructions?\b",
    re.IGNORECASE,
)
"""What no scan says; whoever wrote it wants it repeated."""
_NO_NAME = re.compile(r"\bsystem ?:|https?:|whatsapp|telegram|wechat", re.IGNORECASE)
_PHONE = re.compile(r"\d[\d\- ]{5,}\d")

ISSUES: dict[Issue, dict[str, str]] = {
    Issue.PRODUCT_QUESTION: {"zh": "商品的问题", "en": "your product question"},
    Issue.USAGE_QUESTION: {"zh": "使用的问题", "en": "how to use it"},
    Issue.SIZE_FIT: {"zh": "尺码的事", "en": "the sizing"},
    Issue.STOCK: {"zh": "库存", "en": "availability"},
    Issue.PRICE_PROMOTION: {"zh": "价格的事", "en": "the price"},
    Issue.AD_MISMATCH: {"zh": "宣传和实物不一样的事", "en": "the mismatch with the ad"},
    Issue.SHIPPING_TIME: {"zh": "发货时间", "en": "the shipping time"},
    Issue.LOGISTICS_QUERY: {"zh": "物流进度", "en": "the tracking"},
    Issue.DELIVERY_DELAY: {"zh": "发货和物流进度", "en": "the shipping delay"},
    Issue.LOST_PARCEL: {"zh": "包裹找不到的事", "en": "the lost package"},
    Issue.NOT_RECEIVED: {"zh": "没收到货的事", "en": "the missing delivery"},
    Issue.ADDRESS_CHANGE: {"zh": "改地址的事", "en": "the address change"},
    Issue.QUALITY_DEFECT: {"zh": "质量问题", "en": "the quality problem"},
    Issue.DAMAGED: {"zh": "破损的事", "en": "the damage"},
    Issue.WRONG_ITEM: {"zh": "发错货的事", "en": "the wrong item"},
    Issue.MISSING_ITEM: {"zh": "少件的事", "en": "the missing piece"},
    Issue.NOT_AS_DESCRIBED: {"zh": "和描述不符的事", "en": "the difference from the listing"},
    Issue.SIZE_MISMATCH: {"zh": "尺码不合适的事", "en": "the size"},
    Issue.RETURN_EXCHANGE: {"zh": "退换的事", "en": "the return"},
    Issue.REFUND_REQUEST: {"zh": "退款的事", "en": "the refund"},
    Issue.REFUND_STATUS: {"zh": "退款进度", "en": "where the refund stands"},
    Issue.CANCEL_ORDER: {"zh": "取消订单的事", "en": "the cancellation"},
    Issue.WARRANTY: {"zh": "保修", "en": "the warranty"},
    Issue.PAYMENT_ACCOUNT: {"zh": "付款的问题", "en": "the payment problem"},
    Issue.INVOICE: {"zh": "发票的事", "en": "the invoice"},
    Issue.COMPLAINT: {"zh": "您反映的情况", "en": "your complaint"},
}
"""How a further issue of the turn is named; greetings, reviews and requests to a person are not named."""

UNTOLD: dict[str, dict[str, str]] = {
    "money_when": {"zh": "退款什么时候到账", "en": "when the money will show"},
    "when": {"zh": "具体要多久", "en": "how long it takes"},
    "arrive": {"zh": "哪天能送到您那里", "en": "the day it reaches you"},
    "cost": {"zh": "费用怎么算", "en": "what it would cost you"},
    "way_back": {"zh": "寄回的运费谁出", "en": "who pays to send it back"},
    "amount": {"zh": "具体退多少", "en": "the exact amount"},
    "route": {"zh": "钱退到哪里", "en": "where the money goes"},
    "until": {"zh": "最晚什么时候要定", "en": "how long you have to decide"},
    "print": {"zh": "没有打印机怎么寄回", "en": "how to send it back without a printer"},
    "more": {"zh": "能不能再多一些", "en": "whether we can do more than that"},
    "sent": {"zh": "要寄给您的那份到哪一步了", "en": "the status of what we're sending you"},
    "label": {"zh": "寄回的面单到哪一步了", "en": "where your return label is"},
    "tracking": {"zh": "快递单号出来没有", "en": "whether there's a tracking number"},
    "voucher": {"zh": "券什么时候到", "en": "when the coupon comes"},
    "call": {"zh": "什么时候给您回电话", "en": "when we call you"},
    "postage": {"zh": "寄回的运费怎么算", "en": "how the return postage works"},
    "address": {"zh": "寄回的地址", "en": "the address to send it to"},
    "pickup": {"zh": "能不能上门取件", "en": "whether it can be picked up"},
    "variant": {"zh": "颜色能不能按您说的来", "en": "whether it can be the color you named"},
    "how": {"zh": "具体怎么弄", "en": "how it works"},
    "why": {"zh": "您问的原因", "en": "the reason for that"},
    "other": {"zh": "您问的这点", "en": "that"},
}
"""What was asked about an option and is being checked, by the codes of ``Plan.untold``."""


def _both(**named: tuple[str, str]) -> dict[str, dict[str, str]]:
    return {key.replace("_", " "): {"zh": zh, "en": en} for key, (zh, en) in named.items()}


MEASURES = _both(
    hip=("臀围", "hip"), hips=("臀围", "hip"), waist=("腰围", "waist"), chest=("胸围", "chest"), bust=("胸围", "bust"),
    height=("身高", "height"), weight=("体重", "weight"), foot=("脚长", "foot length"), shoulder=("肩宽", "shoulder"),
    shoulders=("肩宽", "shoulder"), length=("衣长", "length"), inseam=("裤长", "inseam"), thigh=("腿围", "thigh"),
    sleeve=("袖长", "sleeve"), neck=("领围", "neck"), wrist=("腕围", "wrist"), head=("头围", "head"),
)  # fmt: skip
"""What a size table measures, as people say it."""
MEASURES["foot_length"] = MEASURES["foot length"] = MEASURES["foot"]

UNITS = _both(
    cm=("厘米", "cm"), mm=("毫米", "mm"), m=("米", "m"), kg=("公斤", "kg"), lb=("磅", "lb"), lbs=("磅", "lb"),
    inch=("英寸", "in"), ft=("英尺", "ft"), jin=("斤", "jin"),
)  # fmt: skip
UNITS["in"] = UNITS["inch"]
UNITS["斤"] = UNITS["jin"]

QUANTITIES = UNITS | _both(
    ml=("毫升", "ml"), l=("升", "l"), oz=("盎司", "oz"), g=("克", "g"), w=("瓦", "W"), v=("伏", "V"),
    mah=("毫安时", "mAh"), wh=("Wh", "Wh"), f=("℉", "°F"), c=("℃", "°C"),
    h=("小时", "hours"), min=("分钟", "minutes"), s=("秒", "seconds"), days=("天", "days"), weeks=("周", "weeks"),
    months=("个月", "months"), years=("年", "years"), percent=("%", "%"), kw=("千瓦", "kW"), db=("分贝", "dB"),
    hz=("Hz", "Hz"), rpm=("转/分", "rpm"), gb=("GB", "GB"), tb=("TB", "TB"), lm=("流明", "lm"),
    gsm=("克/平方米", "gsm"), mg=("毫克", "mg"),
)  # fmt: skip
QUANTITIES.update({
    said: QUANTITIES[unit]
    for said, unit in (
        ("hr", "h"), ("hrs", "h"), ("hours", "h"), ("mins", "min"), ("minutes", "min"), ("sec", "s"),
        ("seconds", "s"), ("inch", "in"), ("inches", "in"), ("pct", "percent"),
    )
})  # fmt: skip
"""Units that an attribute's key may end with (capacity_ml), as people say them."""

CUTS = _both(
    slim=("偏修身", "runs slim"), tight=("偏紧", "runs tight"), small=("偏小", "runs small"),
    large=("偏大", "runs large"),
    loose=("偏宽松", "runs loose"), relaxed=("偏宽松", "runs relaxed"), oversized=("是宽松版", "is cut oversized"),
    regular=("是标准版型", "runs true to size"), true_to_size=("是标准版型", "runs true to size"),
)  # fmt: skip
"""How a cut is said after the goods' name; what a shop wrote in other words is not said."""
for _word, _same in (("修身", "slim"), ("偏小", "small"), ("偏大", "large"), ("宽松", "loose"), ("标准", "regular")):
    CUTS[_word] = CUTS[_same]


def short_name(name: str, language: str) -> str:
    """A part of a listed title that people would say; ``NotSayable`` when none is short enough."""
    plain = _BRACKETS.sub(" ", name).strip()
    if language == "en":
        return _short_english(plain)
    parts = [part for part in _CUT["zh"].split(plain) if len(part) > 1]
    if not parts:
        raise NotSayable("the product has no name")
    # "Apple 手机壳": a Latin brand in front says less than the thing behind it.
    best = parts[0] if _HAN.search(parts[0]) else next((part for part in parts if _HAN.search(part)), parts[0])
    if len(best) > _ZH_MOST:
        raise NotSayable("the product's name is too long to say")
    return best


def full_width(text: str) -> str:
    """Half-width marks between Chinese words as Chinese ones; numbers and foreign words keep theirs."""
    return _HALF.sub(lambda found: _FULL[found.group(1)], text)


def names_several(name: str) -> bool:
    """Whether a listed title says that one of it holds several pieces."""
    return bool(_SEVERAL.search(name))


def short_event(text: str, language: str) -> str:
    """A carrier's words without brackets and full stop.

    ``NotSayable`` when long, foreign, with a phone, or with money, an address or an order to somebody.
    """
    plain = text.translate(_SIGNS).rstrip("。.!！,， ")
    if not plain or len(plain) > _EVENT_MOST[language] or _PHONE.search(plain) or _NO_SCAN.search(plain):
        raise NotSayable("the carrier's words cannot be quoted")
    if (language == "en") == bool(_HAN.search(plain)):
        raise NotSayable("the carrier's words are in another script")
    return plain


def _short_english(plain: str) -> str:
    if _HAN.search(plain):
        raise NotSayable("the product's name is in another script")
    if _NO_NAME.search(plain):
        raise NotSayable("the product's name speaks to somebody")
    first = next((part for part in _CUT["en"].split(plain) if part.strip()), "").strip()
    if not first or len(first.split()) > _EN_MOST_WORDS:
        raise NotSayable("the product's name is too long to say")
    return first
