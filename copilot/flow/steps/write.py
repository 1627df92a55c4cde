"""Words the plan: composed first and kept, then by a model when there is one and there is time.

The composed text is checked and stored before a model is asked, so that nobody waits for one to see a draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.domain.case import Case, CaseState, Commitment
from copilot.domain.conversation import Conversation
from copilot.domain.draft import LANGUAGE_HELD, DraftView, Rejection, RejectReason, WrittenBy
from copilot.domain.errors import LanguageUnsupported
from copilot.domain.issue import CATEGORY_OF, Category, Understanding
from copilot.domain.message import Role
from copilot.domain.plan import Plan
from copilot.domain.reason import Reason
from copilot.flow.asking import seconds_for_model
from copilot.flow.deps import Deps
from copilot.flow.goods import goods_of
from copilot.flow.judging import judge, untranslatable
from copilot.flow.masking import lines
from copilot.flow.shapes import Checked, End, Gathered, Intake, Template, Written
from copilot.flow.understand import derive_cases, open_case, unanswered
from copilot.flow.views import named_issue, view
from copilot.flow.wording import words_of
from copilot.model.completion import ModelFailed
from copilot.model.composer import Composed, Limits, compose
from copilot.model.composer.holding import compose_hold
from copilot.model.wordings import Wordings
from copilot.model.writer import Brief, Writer

MAX_REWRITES = 1


@dataclass(frozen=True)
class Task:
    """One text to write; ``before`` and ``refused`` are the model's last text and why policy blocked it.

    ``gathered`` is what was looked up, and what could not be.
    """

    merchant: str
    conversation: str
    draft: str
    revision: int
    intake: Intake
    understanding: Understanding
    plan: Plan
    rejection: Rejection | None = None
    before: Written | None = None
    refused: Checked | None = None
    gathered: Gathered = field(default_factory=Gathered)


async def run(task: Task, deps: Deps) -> Written | End:
    """The best text that the time allows, or why none exists."""
    try:
        composed = await _composed(task, deps)
    except LanguageUnsupported:
        return End(reason=Reason.LANGUAGE_UNSUPPORTED)
    if task.before is not None and task.before.rewrites >= MAX_REWRITES:
        return composed.model_copy(update={"composed_because": "model_blocked"})
    if LANGUAGE_HELD in task.intake.flags:
        return composed
    if deps.writer is None:
        # Nothing is waited for: this very text is judged and shown next.
        return composed
    if "injection" in task.intake.flags:
        # Words that steer machines are worded by none.
        return composed.model_copy(update={"composed_because": "injection"})
    if task.before is None:
        shown = await _view(task, composed, deps)
        await deps.rows.composed(task.merchant, task.draft, task.revision, shown, task.gathered.candidates)
    try:
        return await _by_model(task, composed, deps.writer, deps)
    except ModelFailed as failed:
        return composed.model_copy(update={"composed_because": failed.fault.value})


_WORDINGS = 12
"""So many of our own texts bring together nearly every word that the templates have for a plan."""


async def _composed(task: Task, deps: Deps) -> Written:
    conversation = await deps.conversations.get(task.merchant, task.conversation)
    reason = task.rejection.reason if task.rejection else None
    if LANGUAGE_HELD in task.intake.flags:
        return _held(task, conversation, reason, deps)
    text = _worded(task, conversation, deps)
    if deps.translated:
        text = _plain(task, conversation, deps, text)
    return Written(
        text=text.text,
        option_texts=text.option_texts,
        claims=text.claims,
        written_by=WrittenBy.COMPOSER,
        composed_because=None if deps.writer else "no_model",
        templates=tuple(Template(name=used.name, hash=used.hash) for used in text.templates),
    )


def _plain(task: Task, conversation: Conversation, deps: Deps, text: Composed) -> Composed:
    """``text``, or the first of our other wordings that holds no words which machines translate badly."""
    for turn in range(_WORDINGS):
        other = _worded(task, conversation, deps, turn) if turn else text
        checked = judge(other.text, other.claims, task.understanding, task.plan, WrittenBy.COMPOSER, deps)
        if not untranslatable(checked.verdict):
            return other
    return text


def _worded(task: Task, conversation: Conversation, deps: Deps, turn: int = 0) -> Composed:
    """The plan in our own words; ``turn`` moves on to other ones."""
    order = next((o for o in conversation.orders or () if task.plan.order and o.id == task.plan.order.id), None)
    reason = task.rejection.reason if task.rejection else None
    again = task.revision - 1 if reason in (RejectReason.TONE, RejectReason.OTHER) else 0
    cases = derive_cases(conversation)
    case = open_case(cases, task.understanding)
    return compose(
        task.plan,
        language=task.understanding.language,
        case=case,
        seed=task.conversation,
        burst_text=unanswered(conversation).text,
        order=order,
        now=deps.clock.now(),
        zone=deps.rules.zone,
        voice=deps.rules.voice,
        variant=again + turn,
        short=reason is RejectReason.TOO_LONG,
        prompts=deps.prompts,
        limits=Limits(max_chars=deps.rules.longest(task.understanding.language)),
        said=_said(conversation),
        tags=conversation.buyer.tags,
        promises=_owed_elsewhere(task, cases, case),
    )


def _owed_elsewhere(task: Task, cases: Sequence[Case], case: Case | None) -> tuple[Commitment, ...]:
    """What was promised about this order in another matter: "where is my money" raises a new one by its words."""
    plan = task.plan
    if plan.issue is None or CATEGORY_OF[plan.issue] is not Category.AFTER_SALE:
        return ()
    about = (None, plan.order.id if plan.order else None)
    live = (one for one in cases if one is not case and one.state is not CaseState.RESOLVED)
    return tuple(promise for one in live for promise in one.commitments if promise.order in about)


def _held(task: Task, conversation: Conversation, reason: RejectReason | None, deps: Deps) -> Written:
    text, readings = compose_hold(
        task.plan,
        language=task.understanding.language,
        now=deps.clock.now(),
        zone=deps.rules.zone,
        prompts=deps.prompts,
        seed=task.conversation,
        variant=task.revision - 1 if reason in (RejectReason.TONE, RejectReason.OTHER) else 0,
        said=_said(conversation),
    )
    return Written(
        text=text.text,
        claims=text.claims,
        written_by=WrittenBy.COMPOSER,
        composed_because="language" if deps.writer else "no_model",
        templates=tuple(Template(name=used.name, hash=used.hash) for used in text.templates),
        readings=readings,
    )


def _said(conversation: Conversation) -> tuple[str, ...]:
    return tuple(m.text for m in conversation.messages if m.role in (Role.AGENT, Role.BOT) and m.kind == "text")


async def _view(task: Task, composed: Written, deps: Deps) -> DraftView:
    goods = await goods_of(composed.text, task.gathered.goods or (), deps)
    checked = judge(composed.text, composed.claims, task.understanding, task.plan, WrittenBy.COMPOSER, deps, goods)
    named = named_issue(task.understanding, task.plan, task.rejection)
    return view(task.understanding, task.plan, task.intake, composed, checked, task.gathered.unavailable, named)


async def _by_model(task: Task, composed: Written, writer: Writer, deps: Deps) -> Written:
    seconds = await seconds_for_model(writer.completer, deps)
    conversation = await deps.conversations.get(task.merchant, task.conversation)
    brief = Brief(
        plan=task.plan,
        language=task.understanding.language,
        lines=lines(conversation, deps.rules.profile),
        words=words_of(task.plan, task.understanding.language, deps.clock.now(), deps.rules.zone),
        voice=deps.rules.voice.model_dump(mode="json"),
        wordings=Wordings(
            lambda turn: _worded(task, conversation, deps, turn).text,
            _WORDINGS,
            # What is translated may be another than the first.
            None if deps.translated else composed.text,
        ),
        max_chars=deps.rules.longest(task.understanding.language),
        findings=[finding.reason for finding in task.refused.verdict.findings] if task.refused else (),
    )
    started = deps.clock.monotonic()
    try:
        text = await writer.write(brief, seconds=seconds)
    finally:
        deps.pace.record(deps.clock.monotonic() - started)
    return Written(
        text=text.text,
        option_texts=text.option_texts,
        written_by=WrittenBy.MODEL,
        templates=tuple(Template(name=used.name, hash=used.hash) for used in text.templates),
        tokens_in=text.tokens_in,
        tokens_out=text.tokens_out,
        rewrites=task.before.rewrites + 1 if task.before else 0,
    )
