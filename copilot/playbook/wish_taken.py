"""A remedy that the buyer names while a picture is still asked for: taken up in the same breath, so that it survives.

"I want a new one" that is answered with "can you send a photo?" alone reads as if nobody had listened. Owns which wish
may be taken up: only a thing that could be sent by what the shop allows today; money waits for what the picture shows.
"""

from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.asked_beside import OPEN, with_named
from copilot.playbook.options import eligible, is_missing
from copilot.playbook.scenes import Scope
from copilot.playbook.wishes import is_decided, wished

TAKEN: Final = "turn.wish_taken"
"""The action that is wished and possible: ``exchange`` or ``reship``."""
_SENT: Final = frozenset({"exchange", "reship"})
_DECIDE: Final = "decide"
_EXCHANGE: Final = "exchange"


def with_wish_taken(plan: Plan | NoPlan, scope: Scope) -> Plan | NoPlan:
    """``plan``, which asks for a picture, with the wish that can be fulfilled once it is there."""
    if isinstance(plan, NoPlan):
        return plan
    if plan.act is Act.OFFER:
        return _found_out(plan, scope)
    if plan.act is not Act.ASK or "photo" not in plan.asks:
        return plan
    wish = wished(scope.situation, scope.seen) & _SENT
    scene = next((one for one in scope.playbook.scenes if one.id == _DECIDE), None)
    if not wish or scene is None or not is_decided(scope.situation):
        return plan
    keys = (*scene.rule.options, *scene.rule.otherwise)
    built, _ = eligible(keys, scope.playbook, scope.situation, scope.seen)
    action = next((one.option.action for one in built if one.option.action in wish), None)
    if action is None:
        return plan
    taken = Fact(id=TAKEN, kind=FactKind.STATE, value=action, source="computed")
    return plan.model_copy(update={"facts": {**plan.facts, TAKEN: taken}, "points": (*plan.points, TAKEN)})


def _found_out(plan: Plan, scope: Scope) -> Plan:
    """``plan``, which offers something else than the new one that is wished, with the stock of that being found out."""
    wish = wished(scope.situation, scope.seen)
    unknown = any(one.key == _EXCHANGE and is_missing(one.reason) for one in plan.not_offered)
    is_faulty = plan.issue in (Issue.QUALITY_DEFECT, Issue.DAMAGED)
    if not is_faulty or not unknown or not wish & _SENT or any(one.action in _SENT for one in plan.options):
        return plan
    title = "换新的有没有货" if scope.situation.language.startswith("zh") else "whether a new one is in stock"
    return plan if OPEN in plan.points else with_named(plan, (title,), scope)
