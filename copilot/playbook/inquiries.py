"""What may be said when the buyer asks about the options that stand, before choosing one.

Owns which facts of an option answer which question; refuses to offer anything new, and to guess: what no fact tells is
named as being checked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from copilot.domain.case import Case, CommitmentState, Option
from copilot.domain.issue import Inquiry, Turn
from copilot.domain.order import AfterSaleKind
from copilot.domain.plan import Act, Escalation, NoPlan, Plan, Told
from copilot.domain.reason import Reason
from copilot.playbook.offered import as_offered, in_words, owed_in_words
from copilot.playbook.options import Built
from copilot.playbook.scenes import HOLD, MOST_HOLDS, RETURN_AT, Scope, hold, make, option_promise
from copilot.playbook.situation import Situation, after_sale_state

SCENE, CHOSEN = "about_options", "about_chosen"
_MONEY = frozenset({"refund", "cancel_refund", "return_refund"})
_BACK = frozenset({"return_refund", "exchange", "repair"})
_GOES_OUT = frozenset({"exchange", "reship"})
_SETTLED = frozenset({"way_back", "cost", "amount", "route", "how"})
"""Questions about what was agreed whose answer goes well with the time of it."""
_PAYS = (AfterSaleKind.REFUND, AfterSaleKind.RETURN)
_OF_MONEY = re.compile(r"退款|退钱|钱|到账|\b(?:refund\w*|money|paid back|reimburse\w*)\b", re.IGNORECASE)
_SPAN = ("terms.refund_arrival_business_days.min", "terms.refund_arrival_business_days.max")


@dataclass(frozen=True)
class _Looked:
    """One option with what of the question it answers."""

    option: Option
    built: Built | None
    told: tuple[str, ...]
    untold: tuple[str, ...]


def asks_status(situation: Situation, case: Case) -> bool:
    """Whether a question about a chosen option is one for what became of it: it is under way, or late."""
    if case.chosen is None:
        asked = situation.understanding.inquiry
        running = situation.after_sale is not None and after_sale_state(situation.after_sale) == "in_progress"
        return running and asked is not None and set(asked.topics) <= {"when", "arrive"}
    return is_late(case, situation.now) or situation.after_sale is not None


def is_late(case: Case, now: datetime) -> bool:
    """Whether something that was promised in the case is over its time."""
    return any(
        one.state is CommitmentState.BROKEN
        or (one.state is CommitmentState.OWED and one.due is not None and one.due < now)
        for one in case.commitments
    )


def is_owed(case: Case, what: str | None) -> bool:
    """Whether the promise ``what`` ("option.reship") of the case is still to be kept."""
    return any(one.what == what and one.state is CommitmentState.OWED for one in case.commitments)


def chased(situation: Situation) -> Situation:
    """The same turn read as a chase, with nothing asked about options."""
    read, request = situation.understanding, situation.after_sale
    money = request is not None and request.kind in _PAYS and _OF_MONEY.search(situation.text) is not None
    wish = "owed_money" if money and not read.wish else read.wish
    read = read.model_copy(update={"turn": Turn.CHASE, "inquiry": None, "wish": wish})
    return replace(situation, understanding=read)


def tell(scope: Scope, case: Case, inquiry: Inquiry) -> Plan | NoPlan:
    """The plan that answers ``inquiry`` from the facts of the options; what they do not tell is checked."""
    looked = [_look(scope, case, option, inquiry) for option in _asked(case, inquiry)]
    if not looked:
        return NoPlan(reason=Reason.UNCLEAR)
    told = _in_order(case, looked)
    untold = _untold(looked)
    points = tuple(dict.fromkeys(id for one in looked if one.built and one.told for id in one.built.facts))
    span = _SPAN if any({"when", "arrive"} & set(one.told) and _takes_days(one, scope) for one in looked) else ()
    scene = SCENE if case.chosen is None else CHOSEN
    if not any(one.told for one in looked) or (untold and RETURN_AT not in scope.facts):
        plan = hold(scope, name=scene, points=())
    else:
        ends = (RETURN_AT,) if untold else ()
        plan = make(scope, Act.ANSWER, scene, (*span, *ends), promises=(HOLD,) if untold else ())
    if isinstance(plan, NoPlan):
        return plan
    if "more" in inquiry.topics:
        plan = plan.model_copy(update={"escalation": Escalation(to="supervisor", why="wants_more")})
    facts = {id: fact for one in looked if one.built and one.told for id, fact in one.built.facts.items()}
    # Said of what was chosen, a time binds also where nobody has noted it yet.
    binding = tuple(
        option_promise(one.built)
        for one in looked
        if case.chosen is not None and one.built and one.built.due and {"when", "then"} & set(one.told)
        if not is_owed(case, f"option.{one.built.option.key}")
        and owed_in_words(case, one.option, one.built.option.action) is None
    )
    return plan.model_copy(
        update={
            "promises": (*plan.promises, *binding),
            "told": told,
            "untold": untold,
            "facts": {**plan.facts, **facts},
            "points": (*points, *plan.points),
            "empathy": False,
        }
    )


def beside_choice(plan: Plan, scope: Scope, case: Case, inquiry: Inquiry) -> Plan:
    """``plan``, which confirms a choice, with what was asked beside it and the confirmation does not tell."""
    if plan.act is not Act.CONFIRM or plan.chosen is None or RETURN_AT not in scope.facts:
        return plan
    option = next((one for one in case.offered if one.key == plan.chosen.key), plan.chosen)
    looked = _look(scope, case, option, inquiry)
    if not looked.untold or case.holds >= MOST_HOLDS:
        return plan
    back = make(scope, Act.ANSWER, SCENE, (RETURN_AT,), promises=(HOLD,))
    return plan.model_copy(
        update={
            "untold": looked.untold,
            "facts": {**plan.facts, RETURN_AT: back.facts[RETURN_AT]},
            "points": (*plan.points, RETURN_AT),
            "promises": (*plan.promises, *back.promises),
        }
    )


def _asked(case: Case, inquiry: Inquiry) -> Iterable[Option]:
    named = inquiry.options or inquiry.of_each
    return (one for one in _standing(case) if not named or one.id in named)


def _standing(case: Case) -> tuple[Option, ...]:
    return tuple(one for one in case.offered if case.chosen in (None, one.id))


def _in_order(case: Case, looked: Sequence[_Looked]) -> tuple[Told, ...]:
    """Every option that stands, as it was lettered, with what is told of it; offered plainly it needs no letter."""
    standing = _standing(case)
    topics = {one.option.id: one.told for one in looked}
    found = {one.option.id: one.option for one in looked}
    bare = {"id": ""} if len(standing) < 2 else {}
    return tuple(
        Told(option=found.get(one.id, one).model_copy(update=bare), topics=topics.get(one.id, ())) for one in standing
    )


def _untold(looked: Sequence[_Looked]) -> tuple[str, ...]:
    """What nobody knows yet, with the option's letter where others of them tell it."""
    codes = dict.fromkeys(code for one in looked for code in one.untold)
    shared = {code for code in codes if all(code in one.untold for one in looked)}
    return tuple(
        dict.fromkeys(code if code in shared else f"{code}:{one.option.id}" for one in looked for code in one.untold)
    )


def _look(scope: Scope, case: Case, option: Option, inquiry: Inquiry) -> _Looked:
    built, topics = as_offered(scope, case, option) or in_words(scope, option), inquiry.asked_of(option.id)
    if built is None:
        return _Looked(option, None, (), tuple(_open(topic, None) for topic in topics))
    told: list[str] = []
    untold: list[str] = []
    for topic in topics:
        tells = _tells(topic, built, scope)
        if tells is not None:
            (told if tells else untold).append(topic if tells else _open(topic, built))
    if "arrive" in topics and _has(built, "by"):
        # The day it leaves is known, the day it comes is not.
        told.append("when")
    if case.chosen is not None and told and set(told) <= _SETTLED and (_has(built, "by") or _has(built, "arrival")):
        # What was agreed is told with its time, which says more than that something need not be done.
        told.append("then")
    return _Looked(
        built.option.model_copy(update={"id": option.id, "title": option.title or built.option.title}),
        built,
        tuple(dict.fromkeys(told)),
        tuple(untold),
    )


def _tells(topic: str, built: Built, scope: Scope) -> bool | None:
    """Whether the facts of ``built`` answer ``topic``; None where the topic has no meaning for it."""
    action = built.option.action
    match topic:
        case "when":
            return _has(built, "by") or _has(built, "arrival") or _takes_days_of(action, scope)
        case "arrive":
            # Money "comes" too; goods that leave tomorrow come on a day that nobody knows yet.
            return _tells("when", built, scope) if action in _MONEY else False
        case "cost" | "way_back":
            return _has(built, "label") if action in _BACK else True
        case "amount":
            return True if _has(built, "amount") else None if action not in _MONEY else False
        case "route":
            return True if action in _MONEY else None
        case "print":
            # How goods go back without a printer stands in no fact; where none go back nobody needs one.
            return action not in _BACK
        case "address" | "variant":
            return _tells_apart(topic, built)
        case "until":
            return _has(built, "deadline")
        case "how" | "difference":
            return True
        case _:
            return False


def _tells_apart(topic: str, built: Built) -> bool | None:
    """The same for what stands in no fact: the address that goods go back to, and the colour of what goes out."""
    option = built.option
    if topic == "variant":
        return False if option.action in _GOES_OUT else None
    if option.action not in _BACK:
        return None
    # A label that is paid for has the address on it.
    label = built.facts.get(f"option.{option.key}.label")
    return label is not None and label.value == "prepaid"


def _has(built: Built, name: str) -> bool:
    return f"option.{built.option.key}.{name}" in built.facts


def _takes_days_of(action: str, scope: Scope) -> bool:
    """Whether the terms tell how many business days money takes once the goods are back."""
    return action == "return_refund" and all(name in scope.facts for name in _SPAN)


def _takes_days(looked: _Looked, scope: Scope) -> bool:
    return looked.built is not None and _takes_days_of(looked.built.option.action, scope)


def _open(topic: str, built: Built | None) -> str:
    """What is still to be found out, as the text names it."""
    money = built is not None and built.option.action in _MONEY
    return "money_when" if topic in ("when", "arrive") and money else topic
