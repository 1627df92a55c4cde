"""What a notice lets a reply say, and what the agent should know about how a plan came about.

Owns the fact of a notice's text and the notes on the card; refuses to tell of a notice to whoever did not ask.
"""

import re
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.knowledge import Citation, Notice, NoticeKind
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.situation import Situation

UNSURE: Final = "dates_unsure."
EXTENDED: Final = "ship_by_extended"
PINNED: Final = "pinned_product"
_ASK_WHEN: Final = frozenset(
    {Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED}
)
_TELLS: Final = frozenset({Act.ANSWER, Act.HOLD})
_OPEN: Final = "beside.open"
_RETURN_AT: Final = "hold.return_at"
_FEAST: Final = re.compile(
    r"圣诞|春节|过年|年前|国庆|中秋|元旦|情人节|七夕|母亲节|父亲节|儿童节"
    r"|\b(?:christmas|x-?mas|thanksgiving|easter|valentine'?s?|mother'?s day|father'?s day|new year'?s?|hanukkah"
    r"|halloween)\b",
    re.IGNORECASE,
)
_ORDER_BY: Final = re.compile(
    r"前[^,，。]{0,6}(?:下单|拍|付款)|截单|最晚|\border(?:s|ed)?\b[^.]{0,20}\bby\b|\blast (?:order|day)\b",
    re.IGNORECASE,
)
# A notice of another kind says something, but not why a parcel is late.
_WHY_LATE: Final = frozenset({NoticeKind.SLA_EXTENDED, NoticeKind.DELAY, NoticeKind.HOLIDAY})


def with_notices(plan: Plan | NoPlan, situation: Situation) -> Plan | NoPlan:
    """``plan`` with what a notice lets it say, and with notes about dates and products for the agent."""
    if isinstance(plan, NoPlan):
        return plan
    plan = plan.model_copy(update={"facts": _sourced(plan.facts, situation), "notes": _notes(plan, situation)})
    feast = _on_the_feast(plan, situation)
    notice = feast or _worth_telling(plan, situation)
    plan = _without_the_way(plan) if feast is not None else plan
    text = _words(notice, situation.language) if notice is not None else None
    if notice is None or text is None:
        return plan
    fact = Fact(id=f"notice.{notice.id}.text", kind=FactKind.ATTRIBUTE, value=text, source="notice")
    return plan.model_copy(
        update={
            "facts": {**plan.facts, fact.id: fact},
            "points": (*plan.points, fact.id),
            "cites": (*plan.cites, Citation(id=notice.id, title=text)),
        }
    )


def _worth_telling(plan: Plan, situation: Situation) -> Notice | None:
    if plan.issue not in _ASK_WHEN or plan.act not in _TELLS or _arrived(plan):
        return None
    return next((one for one in situation.notices if one.kind in _WHY_LATE and one.text), None)


def _on_the_feast(plan: Plan, situation: Situation) -> Notice | None:
    """The notice that says by when to order for the feast that who has bought nothing asks about."""
    if situation.order is not None or plan.act not in _TELLS or _FEAST.search(situation.text) is None:
        return None
    if not any(one.issue is Issue.SHIPPING_TIME for one in situation.understanding.issues):
        return None
    words = ((one, _words(one, situation.language)) for one in situation.notices)
    return next((one for one, text in words if text and _FEAST.search(text) and _ORDER_BY.search(text)), None)


def _without_the_way(plan: Plan) -> Plan:
    """``plan`` that does not go and ask what the notice tells."""
    rest = tuple(one for one in plan.secondary if one is not Issue.SHIPPING_TIME)
    if _OPEN not in plan.points:
        return plan.model_copy(update={"secondary": rest})
    gone = (_OPEN, _RETURN_AT) if "question.open" not in plan.points else (_OPEN,)
    return plan.model_copy(
        update={
            "secondary": rest,
            "facts": {id: fact for id, fact in plan.facts.items() if id not in gone},
            "points": tuple(point for point in plan.points if point not in gone),
            "promises": tuple(one for one in plan.promises if one.what != "hold" or _RETURN_AT not in gone),
        }
    )


def _arrived(plan: Plan) -> bool:
    return plan.scene in ("delivered", "cancelled", "unpaid")


def _words(notice: Notice, language: str) -> str | None:
    """What buyers may be told, in ``language`` only: words that they cannot read explain nothing."""
    spoken = language.split("-")[0]
    return next((" ".join(text.split()) for key, text in notice.text.items() if key.split("-")[0] == spoken), None)


def _sourced(facts: dict[str, Fact], situation: Situation) -> dict[str, Fact]:
    """``facts``, a time to ship that a notice moved saying so."""
    moved = {f"order.{id}.ship_by" for id in situation.extended}
    return {id: fact.model_copy(update={"source": "notice"}) if id in moved else fact for id, fact in facts.items()}


def _notes(plan: Plan, situation: Situation) -> tuple[str, ...]:
    notes = list(plan.notes)
    if situation.dates_unsure and situation.unsure_why is not None and _about_dates(plan):
        notes.append(f"{UNSURE}{situation.unsure_why}")
    if plan.order is not None and plan.order.id in situation.extended:
        notes.append(EXTENDED)
    product = situation.product
    if situation.tonight is not None and product is not None and product.id == situation.tonight:
        notes += [PINNED] if any(id.startswith(f"product.{product.id}.") for id in plan.facts) else []
    return tuple(dict.fromkeys(notes))


def _about_dates(plan: Plan) -> bool:
    return plan.order is not None or plan.issue in _ASK_WHEN
