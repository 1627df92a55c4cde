"""What a buyer says that it is not: 不是碎了 是少了一个, "not broken, one's missing".

Owns the stretches that deny a fault, so that nothing reads the fault in them; refuses questions (是不是碎了) and one of
two (不是碎了就是裂了).
"""

import re

from copilot.flow.understand.text import fold_same_length

_FAULT = "碎|坏|破|裂|摔|断|脏|发错|错|质量|少|漏|缺|丢|没收到|尺码|大小"
_FAULTY = (
    r"(?:broken|broke|damaged|cracked|shattered|defective|faulty|the wrong \w+|wrong|missing|late|lost|dirty|torn)"
)
_DENIED = (
    re.compile(
        rf"(?<![是要可难道])不是(?:说)?(?:{_FAULT})[^,。!?;\s是就]{{0,5}}?了?(?![^,。!?;\s]*(?:吗|么|嘛|呢))(?=[,。!;\s]|是|\Z)(?![,\s]*(?:就是|吧))"
    ),
    re.compile(
        r"\b(?:it'?s |its |they'?re |they are |it is |nothing'?s )?(?:not|isn'?t|aren'?t|wasn'?t|weren'?t) "
        rf"(?:actually |really )?{_FAULTY}\b(?=[,.;!]|\s+(?:it|they|one|just|but|i|there)\b|\s*[-–]|\Z)(?!\s*\?)"
    ),
)


def without_denied(text: str) -> str:
    """``text`` with each denied stretch as blanks, so that places in it stay the same."""
    folded = fold_same_length(text)
    for pattern in _DENIED:
        for match in pattern.finditer(folded):
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text


def corrects(text: str) -> bool:
    """Whether ``text`` denies a fault and says something else beside it."""
    rest = without_denied(text)
    return rest != text and any(character.isalnum() for character in rest)
