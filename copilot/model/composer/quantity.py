"""Whether a buyer who wants another quantity wants more of the goods or fewer.

Reads the number that the buyer asks for against the one that was ordered, and only words where there is no number.
It decides nothing but which sentence fits.
"""

import re
from typing import Final

_SMALL: Final = {
    **{han: number for number, han in enumerate("一二三四五六七八九十", 1)},
    **{"两": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
}
_NUMBER: Final = r"(?P<number>\d{1,3}|[一二两三四五六七八九十]|one|two|three|four|five|six|seven|eight|nine)"
_WANTED: Final = re.compile(
    r"(?:(?:改|换|调|加|减|变)(?:成|到|为)(?:拍)?|[只就](?:要|留|拍|买)|(?:想|我|总共|一共|共)要)\s*"
    + _NUMBER
    + r"\s*(?=[个件份套双盒包瓶箱袋只条支张本台把对]|\W|$)"
    r"|\b(?:to|make (?:it|that|them)|only|just|want|need|be)\s+(?:have\s+|want\s+|need\s+)?"
    + _NUMBER.replace("number", "said")
    + r"\b(?!\s*(?:days?|weeks?|hours?|more|fewer|less|extra|am|pm|o'?clock))"
)
_FEWER: Final = re.compile(
    r"拍多|多拍|买多|减[少到成一二两三]|减掉|少要|少买|少拍|只要|只留|改少|去掉"
    r"|\b(?:only|just (?:the )?one|fewer|less|reduce|lower|drop|remove|too many|by accident|accidentally|by mistake)\b"
)
_MORE: Final = re.compile(
    r"再(?:加|来|要|拍|买)|加(?:到|成|一|两|几|多|\d)|多(?:要|加|买|来)|\b(?:more|extra|another|add|bump|increase|raise)\b"
)


def wants_fewer(text: str, ordered: int | None) -> bool | None:
    """Whether ``text`` asks for fewer than ``ordered`` pieces; None where it does not say."""
    folded = text.casefold()
    number = _number(folded)
    if number is not None and ordered is not None and number != ordered:
        return number < ordered
    if _FEWER.search(folded) is not None:
        return True
    return False if _MORE.search(folded) is not None else None


def _number(folded: str) -> int | None:
    found = [match.group("number") or match.group("said") for match in _WANTED.finditer(folded)]
    if not found:
        return None
    return _SMALL.get(found[-1]) or int(found[-1])
