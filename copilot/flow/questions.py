"""The questions of a turn, one by one, so that each can be looked for in the shop's answers.

Owns the cutting; refuses to say what a question is about.
"""

import re
from typing import Final

from copilot.playbook.points import announces, in_lines, points_in

MOST: Final = 4
"""More questions than that are a letter; a person reads it."""
_MOST_LISTED: Final = 6
"""Whoever numbers their questions wants each of them answered."""

_END: Final = re.compile(r"(?<=[。！？!?；;\n])|(?<=[a-z][.])\s+(?=[A-Za-z])")
# In Chinese a comma or a blank parts questions as often as a question mark does.
_QUESTION_ZH: Final = re.compile(
    r"[吗呢嘛么]|什么|啥|多少|多久|怎么|咋|几[天个件号]|哪|谁|能不能|可不可以|有没有|是不是|[能会要行有]不"
    r"|[不没否](?:\s*[?？~～。.!！]*)?$"
)
"""A question by its words; 能写贺卡不 and 发货没 ask by their last one."""
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
    # The points of a list are questions of their own: "1发什么快递 2现在拍什么时候发".
    parts = [part.strip() for part in _END.split(in_lines(text)) if part.strip()]
    pieces = [piece for part in parts for piece in _pieces(part, language)]
    worded = tuple(dict.fromkeys(piece for piece in pieces if _WORDY.search(piece)))
    worded = tuple(piece for piece in worded if not announces(piece)) or worded
    if len(parts) > 1 and len(worded) < 2:
        return (text.strip(),) if worded else ()
    return worded[: _MOST_LISTED if points_in(text) else MOST]


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
