"""What is above the agent's ceiling although it fits: when it goes to a supervisor instead of leaving only a return.

Owns that judgement, and the facts by which the buyer hears what is being asked for; allows nothing by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.plan import NotOffered
from copilot.playbook.loader import Playbook
from copilot.playbook.options import OVER_CEILING, Built
from copilot.playbook.situation import Situation
from copilot.playbook.staying import asks_for_way_back, refuses_way_back
from copilot.playbook.wishes import GOES_BACK, is_decided

SENT, PAID = "approval.sent", "approval.paid"
"""The keys of what a supervisor is asked for: goods that go out, money that goes back while the goods stay."""
_SENDS: Final = frozenset({"reship", "resend_gift"})
_PAYS: Final = frozenset({"refund"})


def asked_above(
    built: Sequence[Built],
    left_out: Sequence[NotOffered],
    wish: frozenset[str],
    playbook: Playbook,
    situation: Situation,
) -> bool:
    """Whether nothing but a way back is left, and what the buyer asks for instead is only too dear for the agent.

    Who says that nothing goes back, or asks whether it has to, means what leaves it there; who asks for the goods once
    more means those.
    """
    if not built or any(one.option.action not in GOES_BACK for one in built):
        return False
    above = {action for one in left_out if (action := _action(one, playbook)) in _SENDS | _PAYS}
    if refuses_way_back(situation) or asks_for_way_back(situation):
        return bool(above)
    return bool(above & wish & _SENDS) and wish.isdisjoint({"return_refund"}) and is_decided(situation)


def above_ceiling(left_out: Sequence[NotOffered], playbook: Playbook) -> Mapping[str, Fact]:
    """The facts that name what is above the ceiling, by id."""
    found: dict[str, Fact] = {}
    for one in left_out:
        action = _action(one, playbook)
        id = SENT if action in _SENDS else PAID if action in _PAYS else None
        if id is not None and id not in found:
            found[id] = Fact(id=id, kind=FactKind.STATE, value=one.key, source="playbook")
    return found


def _action(one: NotOffered, playbook: Playbook) -> str | None:
    """What the back office would do for an option above the ceiling; None of one left out for something else."""
    if one.reason != OVER_CEILING:
        return None
    return next((option.rule.action for option in playbook.options.values() if option.key == one.key), None)
