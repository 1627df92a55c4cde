"""The questions of a turn, one by one, so that each can be looked for in the shop's answers.

Owns the cutting; refuses to say what a question is about.
"""

import re
from typing import Final

MOST: Final = 4
"""More questions than that are a letter; a person reads it."""

_END: Final = re.compile(r"(?<=[。！？!?；;\n])|(?<=[.])\s+(?=[A-Z])")
# In Chinese a comma or a blank parts questions as often as a question mark does.
_QUESTION_ZH: Final = re.compile(
    r"[吗呢嘛么]|什么|多少|多久|怎么|几[天个件号]|哪|能不能|可不可以|有没有|是不是|[能会要]不"
)
_QUESTION_EN: Final = re.compile(
    r"^\W*(?:do|does|did|is|are|can|could|will|would|how|what|when|where|which|who|why)\b", re.IGNORECASE
)
_COMMA_ZH: Final = re.compile(r"[,，、]|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_AND_EN: Final = re.compile(
    r"(?:,\s*|\s+)(?:and|also|plus)\s+(?=(?:do|does|did|is|are|can|could|will|would|how|what|when|where|which)\b)",
    re.IGNORECASE,
)
_WORDY: Final = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]{2}")


def questions_of(text: str, language: str) -> tuple[str, ...]:
    """The questions in ``text``, at most ``MOST``, in order; one question comes back without what only explains it."""
    parts = [part.strip() for part in _END.split(text) if part.strip()]
    pieces = [piece for part in parts for piece in _pieces(part, language)]
    worded = tuple(dict.fromkeys(piece for piece in pieces if _WORDY.search(piece)))
    if len(parts) > 1 and len(worded) < 2:
        return (text.strip(),) if worded else ()
    return worded[:MOST]


def asks(piece: str, language: str) -> bool:
    """Whether a piece of a turn asks anything, by its mark or its words."""
    if "?" in piece or "？" in piece:
        return True
    return bool((_QUESTION_ZH if language.startswith("zh") else _QUESTION_EN).search(piece))


def _pieces(part: str, language: str) -> list[str]:
    if not language.startswith("zh"):
        return [piece.strip() for piece in _AND_EN.split(part) if piece.strip()]
    pieces = [piece.strip() for piece in _COMMA_ZH.split(part) if piece.strip()]
    asking = [at for at, piece in enumerate(pieces) if _QUESTION_ZH.search(piece)]
    if len(asking) > 1:
        return pieces
    # "这款米色的，还有货吗" is one question; what follows the question mark only tells why it is asked.
    end = asking[0] + 1 if asking else len(pieces)
    return [part if end == len(pieces) else "，".join(pieces[:end])]
