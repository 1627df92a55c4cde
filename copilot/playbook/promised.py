"""What is said to who asks after something that a colleague promised in words of their own, and that has not come.

Owns which promise is meant and how it is named; refuses to say that it was kept or how far it is: a person finds out.
"""

from typing import Final

from copilot.domain.case import Case, Commitment, CommitmentState
from copilot.domain.fact import Fact, FactKind
from copilot.domain.plan import NoPlan, Plan
from copilot.playbook.looked_into import looked_into
from copilot.playbook.offered import amount_of_agent
from copilot.playbook.scenes import Scope, hold

SCENE: Final = "given_word"
_ANSWERS: Final = ("answer", "contact", "check", "notify")
_CODES: Final = {
    "owed_money": ("refund", "compensate"),
    "owed_goods": ("ship", "reship", "exchange", "send"),
    "owed_label": ("send", "ship", "answer", "contact"),
    "way_label": ("send", "ship", "answer", "contact"),
    "owed_tracking": ("contact", "answer", "send", "ship", "notify"),
    "owed_voucher": ("compensate", "refund", "send", "ship"),
    "owed_call": ("contact",),
    "owed_answer": _ANSWERS,
    "owed_report": _ANSWERS,
}
"""What is asked after, and the promises that can have meant it."""
_LOOKED: Final = frozenset({"owed_answer", "owed_report"})
_THINGS: Final = {"owed_label": "label", "way_label": "label", "owed_tracking": "tracking", "owed_voucher": "voucher"}


def given_word(scope: Scope, case: Case) -> Plan | NoPlan | None:
    """Own up to what was promised and has not come, by its name and sum; None where nothing of the kind is overdue."""
    wish = scope.situation.understanding.wish
    promised = _overdue(scope, case, _CODES.get(wish, ()))
    if promised is None:
        return None
    about = looked_into(scope.situation.colleague, scope.situation.language) if promised.what in _ANSWERS else None
    if wish in _LOOKED and about is None:
        # Nothing tells what was to be found out: then it is only said to be found out.
        return None
    plan = hold(scope, name=SCENE, points=())
    if isinstance(plan, NoPlan):
        return plan
    if wish in _LOOKED and about is not None:
        return _found_out(plan, about)
    thing = _THINGS.get(wish) or ("call" if wish == "owed_call" else promised.what)
    facts = {"promise.thing": Fact(id="promise.thing", kind=FactKind.STATE, value=thing, source="agent")}
    if promised.amount is not None:
        facts["promise.amount"] = amount_of_agent("promise.amount", promised.amount)
    points = (*(id for id in facts if id != "promise.thing"), *plan.points)
    return plan.model_copy(update={"facts": {**plan.facts, **facts}, "points": points, "empathy": False})


def _found_out(plan: Plan, about: str) -> Plan:
    """``plan`` with the answer that was promised, and the question that it is to."""
    facts = {
        "promise.thing": Fact(id="promise.thing", kind=FactKind.STATE, value="answer", source="agent"),
        "promise.about": Fact(id="promise.about", kind=FactKind.ATTRIBUTE, value=about, source="agent"),
    }
    points = ("promise.about", *plan.points)
    return plan.model_copy(update={"facts": {**plan.facts, **facts}, "points": points, "empathy": False})


def _overdue(scope: Scope, case: Case, codes: tuple[str, ...]) -> Commitment | None:
    """The latest promise of one of ``codes`` in words that is past its time."""
    now, open_ = scope.situation.now, (CommitmentState.OWED, CommitmentState.BROKEN)
    late = (
        one
        for one in reversed(case.commitments)
        if one.state in open_ and (one.state is CommitmentState.BROKEN or (one.due is not None and one.due < now))
    )
    found = [one for one in late if one.what in codes]
    return min(found, key=lambda one: codes.index(one.what), default=None)
