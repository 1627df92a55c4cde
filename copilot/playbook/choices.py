"""The buyer chose, or refused everything: confirm exactly that, or say what is still possible.

Owns what a choice leads to; refuses to change what was offered or to offer something new beside a choice.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from copilot.domain.case import Case, CommitmentState, Option
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Act, Escalation, NoPlan, NotOffered, Plan, Promise
from copilot.domain.reason import Reason
from copilot.playbook.offered import actions_of, amount_of_agent, as_offered, built_from, goods_come_back, sum_said
from copilot.playbook.options import OVER_CEILING, Built, eligible, spent
from copilot.playbook.restraint import is_remedy
from copilot.playbook.scenes import RETURN_AT, Scope, amount_given, hold, make, option_promise
from copilot.playbook.wishes import wished

_OURS_TO_DO = frozenset({"refund", "cancel_refund", "reship", "voucher", "resend_gift", "change_address", "invoice"})
_OURS_IN_WORDS = frozenset({"refund", "keep", "partial", "price_gap", "cancel", "reship", "parts", "gift", "voucher"})
"""What a colleague's words offer that leaves the buyer nothing to do; an exchange or a repair begins with them."""
OWN_AMOUNT = "option.own.amount"
"""The sum that a colleague named in an offer that is none of the playbook's."""
CHOICE_OVER = "choice_over"
"""Why a supervisor is asked about a choice: what was offered is now above the agent's limit."""
_ONE = re.compile(
    r"一[个只片件块双条]|\b(?:one|a single|another) (?:mug|cup|plate|bowl|glass|piece|lid)?", re.IGNORECASE
)
_SET = re.compile(
    r"套|[两二三四五六七八九十\d]+\s*[个只片件块双条包袋]装?|\b(?:set|pack) of\b|\b\d+[- ]?(?:pack|pc|piece)\b",
    re.IGNORECASE,
)


def confirm(scope: Scope, case: Case, ids: Iterable[str]) -> Plan | NoPlan:
    """The plan for a choice: the option, its next step and date; two at once are asked about again."""
    picked = [option for option in case.offered if option.id in set(ids)]
    if not picked:
        return NoPlan(reason=Reason.UNCLEAR)
    if len(picked) > 1:
        return _ask_again(scope, picked)
    option = picked[0]
    if len(case.offered) == 1:
        # Offered plainly, it had no letter that the buyer has seen.
        option = option.model_copy(update={"id": ""})
    built = None if _is_one_of_a_set(option, scope) else as_offered(scope, case, option)
    beyond = _beyond(scope, option, built)
    if beyond is not None:
        return _to_supervisor(scope, beyond)
    if built is None:
        # Whether a colleague put letters to what they offered is not known; their words say which one it is.
        bare = option if case.chosen is not None else option.model_copy(update={"id": ""})
        return _in_their_words(scope, bare)
    chosen = built.option.model_copy(
        update={
            "id": option.id,
            "lettered": option.lettered,
            "title": option.title or built.option.title,
            "text": option.text,
        }
    )
    return _confirmed(scope, chosen, built)


def _is_one_of_a_set(option: Option, scope: Scope) -> bool:
    """Whether a colleague offered one piece of what the order holds as a set: the shop's own option sends all of it."""
    item = scope.situation.item
    typed = option.key == "reship" and not option.action and _ONE.search(option.text or option.title) is not None
    return (
        typed
        and item is not None
        and scope.playbook.rule.issue is not Issue.MISSING_ITEM
        and bool(_SET.search(item.name))
    )


def _in_their_words(scope: Scope, option: Option) -> Plan:
    """The plan for what a colleague offered on their own account: the sum in it is theirs."""
    plan = make(scope, Act.CONFIRM, "chosen", ())
    said = sum_said(option, scope)
    facts = dict(plan.facts)
    if said is not None:
        facts[OWN_AMOUNT] = amount_of_agent(OWN_AMOUNT, said)
    owed = _owed_in_their_words(scope, option, said)
    return plan.model_copy(update={"chosen": option, "facts": facts, "promises": owed, "empathy": False})


def _owed_in_their_words(scope: Scope, option: Option, said: Money | None) -> tuple[Promise, ...]:
    """What the confirmation of an offer in a colleague's words leaves us to do: by when we would come back.

    Where the goods come back first the buyer has the next move; what was promised with a time of its own is owed
    already.
    """
    back, case = scope.facts.get(RETURN_AT), scope.situation.case
    live = (CommitmentState.OWED, CommitmentState.BROKEN)
    owed = case is not None and any(one.state in live and is_remedy(one) for one in case.commitments)
    if back is None or owed or option.key not in _OURS_IN_WORDS or goods_come_back(option.text or option.title):
        return ()
    fact = OWN_AMOUNT if said is not None else back.id
    due = datetime.fromisoformat(str(back.value))
    return (Promise(what=f"option.{option.key}", due=due, fact=fact, amount=said),)


def _beyond(scope: Scope, option: Option, built: Built | None) -> NotOffered | None:
    """The choice as one that a supervisor must allow, when more was given since than the agent's ceilings bear.

    While the offer stands it has counted itself; so it is only one that waited too long, while somebody gave the rest.
    """
    situation, issue = scope.situation, scope.playbook.rule.issue
    cost = built.option.cost if built is not None else option.cost
    if cost is None or (built is not None and _is_due(built, scope)):
        return None
    key = built.option.key if built is not None else option.key
    about = situation.order.id if situation.order is not None else None
    authority = situation.authority
    if authority.holds(cost, issue) or authority.lifts(key, about, cost):
        return None
    over = authority.over(cost, issue, spent(situation))
    if over is None:
        return None
    # What the buyer was offered is not made smaller now that they took it.
    title = option.title or (built.option.title if built is not None else "")
    return NotOffered(
        key=key, reason=OVER_CEILING, title=title, issue=issue, cost=cost, ceiling=over.ceiling, left=over.left
    )


def _to_supervisor(scope: Scope, beyond: NotOffered) -> Plan | NoPlan:
    """The plan that confirms nothing: a supervisor is asked, and the buyer hears when we come back."""
    escalation = Escalation(to="supervisor", why=CHOICE_OVER)
    held = hold(scope, not_offered=(beyond,), name="approval", escalation=escalation)
    if isinstance(held, NoPlan):
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    return held.model_copy(update={"empathy": False})


def confirm_due(scope: Scope, option: Option) -> Plan | None:
    """The confirmation of ``option``, which is due anyway and was offered plainly; None where it is not due."""
    built = built_from(scope, option)
    if built is None or not _is_due(built, scope):
        return None
    return _confirmed(scope, built.option.model_copy(update={"id": ""}), built)


def _confirmed(scope: Scope, chosen: Option, built: Built) -> Plan:
    plan = make(scope, Act.CONFIRM, "chosen", ())
    promises: tuple[Promise, ...] = (option_promise(built),) if built.due else _to_do(scope, built)
    return plan.model_copy(
        update={
            "chosen": chosen,
            "facts": {**plan.facts, **built.facts},
            "points": tuple(built.facts),
            "promises": promises,
            "empathy": False,
        }
    )


def _to_do(scope: Scope, built: Built) -> tuple[Promise, ...]:
    """What a person must now do for the option although its text names no time: by when we would come back.

    Where the buyer has the next move (goods to send back) nothing is owed yet.
    """
    back = scope.facts.get(RETURN_AT)
    if built.option.action not in _OURS_TO_DO or back is None:
        return ()
    at = f"option.{built.option.key}"
    fact = next((id for id in (f"{at}.amount", *built.facts) if id in built.facts), back.id)
    due = datetime.fromisoformat(str(back.value))
    return (Promise(what=at, due=due, fact=fact, amount=amount_given(built)),)


def _ask_again(scope: Scope, picked: list[Option]) -> Plan:
    built = {option.id: built_from(scope, option) for option in picked}
    facts = {id: fact for one in built.values() if one for id, fact in one.facts.items()}
    options = tuple(
        one.option.model_copy(
            update={
                "id": option.id,
                "lettered": option.lettered,
                "title": option.title or one.option.title,
                "text": option.text,
            }
        )
        if (one := built[option.id])
        else option
        for option in picked
    )
    plan = make(scope, Act.ASK, "choice", (), asks=("choice",))
    return plan.model_copy(update={"options": options, "facts": {**plan.facts, **facts}, "empathy": False})


def acknowledge(scope: Scope, case: Case) -> Plan | NoPlan:
    """The plan for "none of these".

    Who then asks for what is due anyway (a return within its days) gets just that; else a person looks and we return.
    """
    if scope.situation.understanding.let_go:
        # Whoever gives up is neither asked again nor offered anything; the door stays open.
        return make(scope, Act.ACKNOWLEDGE, "let_go", ()).model_copy(update={"empathy": False})
    refused = {action for option in case.offered for action in actions_of(scope, option)}
    scene = next((one for one in scope.playbook.scenes if one.when.holds(scope.seen) is True), None)
    keys = (*scene.rule.options, *scene.rule.otherwise) if scene else ()
    built, left_out = eligible(keys, scope.playbook, scope.situation, scope.seen)
    remaining = [one for one in built if one.option.action not in refused]
    wish = wished(scope.situation, scope.seen)
    due = [one for one in remaining if one.option.action in wish and _is_due(one, scope)]
    if len(due) == 1:
        return _confirmed(scope, due[0].option.model_copy(update={"id": ""}), due[0])
    # The agent's card says what is still possible; the buyer is first asked what would be right.
    left_out += [NotOffered(key=one.option.key, reason="not_asked_for") for one in remaining]
    escalation = Escalation(to="supervisor", why="all_refused")
    held = hold(scope, escalation=escalation, not_offered=left_out)
    if isinstance(held, NoPlan):
        return held
    return held.model_copy(
        update={"act": Act.ACKNOWLEDGE, "scene": "refused_all", "points": _returns(held.points), "empathy": False}
    )


def _is_due(built: Built, scope: Scope) -> bool:
    rules = scope.playbook.options.values()
    return any(one.key == built.option.key and one.rule.entitled for one in rules)


def _returns(points: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(point for point in points if point == RETURN_AT)
