"""Words the plan: composed first and kept, then by a model when there is one and there is time.

The composed text is checked and stored before a model is asked, so that a deadline always finds something to show.
"""

from dataclasses import dataclass

from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView, Rejection, RejectReason, WrittenBy
from copilot.domain.errors import LanguageUnsupported
from copilot.domain.issue import Understanding
from copilot.domain.message import Role
from copilot.domain.plan import Plan
from copilot.domain.reason import Reason
from copilot.flow.asking import seconds_for_model
from copilot.flow.deps import Deps
from copilot.flow.judging import judge
from copilot.flow.masking import lines
from copilot.flow.shapes import Checked, End, Intake, Template, Written
from copilot.flow.understand import derive_cases, open_case, unanswered
from copilot.flow.views import view
from copilot.flow.wording import words_of
from copilot.model.completion import ModelFailed
from copilot.model.composer import Composed, Limits, compose
from copilot.model.writer import Brief, Writer

MAX_REWRITES = 1


@dataclass(frozen=True)
class Task:
    """One text to write; ``before`` and ``refused`` are the model's last text and why policy blocked it.

    ``unavailable`` is what could not be looked up.
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
    unavailable: tuple[str, ...] = ()


async def run(task: Task, deps: Deps) -> Written | End:
    """The best text that the time allows, or why none exists."""
    try:
        composed = await _composed(task, deps)
    except LanguageUnsupported:
        return End(reason=Reason.LANGUAGE_UNSUPPORTED)
    if task.before is not None and task.before.rewrites >= MAX_REWRITES:
        return composed.model_copy(update={"composed_because": "model_blocked"})
    if deps.writer is None:
        # Nothing is waited for: this very text is judged and shown next.
        return composed
    if "injection" in task.intake.flags:
        # Words that steer machines are worded by none.
        return composed.model_copy(update={"composed_because": "injection"})
    if task.before is None:
        await deps.rows.composed(task.merchant, task.draft, task.revision, _view(task, composed, deps))
    try:
        return await _by_model(task, deps.writer, deps)
    except ModelFailed as failed:
        return composed.model_copy(update={"composed_because": failed.fault.value})


async def _composed(task: Task, deps: Deps) -> Written:
    conversation = await deps.conversations.get(task.merchant, task.conversation)
    order = next((o for o in conversation.orders or () if task.plan.order and o.id == task.plan.order.id), None)
    reason = task.rejection.reason if task.rejection else None
    text: Composed = compose(
        task.plan,
        language=task.understanding.language,
        case=open_case(derive_cases(conversation), task.understanding),
        seed=task.conversation,
        burst_text=unanswered(conversation).text,
        order=order,
        now=deps.clock.now(),
        zone=deps.rules.zone,
        voice=deps.rules.voice,
        variant=task.revision - 1 if reason in (RejectReason.TONE, RejectReason.OTHER) else 0,
        short=reason is RejectReason.TOO_LONG,
        prompts=deps.prompts,
        limits=Limits(max_chars=deps.rules.max_chars),
        said=_said(conversation),
        tags=conversation.buyer.tags,
    )
    return Written(
        text=text.text,
        option_texts=text.option_texts,
        claims=text.claims,
        written_by=WrittenBy.COMPOSER,
        composed_because=None if deps.writer else "no_model",
        templates=tuple(Template(name=used.name, hash=used.hash) for used in text.templates),
    )


def _said(conversation: Conversation) -> tuple[str, ...]:
    return tuple(m.text for m in conversation.messages if m.role in (Role.AGENT, Role.BOT) and m.kind == "text")


def _view(task: Task, composed: Written, deps: Deps) -> DraftView:
    checked = judge(composed.text, composed.claims, task.understanding, task.plan, WrittenBy.COMPOSER, deps)
    return view(task.understanding, task.plan, task.intake, composed, checked, task.unavailable)


async def _by_model(task: Task, writer: Writer, deps: Deps) -> Written:
    seconds = await seconds_for_model(writer.completer, deps)
    conversation = await deps.conversations.get(task.merchant, task.conversation)
    brief = Brief(
        plan=task.plan,
        language=task.understanding.language,
        lines=lines(conversation, deps.rules.profile),
        words=words_of(task.plan, task.understanding.language, deps.clock.now(), deps.rules.zone),
        voice=deps.rules.voice.model_dump(mode="json"),
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
