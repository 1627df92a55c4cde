"""Whether the clause around a place asks, offers, denies or supposes, so that it states nothing."""

import re
from functools import lru_cache

_CONDITION = re.compile(
    r"(?:如果|要是|若|一旦|假如|等到?|是否|有没有|能否|可以|要不要|需要|是不是|万一)[^,。;!?\n]{0,8}$|(?:(?<![a-z])"
    r"(?:if|when|once|unless"
    r"|whether|should|after|before)\s[^,.;!?\n]{0,24})$",
    re.IGNORECASE,
)
_OFFER_ZH = re.compile(
    r"(?:如果|要是|若|是否|可以|能|能够|需要|要不要|要么|想要?|选择?|方案|还是|或者?|不|没有?|无法|别|未|您|申请"
    r"|是不是|支持|麻烦|建议|请)[^,。;!?\n]{0,4}$"
)
_ASKED_ZH = re.compile(r"[^,。;!?\n]{0,16}?(?:吗|么\?|可好|如何|怎么样|行不行|好不好|要不要|\?)|[^,。;!?\n]{0,16}的话")
_ASKED_NEXT = re.compile(r"[^,。;!?\n]{0,14},\s?(?:这样)?(?:可以|好|行|成|方便|您看)[^,。;!?\n]{0,6}(?:吗|么|\?|如何)")
_ASKING = re.compile(
    r"(?:^|[.!?;,\n]\s?)(?:and |but |so |or )?(?:is|are|was|were|has|have|had|do|does|did|can|could|would|will"
    r"|should|shall|may|"
    r"any chance|which|what|when|why|where|who|how)(?:n't)?\s[^.!?;\n]{0,60}$",
    re.IGNORECASE,
)
_QUESTION_END = re.compile(r"[^.!;\n]{0,80}?\?")
_SENTENCE = "。！？!?\n;；"
_EITHER = re.compile(r"或者|要么|或是|二选一|(?<![a-z])(?:either|whichever)(?![a-z])")
_IF_ZH = re.compile(
    r"如果|要是|若(?!干)|假如|万一|一旦|只要|倘若|的话|的时候|签收(?=[一二两三四五六七\d])|等(?:您|你|退|货|包裹|收到|签收|寄)"
    r"|(?:收到|签收|寄回|退回|拍下|下单|付款|确认|同意|申请|提供|寄到|拿到|登记|寄来|退来|验货|验完|检查)[^,。!?;\n]{0,8}(?:之?后|以后)"
)
_ONCE_BACK_ZH = re.compile(
    r"(?:收到(?=了?(?:之|以)?后|了?(?:退|货|件|包裹|东西|快递|[您你][退寄]))|签收|寄回来?|退回来?|验货|验完货?|寄到|入库)"
    r"[^,。!?;\n]{0,5}后"
)
"""What has to come back first, also where whoever promises stands before it: 我们签收后马上退."""
_NEWS = re.compile(r"(?<![没无])(?<!没有)(?:消息|结果|进展|回复|回音|答复|有货|到货)")
_IF_EN = re.compile(
    r"(?<![a-z])(?:if|unless|in case|provided|as long as|should (?:you|it|the|they)"
    r"|(?:once|when|after|as soon as|until)(?= (?:you|your|they|we (?:receive|get|have got|see|hear from you)"
    r"|(?:it|that|(?:the|your) (?:\w+ ){0,2}?\w+|this)(?:'s| is| has| gets)? (?:been )?"
    r"(?:arriv|back with|return|receiv|deliver|scann|approv|pick))))(?![a-z])"
)
_NEWS_EN = re.compile(r"(?:i|we) (?:hear|know|have (?:an?|any|the|some|more)|find|get (?:an?|any|more|some)|learn)")
_WHETHER = re.compile(r"(?:check|ask|see|find|know|confirm|verify|tell|look|update|let)")
_LETTERED = re.compile(
    r"(?:(?<![a-z0-9])(?:a[).:、]|a\s?(?=[\u4e00-\u9fff]))|方案[一1a]|①).{1,200}?(?:(?<![a-z0-9])b[).:、\s\u4e00-\u9fff]"
    r"|方案[二2b]|②)",
    re.DOTALL,
)
_SECOND = ("b", "二", "②")


def supposed(text: str, start: int) -> bool:
    """Whether what begins at ``start`` stands under a condition (如果已签收, when it was delivered)."""
    return bool(_CONDITION.search(text[max(0, start - 28) : start]))


def offered(text: str, start: int) -> bool:
    """Whether the words right before ``start`` make it an option, a wish or a denial (可以给您补发, 无法退)."""
    return bool(_OFFER_ZH.search(text[max(0, start - 10) : start]))


def asked(text: str, start: int, end: int) -> bool:
    """Whether the clause of ``start``–``end`` is a question, or the next one asks whether that is all right."""
    if _ASKED_ZH.match(text, end) or _ASKED_NEXT.match(text, end):
        return True
    return bool(_QUESTION_END.match(text, end)) and bool(_ASKING.search(text[max(0, start - 64) : start]))


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence around ``start``-``end``."""
    before = max(text.rfind(mark, 0, start) for mark in _SENTENCE)
    after = [at for mark in _SENTENCE if (at := text.find(mark, end)) >= 0]
    return before + 1, min(after, default=len(text))


def in_options(text: str, start: int) -> bool:
    """Whether what begins at ``start`` is one of several things that the buyer may choose."""
    if start >= _options(text):
        return True
    begin, end = sentence(text, start, start)
    return _EITHER.search(text, begin, end) is not None


@lru_cache(maxsize=4)
def _options(text: str) -> int:
    """Where the lettered options of ``text`` begin; its length when there are none."""
    lettered = _LETTERED.search(text) if any(mark in text for mark in _SECOND) else None
    return lettered.start() if lettered is not None else len(text)


def conditional(text: str, start: int, end: int) -> bool:
    """Whether ``start``-``end`` holds only once something else comes true: 如果明天没到, once you send it back.

    News is no condition: who says "when I hear back I'll tell you" has promised to tell.
    """
    text = text.lower()
    first, last = sentence(text, start, end)
    before = next((match for match in _IF_ZH.finditer(text, first, start)), None)
    if before is not None:
        return _NEWS.search(text, before.start(), end) is None
    if _ONCE_BACK_ZH.search(text, start, end) is not None:
        return True
    for match in _IF_EN.finditer(text, first, last):
        behind = match.start() >= end
        if behind and _WHETHER.search(text, start, match.start()):
            continue
        if not _NEWS_EN.match(text, match.end() + 1) and (behind or match.end() <= start):
            return True
    return False
