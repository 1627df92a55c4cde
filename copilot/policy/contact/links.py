"""Web and mail addresses in a base view, with dots and at-signs written as words or hidden in brackets."""

import re
from collections.abc import Iterable

# Endings that are also everyday words stand apart: they count only behind www or with a path.
ENDINGS = (
    "com net org cn top xyz cc vip io co app site online store shop link info tv club ltd biz ink fun win wang ren "
    "mobi pro dev gg ly cm hk tw jp kr uk de fr th vn sg ph eu ru asia cloud tech live space website wiki host click"
).split()
WORDLIKE = "me it in is so to be at us no my id as do am la ai".split()
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,40}[a-z0-9])?"
# Written out, in brackets, apart; the bar is what strokes between characters fold to.
_DOT = (
    r"(?:\.|。|·|[|,]|\s?[\[(【{<]\s?(?:\.|d[o0]t|点|。)\s?[\])】}>]\s?"
    r"|\s{0,2}[-_*]?d[o0]t[-_*]?\s{0,2}|\s?点\s?|\s\.\s?|\.\s)"
)
_END = "|".join(sorted(ENDINGS, key=len, reverse=True))
_END_WORDLIKE = "|".join(WORDLIKE)
ENDS_BACKWARD = ("moc", "ten", "gro", "pohs", "zyx", "erots")
_BACKWARDS = "|".join(ENDS_BACKWARD)
_EDGE = r"(?![a-z0-9])"
# Endings that no ordinary word is: they count behind a blank, a bar or a comma as well.
PLAIN_ENDINGS = ("com", "net", "cn", "org", "xyz")
# What stands in front of "dot" in the name of a pattern.
_DOTTED = frozenset(
    "polka a the each every small big red black white blue pink tiny large one single quantum micro".split()
)
_URL = re.compile(
    rf"(?<![a-z0-9@])(?:(?P<scheme>https?\s?:\s?/{{0,2}}\s?|hxxps?://"
    rf"|www{_DOT}))?(?P<host>(?:{_LABEL}{_DOT}){{1,4}}(?P<end>{_END}|{_END_WORDLIKE}))"
    rf"{_EDGE}(?P<path>\s?/[^\s,。!?)\]]*)?"
)
_MAIL = re.compile(
    rf"(?<![a-z0-9])(?P<user>[a-z0-9][a-z0-9._+\-]{{0,40}}?)\s?(?P<at>@|[\[(]\s?(?:at|@)\s?[\])]|\sat\s|艾特|圈a|#)\s?"
    rf"(?P<host>(?:{_LABEL}{_DOT}){{1,3}}(?:{_END}|{_END_WORDLIKE})){_EDGE}"
)
# Neither kind of address can stand in a text that this does not find.
_MAYBE = re.compile(
    rf"(?:[.。·点|,]|d[o0]t[-_*]?)[\s\])}}>】]{{0,3}}(?:{_END}|{_END_WORDLIKE}){_EDGE}|(?:{_BACKWARDS})\.[a-z0-9]"
)
_BACKWARD = re.compile(rf"(?<![a-z0-9.])(?:{_BACKWARDS})\.[a-z0-9][a-z0-9\-]{{3,40}}(?:\.(?:www|[a-z0-9\-]+))*{_EDGE}")
_DOT_ANY = re.compile(_DOT)
Span = tuple[int, int]


def addresses(text: str) -> list[Span]:
    """Spans of mail addresses in ``text``."""
    if not _MAYBE.search(text):
        return []
    return [match.span() for match in _MAIL.finditer(text) if _plausible_mail(match)]


def _plausible_mail(match: re.Match[str]) -> bool:
    host = _DOT_ANY.sub(".", match["host"])
    at = match["at"].strip()
    if at in {"at", "#"}:
        # "order at mystore.com" names a shop: the word "at" makes an address only with a mail host or a hidden dot.
        return bool(re.search(r"^(?:gmail|qq|163|126|outlook|hotmail|yahoo|icloud|foxmail|sina|proton)", host))
    end = host.rpartition(".")[2]
    return at == "@" or end not in WORDLIKE or match["host"][: -len(end)].endswith((")", "]"))


def links(text: str, allowed: Iterable[str]) -> list[tuple[Span, str]]:
    """Spans of web addresses in ``text`` with their host; ``allowed`` domains and their subdomains are left out."""
    if not _MAYBE.search(text):
        return []
    known = tuple(allowed)
    result: list[tuple[Span, str]] = []
    for match in _URL.finditer(text):
        host = _DOT_ANY.sub(".", match["host"])
        if not _plausible_link(match, host) or any(host == name or host.endswith("." + name) for name in known):
            continue
        result.append((match.span(), host))
    result += [(match.span(), match.group()[::-1]) for match in _BACKWARD.finditer(text)]
    return result


def _plausible_link(match: re.Match[str], host: str) -> bool:
    labels = host.split(".")
    if match["scheme"]:
        return True
    if all(label.isdecimal() for label in labels[:-1]) and len(labels) > 2:
        return False
    if match["end"] in WORDLIKE:
        return bool(match["path"])
    if labels[0].isdecimal() and labels[0] not in {"163", "126", "360", "51", "58"}:
        return False
    return _plausible_dots(match["host"], match["end"], labels)


def _plausible_dots(written: str, end: str, labels: list[str]) -> bool:
    """Whether the dots, as they are written, can be those of an address."""
    if re.search(r"d[o0]t", written[: -len(end)].removeprefix(labels[0])):
        return labels[-2] not in _DOTTED
    if re.search(r"\.\s|\s\.|[|,]", written):
        return end in PLAIN_ENDINGS and len(labels[-2]) >= 3
    return True
