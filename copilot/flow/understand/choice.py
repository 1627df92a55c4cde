"""Which of the offered options a buyer's words pick.

Owns letters, ordinals, remedies by name, "either", "both", "neither" and their negations; refuses to pick when the
words ask instead of deciding.
"""

import re

from copilot.domain.base import Shape
from copilot.domain.case import Option
from copilot.flow.understand.remedies import fit, mentions
from copilot.flow.understand.text import count_han, fold, fold_same_length
from copilot.flow.understand.words import says

_NONE = re.compile(
    r"都不(?:要|行|想|满意|接受|可以|选|合适|好|喜欢)|(?:哪个|哪种|一个|两个|两种|两样|三个)都不|全都不要|不接受|不同意|"
    r"\bneither\b|\bnone of (?:them|those|these|the above|your)|\bno to (?:both|all)|\b(?:do not|don'?t|dont) (?:want|like) (?:either|any)|"
    r"\bnot (?:happy|ok|okay|good) with (?:either|any|both)|\bnot accept"
)
_ANY = re.compile(
    r"都行|都可以|都好|都成|都没问题|随便|随你|你定|您定|你们定|看着办|你(?:们)?决定|您决定|无所谓|"
    r"\beither\b|\bwhichever\b|\bwhatever\b|\bup to you\b|\byou (?:choose|decide|pick)\b|\b(?:do not|don'?t|dont) (?:mind|care)\b|"
    r"\b(?:doesn'?t|does not) matter\b|\bboth (?:work|are|is|sound|fine|ok)|\bany (?:of them|is fine|works|one)\b|\bno preference\b"
)
_ALL = re.compile(r"都要|全都要|全要|\bboth\b|\ball of them\b")
_ASKING = re.compile(
    r"区别|差别|哪个(?:更|比较|好|划算)|什么意思|多久|什么时候|啥时候|几天|怎么(?!样都)|多少|为什么|"
    r"\bdifference\b|\bhow (?:long|much|do|does|would|will)\b|\bwhen\b|\bwhy\b|\bwhich (?:is|one is|would)\b|\bwhat (?:is|does|would|if)\b|\brecommend"
)
_REFUSING = re.compile(
    r"(?:不要|不想(?:要)?|不选|不用|不需要|别(?:给我)?|不是|除了|不接受|不(?=[a-d1-4换退补]))\s*$|"
    r"(?:\bnot|\bno|\b(?:do not|don'?t|dont) (?:want|need|like)(?: the| a| an| any)?|\bwithout|\binstead of|\brather than|\bexcept|"
    r"\bover|\bnot (?:the|a|option))(?: the| a| an| option)?\s*$"
)
_DECIDING = re.compile(
    r"选|要|就|吧|给我|想|帮我|直接|还是|更|来个|用|同意|接受|\bprefer|\bchoose|\bchose|\bpick|\btake\b|\bgo(?:ing)? with|\bgo for|\bwant|\bwould like|"
    r"\bi'?d like|\bi'?ll (?:have|take)|\blet'?s|\bplease\b|\bpl[sz]\b|\bplz\b|\bjust\b|\bopt\b|\bthen\b|\bgive me|\brather\b|\bsounds"
)
_YES = re.compile(
    r"^\W*(?:好|好的|好吧|好滴|好呀|好啊|行|行吧|可以|可以的|没问题|同意|接受|要|要的|嗯|嗯嗯|是的|ok|okay|yes|yep|yeah|yup|sure|"
    r"fine|deal|works(?: for me)?|that works|sounds good|perfect|please|yes please|go ahead|great|do it|agreed|i accept|alright)"
    r"(?:\W+(?:谢谢|thanks|thank you|thx|please|pls|就这样|do that|go ahead))*\W*$"
)
_NO = re.compile(r"^\W*(?:不|不行|不要|不可以|不用了?|no|nope|nah|no thanks|no way|not ok)\W*$")
_ORDINALS: tuple[re.Pattern[str], ...] = (
    re.compile(r"第\s?[一1]|方案\s?[一1]|选项\s?[一1]|前者|前面那个|上面那个|头一个|\bfirst\b|\b1st\b|\bformer\b|\boption (?:1|one)\b|选\s?[一1](?!\d)|^\W*1\W*$"),
    re.compile(r"第\s?[二2两]|方案\s?[二2]|选项\s?[二2]|后者|后面那个|下面那个|\bsecond\b|\b2nd\b|\blatter\b|\boption (?:2|two)\b|选\s?[二2](?!\d)|^\W*2\W*$"),
    re.compile(r"第\s?[三3]|方案\s?[三3]|选项\s?[三3]|\bthird\b|\b3rd\b|\boption (?:3|three)\b|选\s?[三3](?!\d)|^\W*3\W*$"),
    re.compile(r"第\s?[四4]|方案\s?[四4]|选项\s?[四4]|\bfourth\b|\b4th\b|\boption (?:4|four)\b|选\s?[四4](?!\d)|^\W*4\W*$"),
)
_LAST = re.compile(r"最后(?:一)?(?:个|种)|\blast (?:one|option)\b")
_LETTER = re.compile(r"(?<![a-z0-9'])([a-d])(?![a-z0-9'])")
_LETTER_TAIL = re.compile(
    r"^\W*(?:$|\n|[^a-z\s]|\s+(?:pls|plz|please|thanks|thx|then|is|works|sounds|for|it|would|looks|and|or|not|option)\b)"
)
_SHORT_HAN, _SHORT_WORDS = 12, 7


class Choice(Shape):
    """What was picked: ids of options, several for "either"; ``refused_all`` when none will do."""

    ids: tuple[str, ...] = ()
    refused_all: bool = False


def read_choice(text: str, offered: tuple[Option, ...]) -> Choice | None:
    """The choice among ``offered`` that ``text`` makes, or None when it makes none.

    When two are offered and one is refused, the other is meant: the draft that confirms it is read by a person.
    """
    folded = fold_same_length(text).strip()
    if not offered or not folded:
        return None
    if _NONE.search(folded):
        return Choice(refused_all=True)
    every = tuple(option.id for option in offered)
    if len(offered) == 1 and _YES.search(folded):
        return Choice(ids=every)
    if len(offered) == 1 and _NO.search(folded):
        return Choice(refused_all=True)
    named = _by_mark(folded, offered)
    if named is None and _ASKING.search(folded):
        return None
    named = named or _by_breadth(folded, every) or _by_remedy(folded, offered)
    return named if named is None or named.ids or named.refused_all else None


def _by_breadth(folded: str, every: tuple[str, ...]) -> Choice | None:
    if len(every) < 2 or not (_ANY.search(folded) or _ALL.search(folded)) or not _is_short(folded, factor=2):
        return None
    return Choice(ids=every)


def _by_mark(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    picked: list[str] = []
    refused: list[str] = []
    for position, start in _marks(folded, offered):
        into = refused if _REFUSING.search(folded[:start]) else picked
        into.append(offered[position].id)
    if _ASKING.search(folded) and not _DECIDING.search(folded):
        return None
    return _settle(picked, refused, offered)


def _marks(folded: str, offered: tuple[Option, ...]) -> list[tuple[int, int]]:
    places = {option.id.lower(): position for position, option in enumerate(offered)}
    found = [
        (places[match.group(1)], match.start())
        for match in _LETTER.finditer(folded)
        if match.group(1) in places and not _is_article(folded, match)
    ]
    for position, pattern in enumerate(_ORDINALS[: len(offered)]):
        found.extend((position, match.start()) for match in pattern.finditer(folded))
    last = _LAST.search(folded)
    return [*found, (len(offered) - 1, last.start())] if last else found


def _is_article(folded: str, match: re.Match[str]) -> bool:
    return match.group(1) == "a" and _LETTER_TAIL.match(folded[match.end() :]) is None


def _by_remedy(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    if not (_is_short(folded) or (_is_short(folded, factor=3) and _DECIDING.search(folded))) or says("question", folded):
        return None
    named = mentions(folded)
    refused = frozenset(name for name, start, _ in named if _REFUSING.search(folded[:start]))
    wanted = frozenset(name for name, _, _ in named) - refused
    scores = [fit(option, wanted) for option in offered]
    best = max(scores)
    picked = [option.id for option, score in zip(offered, scores, strict=True) if best and score == best]
    unwanted = [option.id for option in offered if fit(option, refused) == 2 and option.id not in picked]
    return None if len(picked) > 1 else _settle(picked, unwanted, offered)


def _settle(picked: list[str], refused: list[str], offered: tuple[Option, ...]) -> Choice | None:
    kept = tuple(dict.fromkeys(one for one in picked if one not in refused))
    if kept:
        return Choice(ids=kept)
    left = [option.id for option in offered if option.id not in refused]
    if not refused:
        return None
    if not left:
        return Choice(refused_all=True)
    return Choice(ids=(left[0],)) if len(left) == 1 and len(offered) == 2 else None


def _is_short(folded: str, factor: int = 1) -> bool:
    words = len(re.findall(r"[a-z0-9']+", fold(folded)))
    return count_han(folded) <= _SHORT_HAN * factor and words <= _SHORT_WORDS * factor
