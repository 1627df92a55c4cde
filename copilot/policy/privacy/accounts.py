"""Account names in messengers and mail addresses, however their signs are written."""

import re
from collections.abc import Iterator

from copilot.policy.contact.links import addresses
from copilot.policy.privacy import engine

Hit = tuple[str, int, int]
_REACH = 40
_WECHAT = (
    r"[微薇威维卫徽危]信|微讯|[微薇]号|[微薇卫威]x|[微薇v]\s?[❤♥]|v信|wei信|(?:加|\+)[微薇]|(?<![a-z])(?:weixin"
    r"|wechat|vx|wx)(?![a-z])"
    r"|(?:加|\+|我)v(?![a-z])|(?<![a-z0-9])v(?=\s?[:是我])"
)
_OTHER = (
    r"(?<![a-z])(?:telegram|tg|whats ?app|line(?= ?id| ?:| ?@)|instagram|insta|ins|ig|snapchat|snap|skype|discord"
    r"|zalo|viber"
    r"|kakao(?:talk)?|facebook|fb|messenger|twitter|signal|tiktok|wa)(?![a-z])|ไลน์|(?:小红书|抖音|快手|微博)(?:号"
    r"|搜|id)|纸飞机|飞机号"
)
_LINK = (
    r"(?:\s?(?:号码?|账号|帐号|id|ไอดี|user ?name|username|handle|account|messenger|me|us|my|is|are|是|为|叫|搜|加"
    r"|吧|呗|哈|哦|呀|it's|at|saya|我|"
    r"con|en|on|:|=|👉|→|-|,)\s?){0,4}\s?"
)
_ACCOUNT = re.compile(
    rf"(?:(?P<wechat>{_WECHAT})|(?P<other>{_OTHER}))(?P<link>{_LINK})"
    r"(?P<name>(?<![a-z0-9._])@?[a-z][a-z0-9_.\-]{3,28}[a-z0-9_](?:#\d{4})?)"
)
_FOLLOWED = re.compile(
    r"(?<![a-z])(?:dm|add|follow|find|message|tag|text|hit|reach)\s(?:me|us|my)\b[^.!?\n]{0,24}?"
    r"(?P<name>@[a-z0-9_.]{4,30})"
    r"|(?:关注|加我|找我|搜)\s?(?P<name2>@[a-z0-9_.]{4,30})"
)
_NUMBER_NAME = re.compile(rf"(?:{_WECHAT})(?:\s?(?:号码?|id|是|为|:|=)\s?){{1,3}}(?P<name>\d{{6,12}})(?!\d)")
_OWN_NAME = re.compile(r"[\d_]|.[.-].")
_FIRM = re.compile(r"号|id|ไอดี|user|handle|[:=@]|(?<![a-z])is(?![a-z])|是|为|叫")
_NOT_ACCOUNT = frozenset(
    "please stickers sticker official message messages number thanks mini pay payment payments version android iphone "
    "store account group link order orders login story stories videos video photo picture pictures live page profile "
    "hello sorry about there where which would could should https www.".split()
)
_COMMON_MAIL = frozenset(
    "com net org cn edu gov io co uk de fr es it us info me sg my th vn id ph jp kr hk tw au ca eu biz xyz app".split()
)
_MAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?(?:@|\s@\s)(?:[a-z0-9]"
    r"(?:[a-z0-9-]{0,40}[a-z0-9])?\s?\.\s?){1,4}"
    r"(?P<end>[a-z]{2,12})(?![a-z0-9])"
)
_MAIL_WORDS = re.compile(
    r"(?<![a-z0-9._-])[a-z0-9][a-z0-9_.+-]*(?:\s(?:dot|punto|chấm)\s[a-z0-9_+-]+){0,3}\s?(?:[\[(]\s?(?:at"
    r"|@)\s?[\])]|\sat\s|\sarroba\s|艾特|圈a)\s?"
    r"(?:gmail|googlemail|qq|163|126|139|outlook|hotmail|live|yahoo|icloud|foxmail|sina|proton(?:mail)?|aol|naver"
    r"|[a-z0-9-]{2,30}(?=\s?[(\[]))"
    r"\s?(?:\.|点|\sdot\s|\spunto\s|[\[(]\s?(?:dot|\.)\s?[\])]|。)\s?(?:com(?:\.[a-z]{2})?|cn|net|org|co\.[a-z]{2}"
    r"|me|es|fr|de)(?![a-z0-9])"
)


def mails(text: str) -> Iterator[Hit]:
    """(type, start, end) of mail addresses in ``text``, a base view."""
    for match in _MAIL.finditer(text):
        if match["end"] in _COMMON_MAIL or _known(match.group()):
            yield "email", match.start(), match.end()
    for match in _MAIL_WORDS.finditer(text):
        yield "email", match.start(), match.end()
    for start, end in addresses(text):
        if "@" not in text[start:end]:
            yield "email", start, end


def _known(written: str) -> bool:
    """Whether the recogniser, which knows every public suffix, takes it for an address; rare endings only."""
    return bool(engine.emails(re.sub(r"\s", "", written)))


def accounts(text: str) -> Iterator[Hit]:
    """(type, start, end) of account names that a messenger's name introduces in ``text``, a base view."""
    for match in _ACCOUNT.finditer(text):
        if _is_name(match["name"], match["link"]):
            yield "wechat" if match["wechat"] else "handle", match.start("name"), match.end("name")
    for match in _FOLLOWED.finditer(text):
        group = "name" if match["name"] else "name2"
        yield "handle", match.start(group), match.end(group)
    for match in _NUMBER_NAME.finditer(text):
        yield "wechat", match.start("name"), match.end("name")


def _is_name(name: str, link: str) -> bool:
    """Whether a word behind a messenger's name is an account: figures in it, or introduced as one."""
    if name.startswith("@"):
        return True
    if name in _NOT_ACCOUNT or name.startswith(("http", "www.")):
        return False
    return bool(_OWN_NAME.search(name)) or (bool(_FIRM.search(link)) and len(name) >= 6 and "号" in link + "号")
