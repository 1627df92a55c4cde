"""The buyer chose, or refused everything: confirm exactly that, or say what is still possible.

Owns the way from an offered option back to the playbook's; refuses to change what was offered or to offer something new
beside a choice.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from copilot.domain.case import Case, Option
from copilot.domain.fact import Fact, FactKind
from copilot.domain.money import Money
from copilot.domain.plan import Act, Escalation, NoPlan, Plan, Promise
from copilot.domain.reason import Reason
from copilot.playbook.loader import CompiledOption
from copilot.playbook.options import Built, build, currency_of, eligible, lettered
from copilot.playbook.scenes import HOLD, RETURN_AT, Scope, hold, make, option_promise

# How understanding names a remedy → what the back office does.
_ACTIONS = {
    "refund": ("refund", "return_refund", "cancel_refund"),
    "keep": ("refund",),
    "price_gap": ("refund",),
    "reship": ("reship",),
    "exchange": ("exchange",),
    "return": ("return_refund",),
    "voucher": ("voucher",),
    "cancel": ("cancel_refund",),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"\b(?P<en>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<day>\d{1,2})\b"
    r"|(?P<zh>\d{1,2})月(?P<day_zh>\d{1,2})[日号]?",
    re.IGNORECASE,
)
_HALF_YEAR = 183
_AMOUNT = re.compile(
    r"(?:[¥¥$€£]|RMB|USD)\s*(\d+(?:\.\d{1,2})?)|(\d+(?:\.\d{1,2})?)\s*(?:元|块|dollars|usd)", re.IGNORECASE
)


def confirm(scope: Scope, case: Case, ids: Iterable[str]) -> Plan | NoPlan:
    """The plan for a choice: the option, its next step and date; two at once are asked about again."""
    picked = [option for option in case.offered if option.id in set(ids)]
    if not picked:
        return NoPlan(reason=Reason.UNCLEAR)
    if len(picked) > 1:
        return _ask_again(scope, picked)
    option = picked[0]
    built = _built(scope, option)
    plan = make(scope, Act.CONFIRM, "chosen", ())
    if built is None:
        return plan.model_copy(update={"chosen": option, "empathy": False})
    built = _as_promised(built, option, case, scope)
    facts = dict(built.facts)
    promises: tuple[Promise, ...] = (option_promise(built),) if built.due else ()
    chosen = built.option.model_copy(
        update={"id": option.id, "title": option.title or built.option.title, "text": option.text}
    )
    return plan.model_copy(
        update={
            "chosen": chosen,
            "facts": {**plan.facts, **facts},
            "points": tuple(facts),
            "promises": promises,
            "empathy": False,
        }
    )


def _ask_again(scope: Scope, picked: list[Option]) -> Plan:
    built = {option.id: _built(scope, option) for option in picked}
    facts = {id: fact for one in built.values() if one for id, fact in one.facts.items()}
    options = tuple(
        one.option.model_copy(update={"id": option.id, "title": option.title or one.option.title, "text": option.text})
        if (one := built[option.id])
        else option
        for option in picked
    )
    plan = make(scope, Act.ASK, "choice", (), asks=("choice",))
    return plan.model_copy(update={"options": options, "facts": {**plan.facts, **facts}, "empathy": False})


def acknowledge(scope: Scope, case: Case) -> Plan | NoPlan:
    """The plan for "none of these": what was not offered and is possible, else a person looks and we return."""
    refused = {action for option in case.offered for action in _actions(scope, option)}
    scene = next((one for one in scope.playbook.scenes if one.when.holds(scope.seen) is True), None)
    keys = (*scene.rule.options, *scene.rule.otherwise) if scene else ()
    built, left_out = eligible(keys, scope.playbook, scope.situation, scope.seen)
    remaining = [one for one in built if one.option.action not in refused][:2]
    if remaining:
        facts = {id: fact for one in remaining for id, fact in one.facts.items()}
        plan = make(scope, Act.ACKNOWLEDGE, "refused_all", (), not_offered=left_out)
        update = {"options": lettered(remaining), "facts": {**plan.facts, **facts}, "empathy": False}
        return plan.model_copy(update=update)
    held = hold(scope, escalation=Escalation(to="supervisor", why="all_refused"))
    if isinstance(held, NoPlan):
        return held
    return make(
        scope, Act.ACKNOWLEDGE, "refused_all", (RETURN_AT,), promises=(HOLD,), escalation=held.escalation
    ).model_copy(update={"empathy": False})


def _built(scope: Scope, offered: Option) -> Built | None:
    """The playbook's option behind ``offered`` as it stands today; None when it cannot be known which one it is."""
    said = _said(offered, currency_of(scope.situation))
    found: list[Built] = []
    for option in _candidates(scope, offered):
        made = build(option, scope.situation, scope.seen)
        if isinstance(made, Built):
            found.append(made)
    exact = [one for one in found if said is not None and _same(_amount(one), said)]
    if exact:
        return exact[0]
    if len(found) != 1:
        return None
    return found[0] if said is None or _amount(found[0]) is None else _with_amount(found[0], said)


def _as_promised(built: Built, offered: Option, case: Case, scope: Scope) -> Built:
    """``built`` with the date that the buyer was given, where one was: a promise is not moved by answering later."""
    if built.due is None:
        return built
    what = f"option.{built.option.key}"
    given = next((one.due for one in case.commitments if one.what == what and one.due is not None), None)
    due = given or _day_said(offered.text, built.facts[built.due], scope)
    if due is None:
        return built
    value = scope.situation.days.local(due).isoformat()
    fact = built.facts[built.due].model_copy(update={"value": value, "source": "agent"})
    return Built(option=built.option, facts={**built.facts, built.due: fact}, due=built.due)


def _day_said(text: str, computed: Fact, scope: Scope) -> datetime | None:
    """The one calendar day that the offer named, at the hour that our own computation has."""
    own = datetime.fromisoformat(str(computed.value))
    found: set[date] = set()
    for match in _DAY.finditer(text):
        month = int(match["zh"] or 0) or _MONTHS.index(match["en"].lower()[:3]) + 1
        try:
            day = date(own.year, month, int(match["day"] or match["day_zh"]))
        except ValueError:
            continue
        # In December an offer for January means the next year.
        found.add(day.replace(year=own.year + 1) if (own.date() - day).days > _HALF_YEAR else day)
    if len(found) != 1:
        return None
    moment = scope.situation.days.at(found.pop(), own.time())
    return moment if moment > scope.situation.now else None


def _candidates(scope: Scope, offered: Option) -> list[CompiledOption]:
    known = scope.playbook.options.values()
    named = [option for option in known if option.key == offered.key]
    actions = _actions(scope, offered)
    return named or [option for option in known if option.rule.action in actions]


def _actions(scope: Scope, offered: Option) -> tuple[str, ...]:
    """What the back office would do for ``offered``, as far as its key tells."""
    named = next((option for option in scope.playbook.options.values() if option.key == offered.key), None)
    if named is not None:
        return (named.rule.action,)
    return _ACTIONS.get(offered.key, (offered.action,) if offered.action else ())


def _said(offered: Option, currency: str | None) -> Money | None:
    """The one amount that the offer named; what was offered is what is confirmed."""
    found = {Decimal(match.group(1) or match.group(2)) for match in _AMOUNT.finditer(offered.text or offered.title)}
    if len(found) != 1 or currency is None:
        return None
    return Money(amount=str(found.pop()), currency=currency)


def _amount(built: Built) -> Money | None:
    fact = built.facts.get(f"option.{built.option.key}.amount")
    return None if fact is None else Money.model_validate(fact.value)


def _same(left: Money | None, right: Money) -> bool:
    return left is not None and (left.minor, left.currency) == (right.minor, right.currency)


def _with_amount(built: Built, said: Money) -> Built:
    """``built`` with the amount that a person wrote."""
    id = f"option.{built.option.key}.amount"
    fact = Fact(id=id, kind=FactKind.AMOUNT, value={"amount": said.amount, "currency": said.currency}, source="agent")
    option = built.option.model_copy(update={"cost": said})
    return Built(option=option, facts={**built.facts, id: fact}, due=built.due)
