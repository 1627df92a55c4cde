"""What chat tools write into a text where a picture, a film, a sticker or a voice stood: "[图片]", "[photo]".

Owns these words and takes them out; it says how many there were of each and reads nothing else.
"""

import re
from dataclasses import dataclass

_PHOTO = r"图片|照片|截图|圖片|相片|image|images|picture|pic|photo|screenshot"
_VIDEO = r"视频|短视频|小视频|影片|視頻|video|clip"
_STICKER = r"表情|动画表情|贴纸|貼圖|sticker|emoji|gif"
_OTHER = (
    r"语音(?:消息|通话)?|語音(?:訊息)?|音频|视频通话|文件|附件|位置|定位|名片|链接|未知消息|不支持的消息"
    r"|voice(?: ?(?:message|note|call))?|audio(?: ?message)?|file|document|attachment|location|contact(?: card)?|link"
    r"|unsupported(?: message)?"
)
_ANY = re.compile(
    rf"[\[【\uff3b<]\s*(?:(?P<photo>{_PHOTO})|(?P<video>{_VIDEO})|(?P<sticker>{_STICKER})|(?P<other>{_OTHER}))\s*"
    r"[\]】\uff3d>]",
    re.IGNORECASE,
)
_NAME_ONLY = re.compile(r"\s*(?:\[[^\[\]\n]*\]\s*)+")


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a message without its placeholders, and how many of each kind there were."""

    text: str
    photos: int = 0
    videos: int = 0
    stickers: int = 0
    others: int = 0


def named_only(text: str) -> bool:
    """Whether nothing but names in brackets stand in ``text``, as adapters write of what they cannot read."""
    return _NAME_ONLY.fullmatch(text) is not None


def typed(text: str) -> Typed:
    """``text`` without placeholders; stripped of white space at its ends."""
    if _ANY.search(text) is None:
        return Typed(text.strip())
    kinds = [match.lastgroup for match in _ANY.finditer(text)]
    return Typed(
        " ".join(_ANY.sub(" ", text).split()) if _ANY.search(text.strip(), 1) else _ANY.sub("", text).strip(),
        *(kinds.count(kind) for kind in ("photo", "video", "sticker", "other")),
    )


def blanked(text: str) -> str:
    """``text`` with every placeholder replaced by as many blanks, so that places in it stay what they were."""
    return _ANY.sub(lambda match: " " * len(match.group()), text)
