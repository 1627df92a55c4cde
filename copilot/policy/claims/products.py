"""Which goods a text names: those whose names are known, and what it holds out as one.

Owns the looking. A known name is found wherever it stands; a name that nobody knows is only taken for one where the
words around it recommend it or say that it can be had, because a mark or a capital letter alone names anything.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from copilot.domain.fact import Claim, Fact, FactKind

_NARROW: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x00A0: " ", 0x2019: "'"}
_LEAST: Final = 2
_QUOTED: Final = r"[“\"「『‘]([^“”\"「」『』‘’\n]{2,40})[”\"」』’]"
_OFFERS_ZH: Final = (
    r"(?:推荐|安利|种草|试试|看看|入手|搭配|换成|改拍|去拍|有一款|有款|我们家|咱们家|店里)"
    r"(?:您|你|给您|给你|一下|看看|试试|入手|的|是|这款|那款|:)*"
)
_THERE_ZH: Final = (
    r"(?=\s*(?:这款|那款|也|都|现在|目前|今晚|还|正)*\s*(?:有货|有现货|现货|在售|在卖|可以拍|能拍|可以买|不错|更合适))"
)
_OFFERS_EN: Final = (
    r"(?:recommend|suggest|try|check out|take a look at|look at|how about|go for|go with|switch to|grab|you'?d love"
    r"|you(?:'ll| might| may)? (?:also )?(?:like|love)|we (?:also )?(?:have|carry|sell|stock))"
    r"\s+(?:you\s+)?(?:our |the |a |an |new )*"
)
_THERE_EN: Final = r"(?=\s+(?:is|are)\s+(?:back |still |now |also )?(?:in stock|available|on sale|live))"
_CAPITALS: Final = r"[A-Z][\w'&-]*(?:\s+(?:[A-Z][\w'&-]*|\d[\w.-]*|of|and|&)){0,6}"
_HELD_OUT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"《([^《》\n]{1,40})》",
        _OFFERS_ZH + _QUOTED,
        _QUOTED + _THERE_ZH,
        rf"(?i:\b{_OFFERS_EN}){_QUOTED}",
        _QUOTED + f"(?i:{_THERE_EN})",
        rf"(?i:\b{_OFFERS_EN})({_CAPITALS})",
        rf"\b(?:[Oo]ur|[Tt]he) ({_CAPITALS}){_THERE_EN}",
        r"(?:推荐|安利)(?:您|你|给您|给你)?(?:看看|试试|入手|拍|买)?(?:我们家|咱们家|店里|本店)的?"
        r"([\u3400-\u9fffA-Za-z0-9·\-]{2,20}?)(?=[,，。.!！?？;；\s]|$|这款|也)",
    )
)
_NO_NAME: Final = re.compile(
    r"(?:这|那|该|此|同|其他|别的|另|新|两|几|一)[款件条双个些种]?|[SMLX\d]+码?"
    r"|(?:TikTok|TikTok Shop|Visa|PayPal|Apple Pay|USPS|UPS|FedEx|DHL|I|You|We|It|A|B|C|The|This|That)",
    re.IGNORECASE,
)
"""What stands where a name could and is none."""


def products(text: str, names: Iterable[str], facts: Mapping[str, Fact]) -> tuple[Claim, ...]:
    """The goods that ``text`` names, in reading order, each with the fact of kind product that has its name or none.

    ``names`` are those of every product that the shop is known to have had. A name that ``text`` holds out counts as
    known also where a fact of any kind, or a longer name, has it in it.
    """
    plain = _plain(text)
    known = {_key(str(fact.value)): fact for fact in facts.values() if fact.kind is FactKind.PRODUCT}
    every = {**{_key(name): name for name in names}, **{key: str(fact.value) for key, fact in known.items()}}
    taken: list[tuple[int, int]] = []
    found: list[Claim] = []
    for key, name in sorted(every.items(), key=lambda pair: -len(pair[0])):
        for match in _expression(name).finditer(plain) if len(key) >= _LEAST else ():
            if _free(match.span(), taken):
                taken.append(match.span())
                fact = known.get(key)
                found.append(_claim(text, match.span(), name, fact.id if fact else None))
    said = {_key(str(fact.value)): fact.id for fact in facts.values() if isinstance(fact.value, str)}
    for pattern in _HELD_OUT:
        for match in pattern.finditer(text):
            name = match[1].strip()
            span = (match.start(1), match.start(1) + len(match[1].rstrip()))
            if not _NO_NAME.fullmatch(name) and _free(span, taken):
                taken.append(span)
                found.append(_claim(text, span, name, _source(_key(name), said)))
    return tuple(sorted(found, key=lambda claim: claim.start))


def _source(key: str, said: Mapping[str, str]) -> str | None:
    """The fact whose words have the name in them."""
    return next((id for words, id in said.items() if key and key in words), None)


def _claim(text: str, span: tuple[int, int], name: str, source: str | None) -> Claim:
    start, end = span
    return Claim(kind=FactKind.PRODUCT, start=start, end=end, text=text[start:end], value=name, source=source)


def _free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return all(span[1] <= start or end <= span[0] for start, end in taken)


def _plain(text: str) -> str:
    """``text`` in narrow small letters, of the same length."""
    narrow = text.translate(_NARROW)
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in narrow)


def _key(name: str) -> str:
    return re.sub(r"\s+", "", _plain(name))


def _expression(name: str) -> re.Pattern[str]:
    """Finds ``name`` with blanks where people put or leave them; Latin letters only as whole words."""
    plain = _plain(name).strip()
    inner = r"\s*".join(re.escape(part) for part in plain.split())
    before = r"(?<![a-z0-9])" if plain[:1].isascii() else ""
    after = r"(?![a-z0-9])" if plain[-1:].isascii() else ""
    return re.compile(f"{before}{inner}{after}")
