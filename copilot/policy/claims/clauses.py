"""Whether the clause around a place asks, offers, denies or supposes, so that it states nothing."""

import re

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
