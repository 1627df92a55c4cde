"""What the words around a number say about it: a record, a way to call somebody, a public line. Judges no number."""

import re

_RECORD = re.compile(
    r"(?:单号|订单|运单|快递|物流|面单|编号|货号|型号|条码|条形码|69码|款号|批号|批次|文号|备案|许可证|税号|识别号"
    r"|流水|序列号|房号|工单|包裹|凭证|"
    r"尾号|日期|保质期|有效期|取件码|验证码|提取码|邀请码|优惠码|会员号|积分|单尾|抽奖号|imei|sku|isbn|upc|ean|gb/t"
    r"|gb|order|tracking|parcel"
    r"|package|shipment|invoice|ticket|case|reference|ref|rma|item|model|barcode|serial|code|batch|lot no|awb"
    r"|consignment"
    r"|批|pesanan|resi|faktur|ma đon|ma don|van đon|van don|đon hang|don hang|เลขพัสดุ|ออเดอร์|คำสั่งซื้อ|pedido"
    r"|factura|guia|rastreo)"
    r"[\s:#.\-为是号码()]{0,6}(?:(?:number|num|no|nr|id|is|nomor|saya|của|code|spx|jne|jnt|usps|ups|fedex|dhl|evri"
    r"|gdex|ninja)[\s:#.\-]{0,3}){0,3}$"
)
_CALL = re.compile(
    r"(?:电话|手机|号码|联系|致电|打我|打给|打过来|拨打|呼我|短信|电联|联系方式|电話|手機|聯繫|旧号|新号"
    r"|(?<![a-z])(?:call|phone|tel|text|ring|sms|whats ?app|cell|mobile|mob|number|contact|reach|dial|hp|wa|zalo|viber"
    r"|hubungi|nomor|nombor|telp|telepon|llama(?:me|r)?|numero|telefono|tlf|signal|sđt|sdt|đien thoai|dien thoai|goi)"
    r"(?![a-z])|โทร|เบอร์|มือถือ)[^\d,。!?;]{0,14}$|[打呼][我他她给这个号]{0,3}[\s:]?$"
)
_CALL_BEHIND = re.compile(
    r"^[\s,]{0,2}(?:打我|随时打|联系|有事打|给我打|打给我|call|text|ring|sms|anytime|is my (?:cell|number|phone))"
)
_PUBLIC = re.compile(
    r"(?:官方|热线|总机|客服(?:电话|号码|专线)|服务电话|投诉电话|人工|hotline|support (?:line|number)"
    r"|customer service|freephone"
    r"|helpline|toll[- ]free|call cent(?:er|re))[^\d,。!?]{0,8}$"
)
_LINE = re.compile(r"(?:座机|固话|公司电话|家里电话|单位电话|办公电话|landline|固定电话)[^\d,。!?]{0,6}$")
_QQ = re.compile(
    r"(?:qq|q号|扣扣|扣号|加扣|口口|企鹅|叩叩|蔻蔻|抠抠|(?<![a-z])q)(?:号码?|是|为|群|[\s:=+加_\-~我一下联系])*$"
)
_CARD = re.compile(
    r"(?:(?:银|建|工|农|招|交|中)行|银行|的卡|账户|账號|银行卡|信用卡|储蓄卡|借记卡|(?<!会员)(?<!礼品)(?<!电话)"
    r"(?<!购物)(?<!积分)卡号|(?<!gift )(?<!sim )(?<!sd )card|amex|visa"
    r"|mastercard|(?<![a-z])acc(?:oun)?t(?: number| no)?|账号|帐号|卡里|rekening|tai khoan|บัญชี)"
    r"[^\d。!?]{0,12}$"
)
_SERVICE = re.compile(r"400\d{7}|9[56]\d{3}\d{0,3}|12315|12345|100(?:86|10|00)|0800\d{6,7}|0808\d{7}|1300\d{6}")
_TOLL_FREE = re.compile(r"1?8(?:00|33|44|55|66|77|88)[2-9]\d{6}")
_LABELS = frozenset("tel t m p ph phone call mob v vx wx q qq hp wa no cell sms zalo is".split())
_ATTACHED = re.compile(r"[a-z]+-?$")


def is_record(before: str) -> bool:
    """Whether ``before``, the words in front of a number, introduce an order, a parcel, a product or a batch.

    Letters that stick to the number (SF138…) do so too; a label for a phone does not.
    """
    if _RECORD.search(before):
        return True
    attached = _ATTACHED.search(before)
    return attached is not None and attached.group().rstrip("-") not in _LABELS


def is_called(before: str, after: str = "") -> bool:
    """Whether the words next to a number speak of calling or reaching somebody."""
    return bool(_CALL.search(before)) or bool(_CALL_BEHIND.match(after))


def is_public(before: str) -> bool:
    """Whether a number is introduced as a line that anybody may call."""
    return bool(_PUBLIC.search(before))


def is_line(before: str) -> bool:
    """Whether a number is introduced as one of a fixed telephone."""
    return bool(_LINE.search(before))


def is_qq(before: str) -> bool:
    """Whether a number is introduced as a QQ number."""
    return bool(_QQ.search(before))


def is_card(before: str) -> bool:
    """Whether a number is introduced as one of a card or an account."""
    return bool(_CARD.search(before))


def is_service(digits: str, groups: tuple[int, ...], mainland: bool) -> bool:
    """Whether ``digits`` are a public service line (400, 95xxx, 1-800); 1-800 is told from 180… by its groups."""
    if _SERVICE.fullmatch(digits):
        return True
    if not _TOLL_FREE.fullmatch(digits):
        return False
    return not mainland or len(digits) == 10 or groups[:1] == (1,)
