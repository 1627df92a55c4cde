"""Which runs of digits are phone or QQ numbers, judged by their shape and by the words around them.

Order, tracking and product numbers look alike; the words in front of them decide.
"""

import re

from copilot.policy.contact.digits import Run, masked_nearby

_RECORD = re.compile(
    r"(?:单号|订单|运单|快递|物流|面单|编号|货号|型号|吊牌|标签|条码|条形码|款号|批号|批次|批准文号|备案|许可证|税号|流水|序列号|房号|工单|包裹|凭证|"
    r"尾号|生产日期|保质期|有效期|取件码|验证码|提取码|sku|isbn|gb/t|gb|order|tracking|parcel|package|shipment|invoice|"
    r"ticket|case|reference|ref|return|rma|item|model|barcode|serial|code|批)"
    r"[\s:：#.\-为是号码()a-z]{0,12}$"
)
_LABELLED = re.compile(
    r"(?:单号|订单|运单|货号|型号|条码|编号|เลขพัสดุ|เลขที่พัสดุ|เลขคำสั่งซื้อ"
    r"|(?<![a-z])(?:order|tracking|parcel|shipment|invoice|reference|item|sku|barcode|serial|resi|resinya|pesanan|awb"
    r"|ma van don|ma don(?: hang)?|van don|guia|envio|pedido|seguimiento|rastreo|penjejakan))"
    # Carriers begin their numbers with letters of their own; a messenger's short name is none of those.
    r"(?:号|号码|\s?(?:no|number|id))?[\s:#.]{0,3}(?!(?:vx|wx|qq|wa|v|q|tel)\d?$)[a-z]{0,4}$"
)
# A short code of letters stuck to a number (JD0099…) makes it a tracking number, unless the letters ask for a call.
_SERIAL = re.compile(
    r"(?<![a-z])(?!(?:v|vx|wx|wc|q|qq|wa|t|tel|telp|tlp|hp|m|mob|p|ph|no|num|nr|cell|txt|sms|fb|ig|line|zalo|tele|call|sdt|dt|tg|dm)$)"
    r"[a-z]{2,4}$"
)
_CALL = re.compile(
    r"电话|手机|联系|致电|打我|打给|打过来|打这|拨打|拨|呼我|加我|加微|微信|短信|电联|โทร|เบอร์"
    r"|(?<![a-z])(?:call|phone|tel|text|ring|sms|whats ?app|vx|wx|cell|mobile|contact|reach|dial|number|voicemail|wa"
    r"|message|msg|buzz|txt|numb|digits|escribeme|hubungi|telp|telepon|telefon|nombor|nomor|wasap|sdt|goi|zalo|llama(?:me)?|numero)(?![a-z])"
)
_CARRIER = re.compile(
    r"(?:快递员|派送员|派件员|配送员|骑手|司机|快递小哥|网点|驿站|官方(?:客服)?(?:热线|电话)|客服热线|平台客服|投递员|站点"
    r"|厂家(?:客服|售后|热线)|品牌(?:方)?(?:客服|售后|热线)|说明书|คอลเซ็นเตอร์|顺丰|圆通|中通|申通|韵达|极兔|京东快递|邮政|消协|ขนส่ง|ไปรษณีย์"
    r"|(?<![a-z])(?:courier|driver|carrier|hotline|usps|ups|fedex|dhl|royal mail|parcelforce|evri|hermes|dpd|yodel"
    r"|poison control|post office|helpline|call cent(?:er|re)|manufacturer|kurir|jne|j ?& ?t|jnt|sicepat|anteraja"
    r"|ninja ?van|pos (?:malaysia|laju|indonesia)|poslaju|ghn|ghtk|viettel post|vnpost|buu dien|kerry|flash express"
    r"|correos|seur|mensajer[oi]a?|repartidor|paqueteria"
    r"|transportista|estafeta|andreani|oca|coordinadora|servientrega|viettelpost))(?P<between>[^,。!?]{0,32})$"
)
# Where a parcel goes: the number that a platform's own address holds.
_RECIPIENT = re.compile(
    r"(?:收件人?|收货人?|签收人|收件方|收货方|新地址|收货地址|地址改(?:成|到|为)|改地址"
    r"|(?<![a-z])(?:recipient|consignee|receiver|delivery (?:phone|number|contact|name)"
    r"|deliver(?:ed)? to|ship(?:ped)? to"
    r"|penerima|nguoi nhan|destinatari[oa]))"
    r"(?P<between>[^。!?\n]{0,40})$|ผู้รับ(?P<thai>[^\n]{0,40})$"
)
_COME = re.compile(
    r"加|联系(?:我|咱)|打(?:我|给我|过来)|找我|私|微信|vx|wx"
    r"|(?<![a-z])(?:call|text|add|message|ring|whats ?app|wa|me|us)(?![a-z])"
)
"""What turns a number beside an address into an invitation."""
_OWN = re.compile(
    r"我|咱|老板|微信|vx|wx"
    r"|(?<![a-z])(?:me|my|mine|us|our|saya|kami|aku|em|shop|minh|mi|nuestro|whats ?app|wa|zalo)(?![a-z])"
)
"""Who names a carrier and then himself gives away his own number."""
_QQ_BEFORE = re.compile(
    r"(?:qq|q号|扣扣|扣号|口口|企鹅|叩叩|蔻蔻|抠抠|寇寇|球球|秋秋|扣q|抠q|🐧|扌口扌口|(?<![a-z])q)(?:号码?|是|为|群|[\s:=+加_\-~我一下联系])*$"
)
_CN_MOBILE = re.compile(r"(?:0086|86)?1[3-9]\d{9}")
_CN_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
# Lines of institutions: Chinese service numbers, toll-free numbers of North America and Britain.
_SERVICE = re.compile(
    r"(?:400|800)\d{7}|9[56]\d{3}\d{0,3}|1[01]\d{3}|123\d\d|1?8(?:00|88|77|66|55|44|33)\d{7}|0(?:800|808|3\d\d)\d{6,7}"
)
_NANP = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_TRUNK = re.compile(r"0\d{8,11}")
_UNIT_BEHIND = re.compile(r"\s*(?:元|块|件|个|克|毫升|ml|kg|g\b|cm|mm|usd|cny|%|人|天|次|号楼|室)")


def phones_in(text: str, run: Run) -> list[Run]:
    """The phone numbers in ``run``: all of it, or the longest pieces that are one; they do not overlap."""
    found: list[Run] = []
    for part in run.parts():
        if all(part.end <= other.start or other.end <= part.start for other in found) and is_phone(text, part):
            found.append(part)
            if part.whole:
                break
    return found


def is_phone(text: str, run: Run) -> bool:
    """Whether ``run`` of the base view ``text`` is a phone number that somebody could call."""
    before, after = text[max(0, run.start - 24) : run.start], text[run.end : run.end + 16]
    if masked_nearby(text, run) or _UNIT_BEHIND.match(after) or is_service(run):
        return False
    carrier = _CARRIER.search(text[max(0, run.start - 48) : run.start])
    if carrier is not None and not _OWN.search(carrier["between"]):
        return False
    if _is_recipients(text, run):
        return False
    if _LABELLED.search(before) or _SERIAL.search(before):
        # "Thanks for the number, order 3348917502": what stands right before the figures says what they are.
        return False
    called = is_called(text, run)
    return (called or not is_record(text, run)) and _has_shape(text, run, called)


def _is_recipients(text: str, run: Run) -> bool:
    """Whether ``run`` belongs to who receives a parcel, and nobody is asked to call it."""
    found = _RECIPIENT.search(text[max(0, run.start - 64) : run.start])
    if found is None:
        return False
    return not _COME.search(found["between"] or found["thai"] or "") and not _COME.search(text[run.end : run.end + 16])


def is_service(run: Run) -> bool:
    """Whether ``run`` is a public service line (400, 95xxx, 12315), which is nobody's own number."""
    return bool(_SERVICE.fullmatch(run.digits))


def is_called(text: str, run: Run) -> bool:
    """Whether the words around ``run`` speak of calling or reaching somebody."""
    before, after = text[max(0, run.start - 16) : run.start], text[run.end : run.end + 16]
    return bool(_CALL.search(before) or _CALL.search(after))


def is_record(text: str, run: Run) -> bool:
    """Whether ``run`` is introduced as an order, tracking, product or other record number."""
    before = text[max(0, run.start - 24) : run.start]
    return bool(_RECORD.search(before)) or _attached(before)


def _attached(before: str) -> bool:
    """Whether letters stick to the number (SF138…), as in tracking numbers; a label for a phone does not count."""
    match = re.search(r"[a-z]+$", before)
    return bool(match) and match.group() not in {
        "tel",
        "t",
        "m",
        "p",
        "ph",
        "phone",
        "call",
        "mob",
        "v",
        "vx",
        "wx",
        "q",
        "qq",
    }


def _dashed(text: str, run: Run) -> bool:
    """Whether ten digits are written as phones are in North America; three sizes in a row are not."""
    return run.groups in {(3, 3, 4), (1, 3, 3, 4)} and re.search(r"\d[-.)]", text[run.start : run.end]) is not None


def _announced(text: str, run: Run) -> bool:
    """Whether ten digits in a phone's groups follow words of calling in the same sentence."""
    if run.groups not in {(3, 3, 4), (1, 3, 3, 4)}:
        return False
    window = re.split(r"[.!?\n](?:\s|$)", text[max(0, run.start - 64) : run.start])[-1]
    return bool(_CALL.search(window))


def _has_shape(text: str, run: Run, called: bool) -> bool:
    digits, grouped = run.digits, len(run.groups) > 1
    if _CN_MOBILE.fullmatch(digits):
        return True
    if not run.whole:
        # A piece of a longer run must be unmistakable.
        return _NANP.fullmatch(digits) is not None and _dashed(text, run)
    if run.plus and 8 <= len(digits) <= 15:
        return True
    if _CN_LANDLINE.fullmatch(digits) and (called or run.groups[0] in {3, 4}):
        return grouped or called
    if _NANP.fullmatch(digits):
        return called or _dashed(text, run) or _announced(text, run)
    if _TRUNK.fullmatch(digits):
        return called or (grouped and max(run.groups) <= 5 and len(run.groups) <= 4)
    return called and run.spelled >= 7 and 7 <= len(digits) <= 15


def is_qq(text: str, run: Run) -> bool:
    """Whether ``run`` is a QQ number: five to eleven digits that a QQ label introduces."""
    if not 5 <= len(run.digits) <= 11 or run.digits[0] == "0" or masked_nearby(text, run):
        return False
    return bool(_QQ_BEFORE.search(text[max(0, run.start - 14) : run.start]))
