"""Chinese postal addresses: a road with a number, an estate with a building, a village below its county."""

import re
from collections.abc import Iterator

Hit = tuple[str, int, int]
_HAN = r"[\u4e00-\u9fff]"
_FIGURE = r"[一二三四五六七八九十百零\u3007壹贰叁两\d]"
_GAP = r"[\s,]?"
_ROAD = "路|街|大道|大街|巷|弄|胡同|里|坊|道|段"
_HOME = (
    "小区|花园|公寓|家园|佳苑|苑|大厦|广场|新村|雅居|华庭|社区|宿舍|大学|学校|村|中心|校区|学院|中学|小学|医院|公馆"
    "|国际|府|庭|湾|城|园|郡|墅"
    "|工业园|产业园|工业区|科技园|商城|市场|号院"
)
_BLOCK = "号楼|栋|幢|座|期|单元|区|组团|组|舍|号院|号"
_MAIN = (
    rf"{_HAN}{{1,12}}?(?:{_ROAD})(?:{_HAN}段)?\s?{_FIGURE}{{1,5}}\s?(?:号院|号|弄|巷|支弄)(?!线|色|链|款|键|机|下"
    rf"|发|到|能|会|可)"
    rf"|{_HAN}{{2,14}}?(?:{_HOME})\s?(?:{_HAN}{{0,3}})?[{{}}]?\s?(?:{_FIGURE}|[a-z]){{1,5}}\s?(?:{_BLOCK})(?!线|色"
    rf"|链|款|键|机)"
    rf"|{_HAN}{{2,8}}{_FIGURE}{{1,3}}(?:幢|栋|弄|号楼)(?=\s?{_FIGURE})"
).replace("[{}]?", "")
_INSIDE = (
    rf"(?:{_GAP}(?:{_HAN}{{1,10}}?(?:{_HOME}))?{_GAP}[附增甲乙丙东南西北]?(?:{_FIGURE}|[a-z]){{1,5}}\s?[-#]?\s?"
    rf"(?:号楼|栋|幢|座|单元|层|楼|室|号|户|门|房|宿舍|组团|组|区)(?:{_FIGURE}{{1,4}}(?!{_FIGURE}|-|\s?(?:单元|栋"
    rf"|幢|座|号楼))(?:[室户号房楼层]|宿舍)?)?){{0,5}}"
)
_END = r"(?:[a-z]?\d{1,4}(?:-\d{1,4}){0,2}(?!\d)(?:[室户号房楼层]|宿舍)?)?"
_NUMBERED = re.compile(rf"(?:{_MAIN}){_INSIDE}{_END}")
_PROVINCE = (
    r"(?:(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西"
    r"|甘肃|青海|台湾)省"
    r"|(?:内蒙古|广西|西藏|宁夏|新疆)(?:壮族|回族|维吾尔)?自治区|(?:北京|上海|天津|重庆)市)"
)
_CHAIN = re.compile(
    rf"{_PROVINCE}(?:\s?{_HAN}{{2,10}}?(?:自治州|市|地区|盟|区|县|旗)){{1,3}}\s?{_HAN}{{2,12}}?"
    r"(?:村委会|村|镇政府|乡政府|大学|学院|中学|小学|学校|医院|公司|小区|花园|大厦|广场|工业园|社区|派出所|街道办)"
    rf"(?:{_HAN}{{0,8}}?{_FIGURE}{{1,4}}(?:组|队|社|屯|号|室|栋|楼))?{_INSIDE}"
)
_LEAD = re.compile(
    r".*(?:地址|住址|住在|寄到|寄去|送到|发到|改成|改到|改为|收货|收件|换成|换到|搬到|家在|就在|现住|我住|住|是|到"
    r"|在|(?:^|[请帮烦我您你能要就接])[寄发放送去给]|:|,|\s)(?=[\u4e00-\u9fff]{2})"
)
_REGION = 24
_NOT_PLACE = re.compile(
    r"(?:在|这条|一|半|上|线|思|出|道|套|网|电|公|铁)路|[这那哪]条|这里|那里|哪里|家里|手里|心里|店里|城里|屋里"
    r"|夜里|阶段|时段|分段|频道|知道|味道|通道|管道|赛道|车道"
)


def places(text: str) -> Iterator[Hit]:
    """(type, start, end) of Chinese addresses in ``text``, a base view."""
    for match in _NUMBERED.finditer(text):
        start, written = match.start(), match.group()
        lead = _LEAD.match(written)
        if lead and lead.end() < len(written) - 4:
            start += lead.end()
        else:
            start = _with_region(text, start)
        if not _NOT_PLACE.match(text, start):
            yield "address", start, match.end()
    for match in _CHAIN.finditer(text):
        yield "address", match.start(), match.end()


def _with_region(text: str, start: int) -> int:
    """The start with province, city and district in front of it: back to the words that introduce the address."""
    first = max(0, start - _REGION)
    window = text[first:start]
    lead = _LEAD.match(window + text[start : start + 2])
    begin = min(lead.end(), len(window)) if lead else 0
    unbroken = all("\u4e00" <= character <= "\u9fff" for character in window[begin:])
    return first + begin if unbroken and (lead or first == 0) else start
