"""What chat tools write into a text where a picture, a film or a sticker stood: "[图片]", "[photo]".

Owns these words and takes them out; it says how many there were of each and reads nothing else.
"""

import re
from dataclasses import dataclass

_PHOTO = r"图片|照片|截图|圖片|相片|image|images|picture|pic|photo|screenshot"
_VIDEO = r"视频|短视频|小视频|影片|視頻|video|clip"
_STICKER = r"表情|动画表情|贴纸|貼圖|sticker|emoji|gif"
_ANY = re.compile(
    rf"[\[【\uff3b<]\s*(?:(?P<photo>{_PHOTO})|(?P<video>{_VIDEO})|(?P<sticker>{_STICKER}))\s*[\]】\uff3d>]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a message without its placeholders, and how many of each kind there were."""

    text: str
    photos: int = 0
    videos: int = 0
    stickers: int = 0


def typed(text: str) -> Typed:
    """``text`` without placeholders; stripped of white space at its ends."""
    if _ANY.search(text) is None:
        return Typed(text.strip())
    kinds = [match.lastgroup for match in _ANY.finditer(text)]
    return Typed(
        " ".join(_ANY.sub(" ", text).split()) if _ANY.search(text.strip(), 1) else _ANY.sub("", text).strip(),
        *(kinds.count(kind) for kind in ("photo", "video", "sticker")),
    )


def blanked(text: str) -> str:
    """``text`` with every placeholder replaced by as many blanks, so that places in it stay what they were."""
    return _ANY.sub(lambda match: " " * len(match.group()), text)
