"""Which of the offered options a buyer's words pick.

Owns letters, ordinals, remedies by name, "either", "both", "neither" and their negations; refuses to pick when the
words ask instead of deciding.
"""

import re
from itertools import pairwise

from copilot.domain.base import Shape
from copilot.domain.case import Option
from copilot.flow.understand.issues import opens_another
from copilot.flow.understand.remedies import fit, mentions, shared
from copilot.flow.understand.text import Span, clauses, count_han, fold, fold_same_length
from copilot.flow.understand.words import patterns, says

_ORDINALS = ("choice_first", "choice_second", "choice_third", "choice_fourth")
# "B站" is a site and "A货" a fake.
_LETTER = re.compile(r"(?<![a-z0-9'])([a-d])(?![a-z0-9'货站级类])")
_LETTER_TAIL = re.compile(
    r"^\W*(?:$|\n|[^a-z\s]|\s+(?:pls|plz|please|thanks|thx|then|if|is|works|sounds|for|it|would|looks|ships|arrives|comes|takes|costs|(?:ship|arrive|come|take|cost)(?=\s+(?:by|on|from|to|here|in|today|tomorrow|tonight|this|next|now|first|sooner|faster|longer|less|more|right|how)\b|\W*(?:$|[,.?!\n]))|and|or|but|because|cuz|though|not|option|instead)\b)"
)
_ASKING_START = re.compile(
    r"\s*(?:(?:and|so|but|ok|okay|well)\W+)*(?:is|are|does|do|did|was|has|what|whats|how|hows|when|whens|where|wheres|who|whos|why|will)\b"
)
_ASKING_WHETHER = re.compile(r"\W*(?:(?:and|so|but|ok|okay|well)\W+)*(?:is|are|does|do|did|was|has|will)\b")
_ASKING_OF = re.compile(r"\s*(?:(?:and|so|but|ok|okay|well)\W+)*(?:where|when|why|how(?! about))\b")
_ASKING_WORD = re.compile(r"(?:什么|啥)(?!都)|哪(?!个都|种都)|问(?:一下|下|问)")
_ASKING_END = re.compile(r"[吗么]\W*\Z")
_SHORT_HAN, _SHORT_WORDS = 12, 7
_CUT = re.compile(
    r"\s+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s+|[,;!?]+\s*|\.(?=\s|$)"
    r"|\b(?:but|and|so|also)\b(?= (?:do|does|will|when|how|what|can|is|who|where|why)\b)"
)
_GOODS_SWAPPED = re.compile(
    r"(?<!再)换(?!句|言|个?(?:人|客服|专员|号|地址|地方|时间|快递|电话|手机号|颜色|尺码|码|款|大|小))|\b(?:exchange|swap)\b"
)
# "ca60" is a part of some number, "rmb60" is a sum.
_NUMBER = re.compile(r"(?:(?<![a-z\d.])|(?<=rmb)|(?<=us\$))\d+(?:\.\d{1,2})?(?![\d.])")
_SUM = re.compile(r"[$¥￥€£]\s?(\d+(?:\.\d{1,2})?)|(\d+(?:\.\d{1,2})?)\s?(?:元|块)")
_BARE_BACK = re.compile(
    r"(?<![\d.])(\d+(?:\.\d{1,2})?)(?= ?%| percent\b| back\b)|(?<=退您)(\d+)(?=\b|吧|可)", re.IGNORECASE
)
"""What is given back without a sign of money: a percentage, "the 9 back"."""
_BARE_TAKEN = re.compile(
    r"(?:还是|那|就|行吧?|好吧?|选|给我|直接|帮我)*"
    r"(?:换(?:新的?|货|一?[个件双条台只把套])?|退(?:款|钱|货|\d+(?:\.\d{1,2})?(?:块|元)?)?|补[发寄]|重[发寄])(?:吧|呗|得了|好了)?[.!。!~]*"
)
_BUT_THIS = re.compile(r"\b(?:both|either)\W+(?:just|only)\b|都要\W*(?:只|就)(?=要)")
_LEAST_SUM, _WITH_A_MIDDLE = 4, 3
"""Smaller numbers are places in a list; only three options have one in the middle."""
_GOODS_WANTED = re.compile(
    r"\A\W*(?:我|就|还是|只|那)*要(?:这个?|那个?)?(?!\w{0,3}(?:[干嘛啥钱款退券换补赔修发寄等投求给去来怎多么吗不的好快点说问看想也和都全两一二三差赠]|什么))"
    r"[\u3400-\u9fff]{1,4}(?=\s|[,。!~]|\Z)"
    r"|\A\W*(?:i )?(?:just |still )*want (?:the|my) (?!money|refund|cash|credit|voucher|coupon|difference|full|rest"
    r"|whole|other|first|second|last|option|part|half|exchange|return|gift|discount|label|invoice|receipt)[a-z]+"
    r"(?= for|[,.!]|\Z)"
)
"""Who asks for the thing itself takes what sends it."""
_THE_ONE = re.compile(r"\b(?:the|a)(?: [a-z]+){0,2} (?:one|pair|set)\b|那[个件双套款]|[\u3400-\u9fff]色")
_WORD = re.compile(r"[a-z]{3,}")
_SAY_NOTHING = frozenset(
    "the one pair set please pls thanks thank you your and for new other just that this with".split()
)
_SUM_AGREED = re.compile(
    r"\d(?:\.\d{1,2})?\s*(?:dollars?|bucks?|quid|pounds?|back|off|块钱?|元|刀)?\s*"
    r"(?:(?:is|are|would be|will be|sounds|'s)\s+)?"
    r"(?:fine|ok(?:ay)?|good|great|works?|perfect|alright|all right|will do|就行|行(?!不)|可以|也行|吧|好了|好的)"
)
"""A sum with a yes behind it: "8 is fine, I'll just sew it"."""
_UNDOES = frozenset({"refund", "return", "cancel"})
_FEWEST_WORDS = 2
_NEAR, _MOST_MARKS = 40, 20
"""A no stands within so many characters of what it refuses; who names more letters than that chooses nothing."""


class Choice(Shape):
    """What was picked: ids of options, several for "either"; ``refused_all`` when none will do."""

    ids: tuple[str, ...] = ()
    refused_all: bool = False


def read_choice(text: str, offered: tuple[Option, ...]) -> Choice | None:
    """The choice among ``offered`` that ``text`` makes, or None when it makes none.

    When two are offered and one is refused, the other is meant: the draft that confirms it is read by a person.
    """
    folded = _decided(fold_same_length(text)).strip()
    if not offered or not folded:
        return None
    if says("choice_none", folded) or (len(offered) > 1 and _turns_all_down(folded)):
        return Choice(refused_all=True)
    every = tuple(option.id for option in offered)
    if len(offered) == 1 and (says("choice_yes", folded) or _yes_and_on(folded)):
        return Choice(ids=every)
    if len(offered) == 1 and says("choice_no", folded):
        return Choice(refused_all=True)
    parts = _parts(folded)
    named = _by_mark(folded, parts, offered)
    # "Sent it back, did the new one go out?" tells and asks how far it is: that takes nothing anew.
    open_ones = tuple(part for part in parts if not says("choice_under_way", part.text))
    stated = _stated(open_ones)
    if named is None and stated != folded and not _decides(stated):
        # Who asks and decides nothing beside it has not chosen.
        stated = ""
    bare = _taken_bare(open_ones, offered)
    if named is None and bare is None and (not stated or says("choice_asking", stated)):
        return None
    if says("choice_possessed", folded) or (named is None and says("refund_came", folded)):
        # "The replacement's tracking number" is about what was agreed on; money that came is not asked for again.
        return None
    if says("choice_complaining", folded) and not says("choice_deciding", folded):
        # "A is too slow" finds fault with an option and takes none.
        return None
    named = named or _by_breadth(stated, every) or _by_amount(stated, offered) or _by_remedy(stated, offered)
    named = named or _by_words(stated, offered) or _by_what_is_left(stated, offered) or bare
    return named if named is None or named.ids or named.refused_all else None


def options_marked(folded: str, offered: tuple[Option, ...]) -> tuple[str, ...]:
    """The ids of the options that ``folded`` names by letter or place, whatever it says of them."""
    marks = _marks(folded, offered)
    return tuple(dict.fromkeys(offered[position].id for position, _, _ in sorted(marks, key=lambda one: one[1])))


def _turns_all_down(folded: str) -> bool:
    """Whether some clause of few words says no to all of them at once: "no thanks to both", "both are unacceptable"."""
    for part in _parts(folded):
        said = patterns()["choice_no_in_name"].sub(" ", part.text)
        names_all = says("choice_breadth", said) and not says("choice_not_both", said)
        names_all = names_all and says("choice_turned_down", said)
        if names_all and _is_short(said) and not _is_question(said) and not says("choice_deciding", said):
            return True
    return False


def _decided(folded: str) -> str:
    """The lines behind the last one that sets a condition or asks for time: who does has not chosen yet."""
    lines = folded.splitlines()
    open_ones = [at for at, line in enumerate(lines) if says("choice_condition", line) or says("choice_not_now", line)]
    return "\n".join(lines[open_ones[-1] + 1 :] if open_ones else lines)


def _parts(folded: str) -> tuple[Span, ...]:
    """The clauses of ``folded``; a blank ends one in Chinese, a "but" before a question in English."""
    ends = (match.end() for match in _CUT.finditer(folded))
    cuts = sorted({0, len(folded), *ends, *(one.start for one in clauses(folded))})
    spans = (Span(start, end, folded[start:end]) for start, end in pairwise(cuts))
    return tuple(span for span in spans if any(sign.isalnum() for sign in span.text))


def _stated(parts: tuple[Span, ...]) -> str:
    """What is said beside questions and further matters; all of it where there are none, or nothing else."""
    asking = [_is_question(part.text) for part in parts]
    # What comes behind "another thing" is about that, not about the offer.
    other = next((at for at, part in enumerate(parts) if opens_another(part.text)), 0)
    for at in range(other, len(parts)) if other else ():
        asking[at] = True
    for at in range(1, len(parts)):
        # "补发吗 还是退款" goes on asking.
        asking[at] = asking[at] or (asking[at - 1] and parts[at].text.lstrip().startswith(("还是", "or ")))
    if not any(asking) or all(asking):
        return "".join(part.text for part in parts)
    return " ".join(part.text.strip() for part, asks in zip(parts, asking, strict=True) if not asks)


def _is_question(part: str) -> bool:
    left = patterns()["choice_which"].sub("", part)
    return "?" in left or bool(_ASKING_START.match(left) or _ASKING_END.search(left)) or says("choice_asking", left)


def _decides(stated: str) -> bool:
    """Whether words beside a question make a choice: they say so, or are hardly more than its name."""
    if says("choice_complaining", stated):
        return False
    return bool(stated) and (says("choice_deciding", stated) or _is_short(stated, factor=0.7))


def _by_words(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    """The option of which a word is said that no other one has ("the sage one pls")."""
    part = next((one.text for one in _parts(folded) if _THE_ONE.search(one.text)), "")
    if len(offered) < _FEWEST_WORDS or not part or not _is_short(part) or _is_question(part):
        return None
    said = set(_WORD.findall(part)) - _SAY_NOTHING
    found = [option.id for option in offered if said & set(_WORD.findall(fold(option.text or option.title)))]
    return Choice(ids=tuple(found)) if len(found) == 1 else None


def _taken_bare(parts: tuple[Span, ...], offered: tuple[Option, ...]) -> Choice | None:
    """The option that the last clause names which is nothing but a remedy: 漏水我留着干啥 换."""
    bare = [one.text.strip() for one in parts if _BARE_TAKEN.fullmatch(one.text.strip())]
    return (_by_amount(bare[-1], offered) or _by_remedy(bare[-1], offered)) if bare else None


def _by_what_is_left(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    """The one way to undo the order, for who no longer wants it and may else wait or get it again."""
    if not says("no_longer_wants", folded) or _is_question(folded):
        return None
    found = [option.id for option in offered if fit(option, _UNDOES)]
    return Choice(ids=tuple(found)) if len(found) == 1 < len(offered) else None


def _by_amount(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    """The option whose sum is named ("29.95那个", "the 17 bucks")."""
    said = {float(match.group()) for match in _NUMBER.finditer(folded)}
    is_short = _is_short(folded) or (_is_short(folded, factor=2) and _SUM_AGREED.search(folded) is not None)
    if not said or not is_short or _is_question(folded) or says("choice_elsewhere", folded):
        return None
    picked = [option.id for option in offered if any(_names(number, option) for number in said)]
    return Choice(ids=tuple(picked)) if len(picked) == 1 else None


def sums_of(option: Option) -> list[float]:
    """The sums that ``option`` names or costs; a part of the money by its percentage."""
    text = option.text or option.title
    sums = [float(found.group(1) or found.group(2)) for found in _SUM.finditer(text)]
    sums += [float(found.group(1) or found.group(2)) for found in _BARE_BACK.finditer(text)]
    if option.cost is not None:
        sums.append(float(option.cost.amount))
    return sums


def _names(number: float, option: Option) -> bool:
    sums = sums_of(option)
    return number > _LEAST_SUM and any(number in (one, float(int(one))) for one in sums)


def _yes_and_on(folded: str) -> bool:
    """A yes with the next step behind it: "行,我寄回去", "ok how do I send it"."""
    return says("choice_yes_and", folded) and _is_short(folded, factor=2)


def _by_breadth(folded: str, every: tuple[str, ...]) -> Choice | None:
    if (
        len(every) < 2
        or not (says("choice_any", folded) or says("choice_all", folded))
        or says("choice_not_both", folded)
        or not _is_short(folded, factor=2)
        # "Do I need a printer for either?" takes neither.
        or (_ASKING_WHETHER.match(folded) and not says("choice_deciding", folded))
    ):
        return None
    return Choice(ids=every)


def _by_mark(folded: str, parts: tuple[Span, ...], offered: tuple[Option, ...]) -> Choice | None:
    picked: list[str] = []
    refused: list[str] = []
    marks = sorted(_marks(folded, offered), key=lambda one: one[1])
    if len(marks) > _MOST_MARKS:
        return None
    for position, start, end in marks:
        if _asks_about(parts, start):
            continue
        into = refused if _is_refused(folded, start, end) else picked
        into.append(offered[position].id)
    if len(set(picked)) > 1 and (turn := patterns()["change"].search(folded)) and turn.start() < marks[-1][1]:
        # Who changes their mind in one breath means what comes last.
        picked = picked[-1:]
    return _settle(picked, refused, offered)


def _asks_about(parts: tuple[Span, ...], at: int) -> bool:
    """Whether the clause around ``at`` asks about the option that is named there instead of taking it."""
    clause = next((one for one in parts if one.start <= at < one.end), None)
    if clause is None:
        return False
    if _ASKING_OF.match(clause.text):
        # "Where does the money go with B" takes nothing, whatever else its words could mean.
        return True
    before = clause.text[: at - clause.start]
    asking = patterns()["choice_asking"].search(clause.text)
    if asking is not None:
        return asking.start() < len(before) or not says("choice_deciding", before)
    if _ASKING_WORD.search(clause.text) and not says("choice_deciding", before):
        return True
    if _ASKING_END.search(clause.text):
        return not says("choice_deciding", before) and not clause.text.rstrip("? ").endswith("吧")
    is_asked = clause.text.endswith("?") or _ASKING_START.match(clause.text) is not None
    return is_asked and not says("choice_deciding", clause.text)


def _is_refused(folded: str, start: int, end: int) -> bool:
    """Whether a no stands before what is named ("不要A") or behind it ("券不要"); "not both, just A" takes A."""
    before = _BUT_THIS.split(folded[max(0, start - _NEAR) : start])[-1]
    return says("choice_refusing", before) or says("choice_refused_behind", folded[end : end + _NEAR])


def _marks(folded: str, offered: tuple[Option, ...]) -> list[tuple[int, int, int]]:
    places = {option.id.lower(): position for position, option in enumerate(offered)}
    found = [
        (places[match.group(1)], *match.span(1))
        for match in _LETTER.finditer(folded)
        if match.group(1) in places and not _is_article(folded, match)
    ]
    for position, name in enumerate(_ORDINALS[: len(offered)]):
        found.extend((position, *match.span()) for match in patterns()[name].finditer(folded))
    middle = patterns()["choice_middle"].search(folded) if len(offered) == _WITH_A_MIDDLE else None
    found = [*found, (1, *middle.span())] if middle else found
    last = patterns()["choice_last"].search(folded)
    return [*found, (len(offered) - 1, *last.span())] if last else found


def _is_article(folded: str, match: re.Match[str]) -> bool:
    return match.group(1) == "a" and _LETTER_TAIL.match(folded[match.end() :]) is None


def torn_between(text: str, offered: tuple[Option, ...]) -> tuple[str, ...]:
    """The options that a decision fits equally well, where it names none of them alone; empty when there are not two.

    Who says "the money then" to two ways of getting it has decided, and only has to say which.
    """
    if len(offered) < 2 or read_choice(text, offered) is not None:
        return ()
    folded = _decided(fold_same_length(text)).strip()
    if not folded or says("choice_complaining", folded):
        return ()
    picked, _ = _wanted(folded, offered)
    return tuple(picked) if len(picked) > 1 else ()


def _by_remedy(folded: str, offered: tuple[Option, ...]) -> Choice | None:
    picked, unwanted = _wanted(folded, offered)
    return None if len(picked) > 1 else _settle(picked, unwanted, offered)


def _wanted(folded: str, offered: tuple[Option, ...]) -> tuple[list[str], list[str]]:
    """The options that fit best what short words ask for by name, and those that they refuse."""
    if not (_is_short(folded) or (_is_short(folded, factor=3) and says("choice_deciding", folded))):
        return [], []
    # "Can you just send a new one" is said by those who take it.
    told = patterns()["choice_which"].sub("", patterns()["choice_request"].sub("", folded, count=1))
    asks = says("question", told)
    if asks or says("choice_elsewhere", folded):
        return [], []
    named = mentions(folded)
    refused = frozenset(name for name, start, end in named if _is_refused(folded, start, end))
    wanted = frozenset(name for name, _, _ in named) - refused
    if "exchange" in wanted and _GOODS_SWAPPED.search(folded) and not any(fit(option, wanted) for option in offered):
        # Goods for goods: where nothing is exchanged, who wants it exchanged takes the one that is sent instead.
        wanted |= {"reship"}
    if "refund" in wanted and not any(fit(option, wanted) for option in offered):
        # Where the money comes by cancelling the order, who wants the money takes that.
        wanted |= {"cancel"}
    if not wanted and not refused and _GOODS_WANTED.search(folded):
        wanted = frozenset({"reship", "exchange"})
    scores = [(fit(option, wanted), _as_whole(option, folded), shared(option, wanted)) for option in offered]
    best = max(scores)
    picked = [option.id for option, score in zip(offered, scores, strict=True) if best[0] and score == best]
    if says("choice_whole", folded) and "refund" in wanted:
        # Half of the money is not what somebody takes who wants all of it.
        part = {option.id for option in offered if is_part_only(option)}
        picked = [id for id in picked if id not in part]
    unwanted = [option.id for option in offered if fit(option, refused) == 2 and option.id not in picked]
    return picked, unwanted


def is_part_only(option: Option) -> bool:
    """Whether ``option`` gives a part of the money, and the buyer keeps the goods."""
    whole, part = _extent(option)
    return part and not whole


def _extent(option: Option) -> tuple[bool, bool]:
    """Whether the option says that it gives all of the money, and whether it says a part."""
    text = f"{option.title} {option.text} {option.key.replace('_', ' ')}".lower()
    return says("choice_whole", text), says("choice_part", text) or "keep" in text or "留" in text


def _as_whole(option: Option, folded: str) -> int:
    """Whether the option gives all or a part of the money, as the buyer says."""
    whole, part = _extent(option)
    return int((says("choice_whole", folded) and whole) or (says("choice_part", folded) and part and not whole))


def _settle(picked: list[str], refused: list[str], offered: tuple[Option, ...]) -> Choice | None:
    kept = tuple(dict.fromkeys(one for one in picked if one not in refused))
    if kept:
        return Choice(ids=kept)
    left = [option.id for option in offered if option.id not in refused]
    if not refused:
        return None
    if not left:
        return Choice(refused_all=True)
    return Choice(ids=(left[0],)) if len(left) == 1 else None


def _is_short(folded: str, factor: float = 1) -> bool:
    words = len(re.findall(r"[a-z0-9']+", fold(folded)))
    return count_han(folded) <= _SHORT_HAN * factor and words <= _SHORT_WORDS * factor
