"""An exchange that a colleague offers under a condition, and whether what the buyer answers fulfils it.

"We can send the L once you ship the M back, tags still on?" offers the exchange as much as "shall we swap it?" does;
who answers "yep, tags on" takes it. Owns the two conditions that a buyer fulfils alone: the goods come back, and they
are as new (``data/on_condition.yaml``). Refuses conditions that somebody here has to look into first.
"""

import re
from functools import cache
from itertools import pairwise

from copilot.domain.case import Option
from copilot.files import own_data
from copilot.flow.understand.text import fold, has_han

EXCHANGE = "exchange"
_SENTENCE = re.compile(r"(?:[^.。!?！？\n]|\.(?!\s|$))+[.。!?！？]*")
_REFUSED = re.compile(
    r"(?:[换补发]不了|不(?:能|可以|支持|予)|没(?:法|办法)|无法|办不了|没(?:有)?货)"
    r"|\b(?:can'?t|cannot|unable to|won'?t be able|not able to|no longer|don'?t|sold out|out of stock)\b"
)
# "No need to send the broken one back" is the opposite of a condition.
_STAYS = re.compile(
    r"(?:不用|不需要?|无需|不必|甭|不要)[^,，。!?\n]{0,10}(?:[寄退发](?:回|还)?|过来)"
    r"|\b(?:no need|(?:don'?t|do not|won'?t|will not|needn'?t|doesn'?t) (?:need|have)?|not have|nothing|without)\b"
    r"[^,.!?\n]{0,40}\bback\b"
)
_PART = re.compile(r"[,，]|(?<=[\u3400-\u9fff])\s+")
_ASKS = re.compile(
    r"[?？]|[吗么嘛吧]\W*\Z|(?<!没)[没不]\W*\Z|(?:下水|[穿洗用剪拆摘])(?:过|了)?没有?\W*\Z"
    r"|\b(?:is|are|have|has|did|do|does) (?:it|they|you|u|the)\b"
)
_NEGATED = re.compile(
    r"(?:没(?:有)?|未)(?=[穿洗用剪拆摘动下])|\b(?:un(?=worn|used|opened|washed)|not|never|haven'?t|hasn'?t|isn'?t)"
)
# The size or the colour that goes out: "swap it for an L", "换成42码", "send u the black one".
_NEW_ZH = re.compile(
    r"(?:换|发|寄|补)(?:成|您|你|个|一[件条双个])*\s*"
    r"(?P<what>[a-z0-9./]{1,6}(?=\s?[码号])|x{0,3}[sml](?![a-z])|[\u4e00-\u9fff]色)(?!\s?[码号]?(?:回|过来))"
)
_NEW_EN = re.compile(
    r"\b(?:for|send|ship|mail|get|into|to)(?: you| u| ya| it| them| out)*(?: an?| the| ur| your| size)*"
    r" (?P<what>x{0,3}[sml]|small|medium|large|\d{1,2}(?:\.5)?)\b(?! back\b)"
)


def on_condition(text: str) -> tuple[Option, ...]:
    """The exchange that a colleague's ``text`` offers once the goods are back, or if they are as new; else nothing."""
    folded = _STAYS.sub(" ", fold(text))
    if _says("first_seen", folded):
        return ()
    sentences = [match.group() for match in _SENTENCE.finditer(folded)]
    # The condition may stand in a sentence of its own: "sure, we'll swap it. just mail the M back first".
    stretches = [*sentences, *(f"{one} {other}" for one, other in pairwise(sentences))]
    for said in stretches:
        if _gives(said) and (_says("comes_back", said) or (_says("as_new", said) and _says("condition", said))):
            return (_option(said),)
    return ()


def answers_condition(answer: str, asked: str) -> bool | None:
    """Whether ``answer`` fulfils the condition that ``asked`` names or asks about; None where it says nothing of it."""
    said, last = fold(answer), _question(fold(asked))
    if not _says("as_new", fold(asked)) and not _asks_if_used(last):
        # Only that the goods come back was said: whether they were worn nobody asked.
        return None
    told, rest = _says("is_new", said), _patterns()["is_new"].sub(" ", said)
    if _says("is_used", rest):
        return False
    if told:
        return True
    yes, no = _says("says_yes", said), _says("says_no", said)
    if yes is no:
        return None
    if _says("is_used", last) and _NEGATED.search(last):
        # "Hasn't been washed, right?" — "nope" and "right" say the same.
        return True
    return no if _asks_if_used(last) else yes


def _gives(said: str) -> bool:
    """Whether other goods are given in ``said``, and not refused in the same breath."""
    return any(_says("gives", part) and not _REFUSED.search(part) for part in re.split(r"[,，;；]", said))


def _question(asked: str) -> str:
    """The last part of ``asked`` that asks something; nobody writes a question mark behind 吊牌还在吗."""
    parts = (part for match in _SENTENCE.finditer(asked) for part in _PART.split(match.group()))
    return next((part for part in reversed([*parts]) if _ASKS.search(part)), "")


def _asks_if_used(question: str) -> bool:
    """Whether a yes to ``question`` would say that the goods are as new no more ("have you worn it?", 洗过吗)."""
    return _says("is_used", question) and not _NEGATED.search(question)


def _option(said: str) -> Option:
    zh = has_han(said)
    new = (_NEW_ZH if zh else _NEW_EN).search(said)
    what = "" if new is None else new["what"].upper() if len(new["what"]) < 4 else new["what"]
    if zh:
        unit = "码" if new is not None and not new["what"].endswith("色") else ""
        title = f"换{what}{unit}" if what else "换货"
    else:
        title = f"an exchange for the {what}" if what else "an exchange"
    return Option(id="A", key=EXCHANGE, title=title, text=title, action="", lettered=False)


def _says(meaning: str, folded: str) -> bool:
    return _patterns()[meaning].search(folded) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw: dict[str, str] = own_data("copilot.flow.understand", "on_condition.yaml")
    return {meaning: re.compile(wordings) for meaning, wordings in raw.items()}
