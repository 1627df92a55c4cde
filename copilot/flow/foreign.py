"""Drafts for buyers in whose language nothing is composed, where a model can translate.

The whole flow works on the conversation in the shop's language; then its text is translated for the buyer and compared
with what it was made from. When any of that fails, or time runs out, what stands is the fixed text that says when we
come back. Owned here is that way there and back; the steps know nothing of it.
"""
# pyright: reportTypedDictNotRequiredAccess=false
# (A start names its draft; a missing key is a defect and raises.)

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftView
from copilot.domain.fact import FactKind
from copilot.domain.message import Kind
from copilot.domain.reason import Reason
from copilot.domain.verdict import Decision
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.judging import untranslatable
from copilot.flow.masking import masked
from copilot.flow.shapes import End
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.translating import TranslationState, judged, translatable, translated
from copilot.flow.understand import derive_cases, open_case, unanswered
from copilot.flow.understand.language import detect, language_of
from copilot.flow.views import end_of, view_of
from copilot.model.completion import ModelFailed
from copilot.model.composer.holding import holds_in
from copilot.model.translation import Translator
from copilot.policy.pairing import loosely_different

MODEL_TRANSLATED: Final = "model_translated"
"""The flag of a draft whose words a model translated."""
_READ_SHARE: Final = 0.4
"""Of the time that is left reading the conversation may take so much; wording and translating come after it."""
_MOST: Final = 20
_OWN_SECONDS: Final = 0.25
"""Of the time that is left our own steps need so much."""
SOURCE_SLANG: Final = "source_slang"
"""The flag of a draft whose source holds words, not ours to change, that machines translate badly."""


@dataclass(frozen=True)
class Abroad:
    """A conversation with a buyer who writes ``language``; the shop's people read ``ours``."""

    language: str
    ours: str
    translator: Translator

    async def read(self, conversation: Conversation, deps: Deps) -> Conversation | None:
        """The conversation in our language, within its share of the time; None when it could not be had."""
        hidden = masked(conversation, deps.rules.profile)
        wanted = [
            at
            for at, message in enumerate(conversation.messages)
            if message.kind == Kind.TEXT and detect(message.text) not in (None, self.ours)
        ][-_MOST:]
        seconds = _seconds(deps, _READ_SHARE)
        if not wanted or seconds is None or not self.translator.completer.ready:
            return None
        lines = [hidden.texts[at] for at in wanted]
        try:
            found = await self.translator.lines(lines, self.ours, seconds=seconds)
        except ModelFailed:
            return None
        texts = dict(zip(wanted, found, strict=True))
        if any(self._misread(line, text, deps) for line, text in zip(lines, found, strict=True)):
            return None
        messages = tuple(
            message.model_copy(update={"text": hidden.restore(texts[at])}) if at in texts else message
            for at, message in enumerate(conversation.messages)
        )
        read = conversation.model_copy(update={"messages": messages})
        return read if language_of(_buyers_words(read), previous=self.ours) == self.ours else None

    async def write(self, view: DraftView, deps: Deps) -> DraftView | None:
        """The draft in the buyer's language, its source beside it; None when no translation may be used."""
        seconds = _seconds(deps, 1.0)
        if seconds is None:
            return None
        now = deps.clock.now()
        outcome = await translated(
            self.translator,
            view.text,
            source_language=view.language,
            language=self.language,
            rules=deps.rules,
            now=now,
            seconds=seconds,
            keep=[one.text for one in view.claims if one.kind is FactKind.NUMBER],
        )
        if outcome.state is not TranslationState.READY or outcome.text is None:
            return None
        slang = (SOURCE_SLANG,) if untranslatable(view.verdict) else ()
        return view.model_copy(
            update={
                "text": outcome.text,
                "language": self.language,
                # What it states was held to what its source states, and that to facts.
                "claims": (),
                "verdict": judged(outcome.text, self.language, deps.rules),
                "readings": {view.language: view.text},
                "options": tuple(one.model_copy(update={"text": ""}) for one in view.options),
                "flags": tuple(dict.fromkeys((*view.flags, MODEL_TRANSLATED, *slang))),
            }
        )

    def _misread(self, line: str, text: str, deps: Deps) -> bool:
        return bool(
            loosely_different(
                line,
                text,
                source_language=self.language,
                language=self.ours,
                now=deps.clock.now(),
                zone=deps.rules.zone,
            )
        )


@dataclass(frozen=True)
class Drafted:
    """What came of it: the flow's state, and the draft or the reason why there is none."""

    state: State
    view: DraftView | None
    end: End | None


Reading = Callable[[], Awaitable[str]]
"""Says which of our languages the shop's people read."""


@dataclass(frozen=True)
class _Read:
    """The port ``Conversations`` with the conversation as it was read."""

    conversation: Conversation

    async def get(self, merchant: str, conversation: str) -> Conversation:
        """The conversation of this draft."""
        return self.conversation


@dataclass
class _Aside:
    """The port ``DraftRows`` for a text in our language, which must never be found by the deadline."""

    kept: list[DraftView] = field(default_factory=list[DraftView])

    async def composed(
        self, merchant: str, draft: str, revision: int, view: DraftView, candidates: tuple[str, ...] | None = None
    ) -> None:
        """Keep it to ourselves."""
        self.kept.append(view)

    async def deliver(self, merchant: str, draft: str) -> bool:
        """Nothing is sent from here."""
        return False


async def drafted_abroad(start: State, deps: Deps, reading: Reading) -> Drafted | None:
    """The draft for a buyer in whose language only a model could write; None for any other, and without a model.

    No thread is kept of it: a rejected one is written from the start.
    """
    if deps.writer is None:
        return None
    language = language_abroad(await deps.conversations.get(start["merchant"], start["conversation"]), deps)
    if language is None:
        return None
    translator = Translator(deps.writer.completer, deps.prompts, deps.clock)
    return await draft_abroad(Abroad(language, await reading(), translator), start, deps)


async def draft_abroad(way: Abroad, start: State, deps: Deps) -> Drafted:
    """Draft for a buyer abroad: first the fixed text, which is kept, then the flow in our language and back."""
    held = await _run(start, replace(deps, writer=None, rows=_Aside()))
    if held.view is not None:
        await deps.rows.composed(start["merchant"], start["draft"], start["revision"], held.view)
    found = await deps.conversations.get(start["merchant"], start["conversation"])
    read = await way.read(found, deps)
    if read is None:
        return held
    ours = await _run(start, replace(deps, conversations=_Read(read), rows=_Aside(), translated=True))
    if ours.view is None:
        # What ends a turn in our language ends it in theirs: danger and silence are no matter of words.
        return ours
    translated_view = await way.write(ours.view, deps)
    if translated_view is None or translated_view.verdict.decision is Decision.BLOCK:
        return held
    return Drafted(ours.state, translated_view, None)


async def _run(start: State, deps: Deps) -> Drafted:
    """The flow in a thread that nothing is kept of; a blocked text is none."""
    reached = await Threads(compile_graph()).run(start["draft"], start, deps)
    end = end_of(reached.state)
    if end is not None:
        return Drafted(reached.state, None, end)
    view = view_of(reached.state)
    if view.verdict.decision is Decision.BLOCK:
        return Drafted(reached.state, None, End(reason=Reason.BLOCKED))
    return Drafted(reached.state, view, None)


def language_abroad(conversation: Conversation, deps: Deps) -> str | None:
    """The buyer's language where nothing but a fixed text is composed in it; None in any other."""
    words = _buyers_words(conversation)
    if not words.strip():
        return None
    case = open_case(derive_cases(conversation))
    before = (case.language if case else None) or unanswered(conversation).language_before
    language = language_of(words, previous=before)
    return language if holds_in(language, deps.prompts) and translatable("en", language) else None


def _buyers_words(conversation: Conversation) -> str:
    return unanswered(conversation).text


def _seconds(deps: Deps, share: float) -> float | None:
    """How long a model may be asked now; None when there is no time."""
    left = deps.seconds_left()
    seconds = deps.model_seconds if left is None else min((left - _OWN_SECONDS) * share, deps.model_seconds)
    return seconds if seconds > 0 else None
