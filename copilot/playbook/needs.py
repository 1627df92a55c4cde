"""By when the buyer needs the goods, where the words say so, and whether what is known of their arrival meets it.

Owns the reading of such a day and the facts that a draft takes it up with; promises nothing that no fact carries.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.situation import Situation

DAY, STATE = "need.day", "need.state"
MEETS, MISSES, UNSURE = "meets", "misses", "unsure"
_TELLS: Final = frozenset({Act.ANSWER, Act.ASK, Act.OFFER, Act.HOLD})
_ARRIVES: Final = frozenset(
    {
        Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED,
        Issue.DAMAGED, Issue.QUALITY_DEFECT, Issue.WRONG_ITEM, Issue.MISSING_ITEM, Issue.NOT_AS_DESCRIBED,
        Issue.SIZE_MISMATCH,
    }
)  # fmt: skip
_GOES: Final = re.compile(
    r"出门|出差|旅[游行]|出国|要走|\btrip\b|\bvacation\b|\b(?:leave|leaving|flying|traveling|travelling)\b",
    re.IGNORECASE,
)
# Who will not be there to take the parcel needs nothing for the way.
_ABSENT: Final = re.compile(
    r"怕坏|会坏|怕丢|放(?:在)?(?:门口|外面|楼下)|没人(?:收|在|拿|签)|不在家"
    r"|\b(?:not|nobody|no one|won'?t be)\b[^.?!\n]{0,14}\bhome\b",
    re.IGNORECASE,
)
_MONEY: Final = frozenset({"refund", "cancel_refund", "return_refund"})
_OPEN, _RETURN_AT = "beside.open", "hold.return_at"
_ON_ITS_WAY: Final = frozenset({"in_transit", "in_transit_on_time"})
_AHEAD: Final = 60
"""Days within which somebody says by when they need a thing."""
_JUST_OVER: Final = 15
_FOR: Final = re.compile(
    r"[要得]用|急用|等着用|用得[上到]|要[穿带戴]|穿的|送(?:人|礼|给|长辈|朋友|同事|客户|老师|爸|妈|孩子|女朋友|男朋友)|礼物|生日|婚礼|结婚|订婚"
    r"|满月|出门|出差|旅[游行]|开学|考试|聚会|年会|比赛|演出|搬家|过节|露营|要走|出国|要(?:拿|赶)"
    r"|\bneed(?:s|ed)?\b(?!\s+to\s+(?!be\b|have\b|get\b|arrive\b|use\b|wear\b))|\bgift\b|\bpresent\b|\bbirthday\b|\bwedding\b|\banniversary\b|\btrip\b|\bvacation\b|\bparty\b"
    r"|\bgraduation\b|\bshower\b|\bmoving\b|\b(?:leave|leaving|flying|traveling|travelling)\b|\bbaby\b|\bevent\b",
    re.IGNORECASE,
)
_THERE_BY: Final = re.compile(
    r"(?:之?前|赶得[上到])[^,，。！!？?]{0,4}(?:到|收|拿|送)"
    r"|\b(?:here|arrives?|come|delivered|get it|to me) (?:[\w']+ ){0,3}?(?:by|before|in time for)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[,，、]|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
_SHIPS_ON: Final = re.compile(
    r"发不发货?|(?:会|能|可以|还|都|也)?(?:发货|发出|上班|营业|寄出)\W*(?:吗|么|嘛|不)|\b(?:ship|open|working)\b",
    re.IGNORECASE,
)
"""Whether the shop does something on a day: that day is asked about, and no day by which the goods are needed."""
_SENTENCE: Final = re.compile(r"[^。!?！？;；\n]+")
_ZH_AWAY: Final = {"今天": 0, "今晚": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
_ZH_DAY: Final = re.compile(
    r"(?P<away>大后天|后天|明[天早晚]|今[天晚])|(?P<next>下)?(?:个)?(?:这|本)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天末])"
    r"|(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?|(?<!\d)(?P<only>\d{1,2})号(?!线|楼|店|码)"
)
_EN_AWAY: Final = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1}
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EN_DAY: Final = re.compile(
    r"\b(?P<away>today|tonight|tomorrow|tmrw)\b"
    r"|\b(?P<next>next )?(?P<week>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?P<after>next )?(?P<end>weekend)\b"
    r"|\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
    r"|\bthe (?P<only>\d{1,2})(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_FEASTS: Final = re.compile(r"\b(?:thanksgiving|christmas|x-?mas)\b", re.IGNORECASE)
_PAST: Final = re.compile(
    r"昨|前天|上周|上个?星期|已经过|过了|\byesterday\b|\blast (?:week|sat|sun|mon|tue|wed|thu|fri)", re.IGNORECASE
)


# "If I order today", "it's Friday night": when something is done or said, and no day by which it is needed.
_NO_NEED: Final = re.compile(
    r"(?:现在|今天|今晚|明天)(?:就|要是|晚上|早上)?(?:拍|下单|买|付款)"
    r"|\b(?:order|buy|get|purchase|place)\w*(?: it| this| them| one)? (?:it )?(?:today|tonight|now|tomorrow|tmrw)\b"
    r"|\bif (?:i|we) (?:order|buy|get|purchase|place)\w*(?: [\w'-]+){1,6}? (?:today|tonight|now|tomorrow|tmrw)\b"
    r"|\bit'?s (?:already )?(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"(?: (?:night|morning|evening|afternoon))?\b|\b(?:was|were) supposed to\b.*"
    r"|\b(?:was|were) (?:meant |supposed )?(?:to be |for |as )*(?:a |an |the |my |her |his )*(?:gift|present)\b.*"
    r"|\bleft (?:already )?(?:today|tonight)\b|今天(?:已经)?(?:走|离开|出发)了",
    re.IGNORECASE,
)


_ASKS_IF_THERE: Final = re.compile(
    r"\b(?:will|would|could|can|does|do you think|is|gonna|should)\b[^.?!\n]{0,40}"
    r"\b(?:here|arrive|come|delivered|get it|to me)\b"
    r"|(?:能|会|可以|赶得)[^,，。?？!！]{0,10}(?:到|收|拿|送)[^,，。?？!！]{0,4}(?:吗|么|嘛|不|[?？])",
    re.IGNORECASE,
)
"""Whoever asks whether it is there by a day needs it by that day, also of what is on its way."""
_CARRIER: Final = re.compile(
    r"(?:expected|estimated|scheduled|due)(?: for)?(?: delivery)?(?: date)?[: ]*(?:(?:on|by|is|between)\b)? *"
    r"(?P<en>[^.;]{3,40})"
    r"|预计(?:将于|在|于)?(?P<zh>[^,，。;；]{2,20}?)(?:之?前)?(?:送达|到达|派送|送到|签收)",
    re.IGNORECASE,
)
"""The day or the days that a scan of the carrier's names for the delivery."""
_RANGE_EN: Final = re.compile(
    r"\b\d{1,2} ?(?:-|–|to) ?(?P<last>\d{1,2}) (?P<month>[a-z]{3})[a-z]*"
    r"|\b(?P<first>[a-z]{3})[a-z]* \d{1,2} ?(?:-|–|to) ?(?P<end>\d{1,2})\b",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_MONTH: Final = re.compile(rf"\b(?:{'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE)
_DAY_FIRST: Final = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)


def expected_by(text: str, today: date) -> date | None:
    """The last day that a scan itself names for the delivery ("Expected delivery 2-3 December"); None without one."""
    match = _CARRIER.search(text)
    if match is None:
        return None
    said = match["en"] or match["zh"]
    said = _RANGE_EN.sub(lambda one: f"{one['month'] or one['first']} {one['last'] or one['end']}", said)
    # Of "Monday, November 30" the date counts, also when it is over.
    said = _WEEKDAY.sub(" ", said) if _MONTH.search(said) else said
    said = _DAY_FIRST.sub(lambda one: f"{one['month']} {one['day']}", said)
    return max((day for day in _days(said, today) if day <= today + timedelta(days=_AHEAD)), default=None)


def needed(text: str, today: date, *, before_order: bool = False) -> date | None:
    """The last day on which the goods are of use, as the words name it; None where they name none, or it is over.

    ``before_order``: nothing is bought yet, and who asks whether it is there by a day buys it for that day.
    """
    if _ABSENT.search(text):
        text = _GOES.sub(" ", text)
    sentences = [one.group() for one in _SENTENCE.finditer(text)]
    for at, words in enumerate(sentences):
        asks = before_order or _ASKS_IF_THERE.search(words) is not None
        wants = _THERE_BY if asks and _THERE_BY.search(words) is not None else _FOR
        if wants.search(_NO_NEED.sub(" ", words)) is None:
            continue
        # The day beside what it is for; else one of the same sentence, of the one before or of the one behind.
        beside = [part for part in _CLAUSE.split(words) if wants.search(part) is not None]
        near = (*sentences[max(0, at - 1) : at], *sentences[at + 1 : at + 2])
        for places in (beside, [words], near):
            clear = [_NO_NEED.sub(" ", place) for place in places if not _PAST.search(place)]
            parts = [part for place in clear for part in _CLAUSE.split(place)]
            days = [day for part in parts if not _SHIPS_ON.search(part) for day in _days(part, today)]
            days = [day for day in days if today <= day <= today + timedelta(days=_AHEAD)]
            if days:
                return min(days)
    return None


def days_in(words: str, today: date) -> tuple[date, ...]:
    """The days to come that ``words`` name, said on ``today``."""
    return tuple(_days(words, today))


def with_need(plan: Plan | NoPlan, situation: Situation) -> Plan | NoPlan:
    """``plan`` with the day by which the buyer needs the goods, and how what it knows stands to that."""
    if isinstance(plan, NoPlan) or plan.act not in _TELLS or plan.issue not in _ARRIVES:
        return plan
    if plan.options and all(option.action in _MONEY for option in plan.options):
        # Who gets the money back waits for no goods any more.
        return plan
    day = needed(situation.text, situation.days.day(situation.now), before_order=situation.order is None)
    if day is None:
        return plan
    facts = (
        Fact(id=DAY, kind=FactKind.DATE, value=day.isoformat(), source="buyer"),
        Fact(id=STATE, kind=FactKind.STATE, value=_stands(plan, situation, day), source="computed"),
    )
    plan = plan.model_copy(update={"facts": {**plan.facts, **{one.id: one for one in facts}}})
    return _without_transit(plan) if facts[1].value in (MEETS, MISSES) else plan


def _without_transit(plan: Plan) -> Plan:
    """``plan`` that does not go and ask what its own estimate tells: how long the way takes."""
    if _OPEN not in plan.points or "shipment" not in " ".join(plan.points):
        return plan
    return plan.model_copy(
        update={
            "facts": {id: fact for id, fact in plan.facts.items() if id not in (_OPEN, _RETURN_AT)},
            "points": tuple(point for point in plan.points if point not in (_OPEN, _RETURN_AT)),
            "promises": tuple(one for one in plan.promises if one.what != "hold"),
        }
    )


def _stands(plan: Plan, situation: Situation, day: date) -> str:
    """Whether what the plan tells of the arrival is by then; nothing told leaves it open."""
    if plan.act is not Act.ANSWER or situation.dates_unsure:
        return UNSURE
    told = {id: str(fact.value) for id, fact in plan.facts.items() if fact.value is not None}
    if plan.scene in _ON_ITS_WAY and (last := _by_scan(situation)) is not None:
        return MEETS if last <= day else MISSES
    arrives = [value for id, value in told.items() if id.startswith("shipment.") and id.endswith(".eta")]
    if arrives:
        known = [_date(value, situation) for value in arrives]
        # An estimate that has passed says nothing about the day to come.
        if min(known) < situation.days.day(situation.now):
            return UNSURE
        return MEETS if max(known) <= day else MISSES
    ships = [value for id, value in told.items() if id.startswith("order.") and id.endswith(".ship_by")]
    leaves = [_date(value, situation) for value in ships]
    # What leaves at the earliest on that very day is not there on it.
    return MISSES if leaves and situation.shipment is None and min(leaves) > day else UNSURE


def _by_scan(situation: Situation) -> date | None:
    """The day that the last scan names for the delivery, where the platform has no estimate and it has not passed."""
    parcel, today = situation.shipment, situation.days.day(situation.now)
    if parcel is None or parcel.eta is not None or not parcel.events or situation.dates_unsure:
        return None
    last = expected_by(parcel.events[-1].text or "", situation.days.day(parcel.events[-1].at))
    return last if last is not None and last >= today else None


def _date(value: str, situation: Situation) -> date:
    return date.fromisoformat(value) if len(value) == 10 else situation.days.day(datetime.fromisoformat(value))


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _days(words: str, today: date) -> Iterator[date]:
    if _FEASTS.search(words) is not None:
        thanks = _thanksgiving(today.year)
        feast = date(today.year, 12, 25) if re.search(r"x-?mas|christmas", words, re.IGNORECASE) else thanks
        # What is to be there before a feast is of use until the day before it.
        yield feast - timedelta(days=1) if re.search(r"\bbefore\b", words, re.IGNORECASE) else feast
    for match in _ZH_DAY.finditer(words):
        if (away := match["away"]) is not None:
            yield today + timedelta(days=_ZH_AWAY[away])
        elif (week := match["week"]) is not None:
            at = {"末": 5, "天": 6}.get(week, "一二三四五六日".find(week))
            yield _weekday(today, at, next_week=match["next"] is not None, mondays=True)
        else:
            yield from _dated(today, match)
    for match in _EN_DAY.finditer(words):
        if (away := match["away"]) is not None:
            yield today + timedelta(days=_EN_AWAY[away.lower()])
        elif match["week"] is not None or match["end"] is not None:
            at = 5 if match["end"] is not None else _WEEK.index(match["week"].lower()[:3])
            # "Next weekend" is never the one that is there; "next Saturday" may be this week's.
            later = match["after"] is not None
            yield _weekday(today, at, next_week=later or match["next"] is not None, mondays=later)
        else:
            yield from _dated(today, match)


def _weekday(today: date, at: int, *, next_week: bool, mondays: bool) -> date:
    """The coming day ``at`` (0 is Monday); 下周六 is the one of the week that begins on the next Monday."""
    if next_week and mondays:
        return today + timedelta(days=7 - today.weekday() + at)
    away = (at - today.weekday()) % 7
    # "next Saturday" is said of the one after this week's as often as not: the earlier one errs to the safe side.
    return today + timedelta(days=away)


def _dated(today: date, match: re.Match[str]) -> Iterator[date]:
    month = match["month"]
    number = int(match["day"] or match["only"])
    at = today.month if month is None else int(month) if month.isdecimal() else _MONTHS.index(month.lower()[:3]) + 1
    following = (today.year + (at == 12), at % 12 + 1) if month is None else (today.year + 1, at)
    if month is None and 0 < today.day - number < _JUST_OVER:
        # "It was due on the 18th", said on the 20th, is no day of the next month.
        return
    for year, in_month in ((today.year, at), following):
        try:
            day = date(year, in_month, number)
        except ValueError:
            continue
        if day >= today:
            yield day
            return
