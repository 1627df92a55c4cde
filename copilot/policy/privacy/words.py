"""Personal data made of words: account names, mail addresses, postal addresses, names that are introduced as names."""

import re
from collections.abc import Iterator

from copilot.policy.contact.links import addresses
from copilot.policy.privacy import engine

Hit = tuple[str, int, int]
_REACH = 40
_REGION = 20
_ACCOUNT = re.compile(
    r"(?P<app>微信号?|v信|(?:weixin|wechat(?: id)?|(?<![a-z])(?:wx|vx|v)|telegram|(?<![a-z])tg|instagram"
    r"|(?<![a-z])(?:ig|ins|insta)|line id|snapchat|skype|whatsapp)(?![a-z]))"
    r"\s?(?:号码?|账号|id|是|为|叫|is|:|=|@|\s){0,4}\s?(?P<name>(?=[a-z0-9_.-]*[\d_-])[a-z][a-z0-9_.-]{4,24})"
)
_STREET = (
    r"[\u4e00-\u9fff]{1,12}(?:路|街|大道|巷|弄|胡同|大街)\s?(?:[一二三四五六七八九十\d]{1,5}\s?(?:号院|号|弄|巷|支弄))"
    r"|[\u4e00-\u9fff]{2,12}(?:小区|花园|公寓|家园|佳苑|苑|大厦|广场|新村|雅居|华庭|社区|宿舍|大学|学校|村"
    r"|中心)\s?[一二三四五六七八九十\da-z]{1,5}\s?(?:号楼|栋|幢|座|号|期|单元|区|组|舍)"
)
_INSIDE = (
    r"(?:[\s,]?(?:[\u4e00-\u9fff]{1,10}(?:小区|花园|公寓|家园|苑|大厦|广场"
    r"|中心))?[\s,]?[一二三四五六七八九十\da-z]{1,5}\s?[-#]?\s?(?:号楼|栋|幢|座|单元|室|层|楼|号|户|门|房)(?:\d{2,4}[室户号房]?)?){0,5}"
)
_ADDRESS_ZH = re.compile(rf"(?:{_STREET}){_INSIDE}(?:\d{{1,4}}(?:-\d{{1,4}}){{0,2}}(?!\d))?")
_BEFORE_ADDRESS = re.compile(
    r".*(?:地址|住址|住在|寄到|寄去|送到|发到|改成|改到|改为|收货|收件|换成|搬到|是|到|在|:|,|\s)(?=[\u4e00-\u9fff]{2})"
)
_ADDRESS_EN = re.compile(
    r"(?<![\w#.$-])\d{1,6}\s(?P<words>(?:[a-z0-9.']+\s){1,4}?)(?:street|st|avenue|ave|road|rd|boulevard"
    r"|blvd|lane|ln|drive|dr|court|ct|way|place|pl|terrace|circle|cir|parkway|pkwy|highway|hwy|close"
    r"|crescent|jalan|soi)\b\.?"
    r"(?:,?\s(?:apt|apartment|unit|suite|ste|floor|fl|#)\.?\s?#?[a-z0-9-]{1,6})?"
    r"(?:,?\s[a-z .]{2,24},?\s[a-z]{2}\s\d{5}(?:-\d{4})?)?"
)
_NOT_STREET = frozenset(
    "the a an on in by of for to and my your our this that is are was were days day hours hour weeks left off star "
    "stars percent out more away at".split()
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文樊欧"
)
_NAME_ZH = re.compile(
    r"(?:收货人|收件人|联系人|姓名|户名|名字|我叫|我姓名)(?:是|叫|为|写|:|\s){0,2}(?P<name>[\u4e00-\u9fff]{2,4})"
)
_TITLE = re.compile(r"(?:先生|女士|小姐|太太|老师)")
_NOT_GIVEN = frozenset("的了是在电手地先不没有写填错对吗呢和跟我你您他她这那就也都改换请想要能可到给把被")
_NAME_EN = re.compile(
    r"(?:my name is|name is|name\s?:|recipient\s?:|recipient is|ship(?:ped| it)? to\s?:|addressed to"
    r"|this is (?=[a-z]+ [a-z]+ speaking))\s?(?:mr\.? |mrs\.? "
    r"|ms\.? )?(?P<name>[a-z][a-z'-]+(?:\s[a-z][a-z'-]+){0,2})"
)
_NOT_NAME = frozenset(
    "not on the is and i my please can for but it in at from with wrong correct right missing spelled what who so "
    "this that phone address order".split()
)


def words(text: str) -> Iterator[Hit]:
    """(type, start, end) of personal words in ``text``, a base view."""
    mails = list(_mails(text))
    yield from mails
    for match in _ACCOUNT.finditer(text):
        wechat = match["app"][:2] in {"微信", "v信", "we", "wx", "vx"} or match["app"] == "v"
        yield "wechat" if wechat else "handle", match.start("name"), match.end("name")
    yield from _addresses_zh(text)
    yield from _addresses_en(text)
    yield from _names(text)


def _mails(text: str) -> Iterator[Hit]:
    for start, end in addresses(text):
        if "@" not in text[start:end]:
            yield "email", start, end
    at = text.find("@")
    while at >= 0:
        first = max(0, at - _REACH)
        for start, end in engine.emails(_ascii_only(text[first : at + _REACH])):
            if first + start <= at < first + end:
                yield "email", first + start, first + end
        at = text.find("@", at + 1)


def _ascii_only(window: str) -> str:
    """The window with blanks for Chinese, which presidio's expression would take for part of the address."""
    return "".join(character if character.isascii() else " " for character in window)


def _addresses_zh(text: str) -> Iterator[Hit]:
    for match in _ADDRESS_ZH.finditer(text):
        start = match.start()
        inside = _BEFORE_ADDRESS.match(match.group())
        if inside and inside.end() < len(match.group()) - 4:
            start += inside.end()
        else:
            start = _with_region(text, start)
        yield "address", start, match.end()


def _with_region(text: str, start: int) -> int:
    """The start with province, city and district in front of it: back to the words that introduce the address."""
    first = max(0, start - _REGION)
    window = text[first:start]
    lead = _BEFORE_ADDRESS.match(window + text[start : start + 2])
    begin = min(lead.end(), len(window)) if lead else 0
    region = window[begin:]
    unbroken = all("\u4e00" <= character <= "\u9fff" for character in region)
    return first + begin if unbroken and (lead or first == 0) else start


def _addresses_en(text: str) -> Iterator[Hit]:
    for match in _ADDRESS_EN.finditer(text):
        if _NOT_STREET.isdisjoint(match["words"].split()):
            yield "address", match.start(), match.end()


def _names(text: str) -> Iterator[Hit]:
    for match in _NAME_ZH.finditer(text):
        size = _name_length(match["name"])
        if size:
            yield "name", match.start("name"), match.start("name") + size
    for match in _NAME_EN.finditer(text):
        parts: list[str] = []
        for word in match["name"].split():
            if word in _NOT_NAME:
                break
            parts.append(word)
        if parts:
            yield "name", match.start("name"), match.start("name") + len(" ".join(parts))


def _name_length(name: str) -> int:
    """How many characters of ``name`` are a Chinese name: a surname with a title or one or two more; else 0."""
    if name[0] not in _SURNAMES:
        return 0
    if _TITLE.match(name[1:]):
        return 3
    given = 0
    for character in name[1:3]:
        if character in _NOT_GIVEN:
            break
        given += 1
    return 1 + given if given else 0
