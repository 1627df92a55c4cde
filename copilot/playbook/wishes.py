"""What the buyer asks for by name: money back, a return, another size, the same again.

Owns how a wish orders or narrows the options that exist anyway; refuses to make one eligible because somebody wants it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from copilot.domain.issue import Issue
from copilot.playbook.conditions import Values
from copilot.playbook.options import Built
from copilot.playbook.situation import Situation
from copilot.playbook.staying import asks_for_way_back, refuses_way_back

GIVE_BACK = "return_refund"
# A signal of playbooks/words.yaml → what the back office would do for it.
_WISHES = {
    "wants_money": frozenset({"refund", GIVE_BACK, "cancel_refund"}),
    "wants_return": frozenset({GIVE_BACK}),
    "wants_exchange": frozenset({"exchange"}),
    "wants_reship": frozenset({"reship", "exchange"}),
}


_PERHAPS: Final = re.compile(
    r"的话|要是|如果|若是|还是(?!没|一样|那样|老样|不(?![换退要]))|或者|要么|不然|否则|实在不|再不|\b(?:if|or|otherwise|unless|else|either)\b",
    re.IGNORECASE,
)
"""A remedy is named for a case that may come, or beside another one: nothing is decided yet."""


GOES_BACK: Final = frozenset({GIVE_BACK, "exchange", "repair"})
"""What begins with the goods on their way back."""


def without_way_back(built: list[Built], situation: Situation) -> list[Built]:
    """``built`` without what the buyer would have to send the goods back for, where they say they will not.

    As long as something is left.
    """
    if not refuses_way_back(situation):
        return built
    return [one for one in built if one.option.action not in GOES_BACK] or built


def is_decided(situation: Situation) -> bool:
    """Whether a remedy that the turn names is what the buyer wants now."""
    return _PERHAPS.search(situation.text) is None


def wished(situation: Situation, seen: Values) -> frozenset[str]:
    """The actions that the buyer's words ask for; empty when they name no remedy."""
    turn = cast("Mapping[str, object]", seen["turn"])
    said = {name for name in _WISHES if turn.get(name) is True}
    if any(one.issue is Issue.REFUND_REQUEST for one in situation.understanding.issues):
        said.add("wants_money")
    if refuses_way_back(situation) or asks_for_way_back(situation):
        said.discard("wants_return")
    return frozenset(action for name in said for action in _WISHES[name])


def by_wish(built: Sequence[Built], wish: frozenset[str], *, only: bool = False) -> list[Built]:
    """``built`` with what was asked for first; ``only`` drops the rest where something was.

    Beside that, sending it all back comes last: who has a problem wants the thing he ordered.
    """
    wanted = [one for one in built if one.option.action in wish]
    if only and any(one.option.action == "reship" for one in wanted):
        # Who gets the thing sent has nothing to swap for it.
        wanted = [one for one in wanted if one.option.action != "exchange"]
    others = sorted(
        (one for one in built if one.option.action not in wish), key=lambda one: one.option.action == GIVE_BACK
    )
    return wanted if wanted and only else [*wanted, *others]
