"""What a colleague said they would find out, in their own words: 有没有气杆配件, "if they have a spare gas lift".

Owns the cutting of that question out of what was said; refuses one that speaks of the buyer or of the colleague.
"""

import re
from typing import Final

_ZH: Final = re.compile(
    r"(?:问|查|核实|确认|看)(?:一下|下|看|问)?(?:仓库|采购|厂家|工厂|主管|店长|师傅|技术|同事|那边|他们)?(?:那边)?(?:看看|看)?"
    r"(?P<open>(?:还有没有|有没有|能不能|是不是|可不可以|会不会|能否|是否)[^,，。.!！?？;；、\n]{1,14})"
)
_EN: Final = re.compile(
    r"\b(?:ask|asking|check|checking|see|confirm|find out|look into)\b[^.?!\n]{0,30}?\b(?:if|whether) "
    r"(?P<open>(?:there|they|it|we|that|this|the)\b[^,.;:!?\n]{4,60}?)(?= and i\b| and i'| then | so i\b|[,.;:!?\n]|$)",
    re.IGNORECASE,
)
_OF_PEOPLE: Final = re.compile(r"[我您你]|\b(?:you|your|i|my|me)\b", re.IGNORECASE)


def looked_into(said: str, language: str) -> str | None:
    """The question that ``said`` promises to find out, worded in ``language``; None where none can be cut out."""
    found = [match["open"].strip() for match in (_ZH if language.startswith("zh") else _EN).finditer(said)]
    clear = [one for one in found if _OF_PEOPLE.search(one) is None]
    return clear[-1] if clear else None
