"""Reads shapes back out of the state, and puts a finished draft into the shape that people see."""
# pyright: reportTypedDictNotRequiredAccess=false
# (The order of the steps says which keys are there; a missing one is a defect and raises.)

from copilot.domain.draft import DraftResult, DraftView, Rejection, RejectReason
from copilot.domain.issue import Issue, Understanding
from copilot.domain.plan import Plan, Ruling
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.shapes import Checked, End, Gathered, Intake, Written
from copilot.flow.state import State
from copilot.playbook.options import LEFT_OUT


def understanding_of(state: State) -> Understanding:
    """What the turn says."""
    return Understanding.model_validate(state["understanding"])


def plan_of(state: State) -> Plan:
    """What the reply may do."""
    return Plan.model_validate(state["plan"])


def rejection_of(state: State) -> Rejection | None:
    """What the agent said when rejecting the last revision."""
    found = state.get("rejection")
    return Rejection.model_validate(found) if found else None


def ruling_of(state: State) -> Ruling | None:
    """What a supervisor allowed for this draft."""
    found = state.get("ruling")
    return Ruling.model_validate(found) if found else None


def end_of(state: State) -> End | None:
    """Why the flow ended without a draft, if it did."""
    found = state.get("end")
    return End.model_validate(found) if found else None


def view(
    understanding: Understanding,
    plan: Plan,
    intake: Intake,
    written: Written,
    checked: Checked,
    unavailable: tuple[str, ...] = (),
    named: Issue | None = None,
) -> DraftView:
    """A draft as commands, the API and the row show it."""
    options = tuple(
        option.model_copy(update={"text": written.option_texts.get(option.id, option.text)}) for option in plan.options
    )
    return DraftView(
        text=checked.text,
        language=understanding.language,
        turn=understanding.turn,
        issues=understanding.issues,
        risks=understanding.risks,
        order=plan.order,
        options=options,
        asks=plan.asks,
        claims=checked.claims,
        verdict=checked.verdict,
        written_by=written.written_by,
        act=plan.act,
        composed_because=written.composed_because,
        flags=tuple(dict.fromkeys((*intake.flags, *plan.notes, *checked.look_at))),
        unknown=_unknown(plan, unavailable),
        owes=plan.promises,
        grant=plan.grant,
        over_ceiling=tuple(one for one in plan.not_offered if one.ceiling is not None),
        left_out=tuple(one for one in plan.not_offered if one.reason == LEFT_OUT),
        escalation=plan.escalation,
        named=named,
        replaces=plan.replaces,
        cites=plan.cites,
        readings=written.readings,
    )


_MISSING = "fact_missing:"


def _unknown(plan: Plan, unavailable: tuple[str, ...]) -> tuple[str, ...]:
    missing = (one.reason.removeprefix(_MISSING) for one in plan.not_offered if one.reason.startswith(_MISSING))
    return tuple(dict.fromkeys((*unavailable, *missing)))


def view_of(state: State) -> DraftView:
    """The draft of a run that reached the pause or was blocked."""
    return view(
        understanding_of(state),
        plan_of(state),
        Intake.model_validate(state["intake"]),
        Written.model_validate(state["written"]),
        Checked.model_validate(state["checked"]),
        _gathered(state).unavailable,
        named_issue(understanding_of(state), plan_of(state), rejection_of(state)),
    )


def named_issue(understanding: Understanding, plan: Plan, rejection: Rejection | None) -> Issue | None:
    """The issue of the plan, where an agent or a model named it."""
    corrected = rejection is not None and rejection.reason is RejectReason.WRONG_ISSUE
    return plan.issue if corrected or understanding.read_by == "model" else None


def candidates_of(state: State) -> tuple[str, ...]:
    """The orders that a person may choose from; none when the turn is about one."""
    end = end_of(state)
    return end.candidates if end else _gathered(state).candidates


def _gathered(state: State) -> Gathered:
    return Gathered.model_validate(state["gathered"])


def result_of(conversation: str, state: State) -> DraftResult:
    """What drafting gave, as ``draft`` prints it."""
    end = end_of(state)
    return result(conversation, state, None if end else view_of(state), end)


def result(conversation: str, state: State, found: DraftView | None, end: End | None) -> DraftResult:
    """The same, where draft or reason are not those of ``state`` alone."""
    if end is not None:
        return DraftResult(conversation=conversation, draft=None, reason=end.reason, candidates=end.candidates)
    found = found or view_of(state)
    if found.verdict.decision is Decision.BLOCK:
        return DraftResult(conversation=conversation, draft=None, reason=Reason.BLOCKED)
    return DraftResult(conversation=conversation, draft=found, reason=None, candidates=candidates_of(state))
