"""Whether a turn asks for more than was offered: another sum, or all of the money where only a part is on offer.

Owns telling that from a choice; refuses to say what more there is.
"""

import re
from dataclasses import replace

from copilot.domain.case import Case, Option
from copilot.domain.issue import CATEGORY_OF, Category, Inquiry, Issue, IssueReading
from copilot.flow.understand.choice import Choice, is_part_only, sums_of
from copilot.flow.understand.issues import Reading
from copilot.flow.understand.remedies import remedies_in
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import patterns, says

MORE = Inquiry(topics=("more",))
_LIKE_A_SUM = frozenset(
    {
        Issue.PRICE_PROMOTION,
        Issue.ADDRESS_CHANGE,
        Issue.SIZE_FIT,
        Issue.PRODUCT_QUESTION,
        Issue.REFUND_REQUEST,
        Issue.MISSING_ITEM,
    }
)
_TOO_LITTLE = re.compile(
    r"(?:太|有点|也太)少|(?:才|就)(?:退|补|赔|给)?\s?\d+(?:\.\d+)?(?:块|元)?(?:打发|也?太|吗)|不够(?!时间)"
    r"|打发(?:叫花子|要饭|谁)|\b(?:not enough|too (?:little|low)|that'?s nothing|an insult|a joke)\b"
)
_SOME_OFF = re.compile(
    r"(?:便宜|优惠|减|少)(?:一?点|些|几块)|打个?折|折扣|补(?:贴|偿)?(?:一?点|些)|退(?:一?点|些)"
    r"|\b(?:discount|money off|partial|something off|bit off)\b"
    r"|\bknock\b[^.?!\n]{0,16}\boff\b",
    re.IGNORECASE,
)
_OF_A_PRICE = re.compile(
    r"券|降价|活动|满减|差价|价保|别家|再买|下单"
    r"|\b(?:code|coupon|voucher|sale|cheaper|price|promo\w*|black friday|next order)\b",
    re.IGNORECASE,
)
_GOODS = frozenset({"exchange", "reship", "return", "repair"})
_NUMBER = re.compile(r"\d+(?:\.\d{1,2})?")


def haggles(text: str, case: Case | None) -> bool:
    """Whether ``text`` names a sum of the buyer's own in a matter after the sale."""
    if case is None or CATEGORY_OF[case.issue] is not Category.AFTER_SALE:
        return False
    found = patterns()["haggling"].search(fold(text))
    if found is None:
        return False
    said = {float(number) for number in _NUMBER.findall(found.group())}
    return not said & {one for option in case.offered for one in sums_of(option)}


def takes_as_named(choice: Choice | None, case: Case | None) -> bool:
    """Whether ``choice`` takes what no sum was named for; "make it 30 and I'll keep it" takes no offer of 20."""
    if choice is None or not choice.ids or case is None:
        return False
    taken = (one for one in case.offered if one.id in choice.ids)
    return not any(_NUMBER.search(f"{one.title} {one.text}") for one in taken)


def finds_too_little(text: str, case: Case | None) -> bool:
    """Whether ``text`` finds the one thing on offer too little ("15 is nothing"), which takes nothing.

    Who asks for goods in its place wants no more of it.
    """
    one = case is not None and len(case.offered) == 1 and CATEGORY_OF[case.issue] is Category.AFTER_SALE
    return one and _TOO_LITTLE.search(fold(text)) is not None and not remedies_in(text) & _GOODS


def wants_whole(text: str, offered: tuple[Option, ...]) -> bool:
    """Whether ``text`` asks for all of the money, of which ``offered`` holds only a part."""
    folded = fold(text)
    if not says("choice_whole", folded) or "refund" not in remedies_in(text) or says("choice_asking", folded):
        return False
    return any(is_part_only(option) for option in offered) and all(map(is_part_only, _money(offered)))


def without_some_off(reading: Reading) -> Reading:
    """``reading`` without the price that "some kind of discount" sounds like where goods came at fault."""
    return replace(reading, issues=tuple(one for one in reading.issues if not _asks_some_off(one)))


def _asks_some_off(reading: IssueReading) -> bool:
    if reading.issue is not Issue.PRICE_PROMOTION or reading.evidence is None:
        return False
    said = fold(reading.evidence.text)
    return _SOME_OFF.search(said) is not None and _OF_A_PRICE.search(said) is None


def without_prices(reading: Reading) -> Reading:
    """``reading`` without what a sum alone sounds like: the price of a thing, a size, a number that changes."""
    return replace(reading, issues=tuple(one for one in reading.issues if one.issue not in _LIKE_A_SUM))


def _money(offered: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(option for option in offered if sums_of(option) or "refund" in remedies_in(option.title))
