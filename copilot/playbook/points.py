"""The points of a numbered list in one message: "1) is it vegan 2) can i use it with retinol", 1 发货了没 2 ….

Owns where such a point begins and what only announces it; refuses to take
for one a number that counts or measures something.
"""

import re

_NUMBERED = re.compile(
    r"(?:^|(?<=[\s,，。;；:：?？\u3400-\u9fff]))[(（]?(?P<marked>[1-9])[)）、.:：]\s*(?=[^\d\s])"
    r"|(?:^|(?<=\s))(?P<bare>[1-9])[ 　]*(?=[\u3400-\u9fff])"
    r"(?![个件条双只盒箱包瓶套袋份人米号码天斤块元岁月年日点周次颗粒片张本支根台层楼期折寸升克小]|星期|公斤|厘米|毫米|毫升)",
    re.MULTILINE,
)
"""What may be the number of a point in a list: 1) …, 2、…, 3 …, and 1发什么快递 as people type it."""
_LISTED = 3
"""So many points that follow each other are a list wherever the first one stands."""

_ANNOUNCES = re.compile(
    r"\W*(?:.{0,8}(?:几个|\d个?|[一二两三四五]个|些|几件|几点)(?:小)?(?:问题|事情?|点)"
    r"|(?:.{0,24}\b)?(?:a (?:few|couple(?: of)?)|some|several|two|three|four|\d)"
    r" (?:quick |more )?(?:questions?|things?|qs?))\W*",
    re.IGNORECASE,
)


def announces(text: str) -> bool:
    """Whether ``text`` only says that questions follow: "想问几个问题", "3 things"."""
    return _ANNOUNCES.fullmatch(text) is not None


def points_in(text: str) -> tuple[tuple[int, int], ...]:
    """The numbers of the points of a list in ``text``; none where 1 and 2 do not both begin one.

    A number without a mark begins one only where the first begins a line, or three of them follow each other:
    "1 blue, 2 red" is counted.
    """
    found: list[tuple[int, int]] = []
    sure = False
    for match in _NUMBERED.finditer(text):
        if (match["marked"] or match["bare"]) == str(len(found) + 1):
            begins_line = match.start() == 0 or text[match.start() - 1] == "\n"
            sure = sure or bool(match["marked"]) or (not found and begins_line)
            found.append(match.span())
    return tuple(found) if len(found) > 1 and (sure or len(found) >= _LISTED) else ()


def in_lines(text: str) -> str:
    """``text`` with each point of its list on a line of its own, and as long as before."""
    points = points_in(text)
    for start, end in points:
        text = f"{text[:start]}{' ' * (end - start - 1)}\n{text[end:]}"
    return text
