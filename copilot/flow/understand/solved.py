"""What a buyer answers when asked whether a matter is solved: yes, no, or nothing that can be told."""

import re
from typing import Final

_NO_TROUBLE: Final = re.compile(
    r"没(?:什么|有)?问题|没有别的|没别的|没事|no (?:problems?|issues?|worries|complaints?)"
    r"|nothing(?:'s| is| was)? (?:missing|broken|wrong)"
    # What was wrong has been put right.
    r"|[碎坏裂破错少缺漏]了?的?[^。,，!！还又]{0,4}(?:已经?|都|也)?(?:给我|帮我)?"
    r"(?:换|补|修|处理|解决)(?:好|发|寄|上)?了?"
    r"|\b(?:missing|broken|wrong|damaged|defective|cracked|torn) (?:(?:one|ones|part|parts|piece|pieces|item|items) )?"
    r"(?:(?:was|were|got|has been|have been|is|are) )?(?:replaced|fixed|came|arrived|swapped|exchanged|here)\b"
)
_NO: Final = re.compile(
    r"没有|还没|没(?:解决|好|收到|到|退|处理|弄|修)|未(?:解决|收到|处理)|不行|不好用|依旧|依然|还是(?!谢)|又(?:坏|出|碎|破|裂|少|漏|错|发错|寄错)|仍|(?:还|也|但|就)(?:是)?(?:碎|坏|破|裂|少|缺|漏|错)|[碎坏裂破]的|(?<!不)错的"
    r"|(?:碎|坏|裂|破|少)了(?![^。,，!！]{0,6}(?:换|补|修|解决|处理|收到))"
    r"|\b(?:no|nope|nah|not|still|isn'?t|hasn'?t|didn'?t|never|haven'?t|doesn'?t|wasn'?t|broken|cracked|torn|damaged|missing|wrong|defective)\b"
)
_YES: Final = re.compile(
    r"解决了|处理好|好了|收到|可以了|行了|搞定|没问题|没事|谢|感谢|满意|嗯|是的|对的|已经"
    r"|\b(?:yes|yep|yeah|yup|good|fine|great|solved|sorted|resolved|fixed|works|working|perfect|arrived"
    r"|received|thanks?|thank you|thx|ty)\b"
)


def solved_says(text: str) -> bool | None:
    """Whether ``text``, an answer to "is it solved?", says so; None when it does not tell."""
    folded = text.casefold().replace("’", "'")
    left = _NO_TROUBLE.sub(" ", folded)
    if _NO.search(left):
        return False
    return True if _YES.search(folded) or left != folded else None
