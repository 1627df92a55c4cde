"""The points of a numbered list in one message: "3 things 1) is it vegan 2) can i use it with retinol", 1 发货了没 2 ….

Owns where such a point begins; refuses to take for one a number that counts or measures something.
"""

import re

_NUMBERED = re.compile(
    r"(?:^|(?<=[\s,，。;；:：?？\u3400-\u9fff]))[(（]?(?P<marked>[1-9])[)）、.:：]\s*(?=[^\d\s])"
    r"|(?:^|(?<=\s))(?P<bare>[1-9])[ 　]+(?=[\u3400-\u9fff])(?![个件条双只盒箱包瓶套袋份人米号码天斤块元岁])",
    re.MULTILINE,
)
"""What may be the number of a point in a list: 1) …, 2、…, 3 …."""


def points_in(text: str) -> tuple[tuple[int, int], ...]:
    """The numbers of the points of a list in ``text``; none where 1 and 2 do not both begin one.

    A number without a mark begins one only where the first begins a line: "1 blue, 2 red" is counted.
    """
    found: list[tuple[int, int]] = []
    for match in _NUMBERED.finditer(text):
        begins_line = match.start() == 0 or text[match.start() - 1] == "\n"
        if (match["marked"] or match["bare"]) == str(len(found) + 1) and (match["marked"] or found or begins_line):
            found.append(match.span())
    return tuple(found) if len(found) > 1 else ()


def in_lines(text: str) -> str:
    """``text`` with each point of its list on a line of its own, and as long as before."""
    points = points_in(text)
    for start, end in points:
        text = f"{text[:start]}{' ' * (end - start - 1)}\n{text[end:]}"
    return text
