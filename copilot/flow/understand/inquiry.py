"""What a buyer wants to know about options that stand, before choosing one.

Owns the topics of such a question (``data/inquiries.yaml``) and which options it names; refuses to answer it.
"""

import re
from functools import cache

from copilot.domain.case import Option
from copilot.domain.issue import Inquiry, Issue
from copilot.files import own_data
from copilot.flow.understand.choice import options_marked
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.remedies import fit, remedies_in
from copilot.flow.understand.text import clauses, count_han, fold, fold_same_length
from copilot.flow.understand.words import says

COVERED = frozenset(
    {
        Issue.REFUND_STATUS,
        Issue.REFUND_REQUEST,
        Issue.RETURN_EXCHANGE,
        Issue.SHIPPING_TIME,
        Issue.LOGISTICS_QUERY,
        Issue.PRICE_PROMOTION,
        Issue.PAYMENT_ACCOUNT,
        Issue.UNCLEAR,
        Issue.COMPLAINT,
    }
)
"""What a question about an option sounds like: it is no matter of its own while the option stands."""

_TAGS = re.compile(r"(?:吗|么|呢|不|没)\W*\Z|[^\W\d_]\s*还是\s*[^\W\d_](?!.*吧\W*\Z)")
_ASIDE = re.compile(
    r"谁(?!都)|\b(?:do|will|would) i (?:have to|need to|get to|be)\b|\bwhat about\b"
    r"|(?:退|赔|补|给)[^,。!?\n]{0,6}(?:太少|太低|少了点|不够)"
    # Said and not asked, it still wants to know how it is to go.
    r"|(?:没|不|无)[^,。]{0,4}打印|打印不|\b(?:no|without a?|don'?t (?:have|own) (?:a|any)|haven'?t got a) printer\b"
    r"|\b(?:can'?t|cannot|unable to) print\b"
    r"|好久(?=[^,。!?\n]{0,3}(?:能|才|可以|会|到|发|退|给|寄))|(?:大概|还)要?好久"
    r"|几号(?![楼线门])|用不用|要不要|需不需要|能不能|问(?:一下|下|问)"
    # Whoever asks somebody at home asks us nothing.
    r"(?!我?(?:们)?(?:家里|家人|老公|老婆|媳妇|爱人|先生|太太|对象|男朋友|女朋友|爸|妈|孩子|朋友|闺蜜|室友|同事|领导))"
)
_LEAD_IN = re.compile(r"\A\W*(?:(?:and|so|but|ok|okay|then|also|well|那|那么|所以|就是)\W*)+")
_LEAST_HAN, _LEAST_WORDS = 4, 3
"""A question of fewer words ("真的吗?", "really?") asks nothing that could be checked."""
_MONEY = frozenset({"refund", "return"})
_SUM = re.compile(r"[$¥￥€£]\s?\d|\d\s?(?:元|块)")
OTHER = "other"


def read_inquiry(text: str, offered: tuple[Option, ...]) -> Inquiry | None:
    """What ``text`` asks about ``offered``; None when it asks nothing that could be about them."""
    asked = [span.text for span in clauses(text) if _asks(span.text)]
    asking = "\n".join(asked)
    folded = fold(asking)
    if not offered or not folded.strip():
        return None
    topics, named = _topics(folded), _named(asking, offered)
    if not topics and not named and not _is_content(folded):
        return None
    return Inquiry(options=named, topics=_settled(topics), of_each=_of_each(asked, offered))


def _topics(folded: str) -> tuple[str, ...]:
    return tuple(topic for topic, pattern in _patterns().items() if pattern.search(folded))


def topics_of(text: str) -> tuple[str, ...]:
    """What of a remedy ``text`` speaks of that hardly anything else is asked of: costs, the way back, the money."""
    return tuple(topic for topic in _topics(fold(text)) if topic in ("cost", "way_back", "amount", "route"))


def _named(asking: str, offered: tuple[Option, ...]) -> tuple[str, ...]:
    return options_marked(fold_same_length(asking), offered) or _by_remedy(fold(asking), offered)


def _of_each(asked: list[str], offered: tuple[Option, ...]) -> dict[str, tuple[str, ...]]:
    """The topics of each option, where one question names one option and another names another; else nothing.

    What names none is asked of all of them.
    """
    questions = [(_named(one, offered), topics) for one in asked if (topics := _topics(fold(one)))]
    if len({named for named, _ in questions if named}) < 2:
        return {}
    of_each: dict[str, tuple[str, ...]] = {}
    for option in offered:
        mine = [topic for named, topics in questions if not named or option.id in named for topic in topics]
        if mine:
            of_each[option.id] = _settled(tuple(dict.fromkeys(mine)))
    return of_each


def lettered(text: str, offered: tuple[Option, ...]) -> bool:
    """Whether ``text`` names one of ``offered`` by its letter or place."""
    return bool(options_marked(fold_same_length(text), offered))


def _is_content(folded: str) -> bool:
    return count_han(folded) >= _LEAST_HAN or len(re.findall(r"[a-z']+", folded)) >= _LEAST_WORDS


def _asks(clause: str) -> bool:
    folded = _LEAD_IN.sub("", fold(clause))
    return (
        asks_something(folded) or bool(_TAGS.search(folded) or _ASIDE.search(folded)) or says("choice_asking", folded)
    )


def _by_remedy(folded: str, offered: tuple[Option, ...]) -> tuple[str, ...]:
    # "Do I send it back" asks about a way, and names no option by it; nor does "is it for money".
    for topic in ("cost", "way_back"):
        folded = _patterns()[topic].sub(" ", folded)
    named = remedies_in(folded)
    best = max((fit(option, named) for option in offered), default=0)
    if not best and named & _MONEY:
        # An offer may name its money by the sum alone.
        sums = tuple(option.id for option in offered if _SUM.search(option.text or option.title))
        return () if len(sums) == len(offered) else sums
    # Each remedy by itself: "the new one, how long? the money, where to?" names two, however plainly each is worded.
    meant = {id for one in named for id in _fitting(frozenset({one}), offered)}
    picked = tuple(option.id for option in offered if option.id in meant)
    return () if len(picked) == len(offered) else picked


def _fitting(wanted: frozenset[str], offered: tuple[Option, ...]) -> list[str]:
    """The ids of the options that give ``wanted`` best."""
    best = max(fit(option, wanted) for option in offered)
    return [option.id for option in offered if best and fit(option, wanted) == best]


def _settled(topics: tuple[str, ...]) -> tuple[str, ...]:
    """The topics without those that a more exact one holds: when it comes is not asked twice."""
    found = set(topics)
    if "arrive" in found or "until" in found:
        found.discard("when")
    if "until" in found:
        found -= {"arrive", "way_back"}
    if found & {"more", "why"}:
        found -= {"amount", "cost", "how"}
    if "way_back" in found:
        # Who pays the way back is told with the way back.
        found.discard("cost")
    if "amount" in found:
        found.discard("cost")
    if found & {"when", "arrive", "until", "way_back"}:
        found.discard("how")
    return tuple(topic for topic in topics if topic in found) or (OTHER,)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    raw: dict[str, str] = own_data("copilot.flow.understand", "inquiries.yaml")
    return {topic: re.compile(wordings) for topic, wordings in raw.items()}
