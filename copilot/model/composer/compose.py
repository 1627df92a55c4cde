"""From a plan to its words, without a model: one template, one choice of wordings, claims by construction.

Owns the composed text; refuses to word what the plan does not hold, and never cuts a sentence.
"""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from copilot.domain.base import Shape
from copilot.domain.case import Case, Commitment, CommitmentState, Option
from copilot.domain.errors import LanguageUnsupported, PromptError
from copilot.domain.fact import Claim
from copilot.domain.order import Order
from copilot.domain.plan import Plan
from copilot.model.composer.known import Known
from copilot.model.composer.sentences import NotSayable, Sentence, Teller, fit, said_in, split
from copilot.model.composer.spans import Span, strip
from copilot.model.composer.vocabulary import Vocabulary
from copilot.model.composer.voice import Voice
from copilot.model.composer.wording import Language, Wording
from copilot.model.prompts import Prompts, Rendered, TemplateUse

FOLLOW_UP = "follow_up"
"""The scene of the question whether a matter is solved, which has words of its own for every issue."""
_MOST_SENTENCES = 5
# Where the first option begins at the latest; what stands before it is read on the way to the choice.
_FIRST_PART = 0.6
_LETTER = 2
_LAST_MINUTE = time(23, 59)
# Further wordings are tried when the first one is too long or puts the offer too late.
_TRIES = 12
_PLAIN: dict[int, int] = str.maketrans("，：；？！（）", ",:;?!()")


class Limits(Shape):
    """What a platform allows: ``max_chars`` code points of a message."""

    max_chars: int | None = None


class Composed(Shape):
    """A composed draft.

    ``option_texts`` maps an option's id to the words that offer or confirm it; ``claims`` have exact spans on
    ``text``; ``templates`` name and hash every template that took part; ``sentences`` are the parts of ``text`` in
    order, optional ones that were left out excluded.
    """

    text: str
    language: str
    option_texts: dict[str, str]
    claims: tuple[Claim, ...]
    templates: tuple[TemplateUse, ...]
    sentences: tuple[str, ...]


def compose(
    plan: Plan,
    *,
    language: str,
    case: Case | None,
    burst_text: str,
    order: Order | None,
    now: datetime,
    zone: ZoneInfo,
    voice: Voice,
    prompts: Prompts,
    variant: int = 0,
    short: bool = False,
    limits: Limits | None = None,
    seed: str = "",
    said: Sequence[str] = (),
    tags: Sequence[str] = (),
    promises: Sequence[Commitment] = (),
) -> Composed:
    """Word ``plan`` in ``language`` ("zh" or "en").

    The same arguments give the same text. ``seed`` is the conversation's id: it spreads wordings over conversations;
    ``variant`` moves each sentence to its next wording (a redraft after "tone"); ``said`` are the shop's earlier
    texts in this conversation, whose sentences are not used again; ``tags`` are the buyer's, for templates of a shop's
    own; ``promises`` are those of other cases that the plan answers for as well as for those of ``case``.

    Raises:
        LanguageUnsupported: no templates in this language.
        SceneUnknown: no template words this act, issue and scene.
        PromptError: a template is broken or needs a fact that the plan does not hold.
    """
    spoken = supported(language, prompts)
    name = _template(plan, spoken, prompts)
    most = limits.max_chars if limits else None
    best: tuple[tuple[int, bool, float], Composed] | None = None
    late = _overdue((*(case.commitments if case else ()), *promises), now)
    for turn in range(_TRIES):
        known = Known(plan.facts, plan.points)
        teller = Teller(_seed(plan, case, order, seed), variant + _turns(case) + turn, plan.empathy, said_in(said))
        words = Vocabulary(
            known=known,
            wording=Wording(spoken, now, zone),
            plan=plan,
            teller=teller,
            voice=voice,
            burst_text=burst_text,
            overdue=bool(late),
            named_time=any(_names_time(one, zone) for one in late),
            dropped=_dropped(plan, case),
            tags=tuple(tags),
        )
        try:
            rendered = prompts.render(name, words.variables())
        except NotSayable as reason:
            raise PromptError(f"{name}: {reason}", remedy="the scene lacks a fact it guarantees") from None
        glue = 0 if spoken == "zh" else 1
        whole = fit(
            split(rendered.text, spoken),
            short=short or voice.length == "short",
            most=_MOST_SENTENCES,
            max_chars=None,
            glue=glue,
        )
        # A choice has to come early; the only thing there is to do may close the text.
        chooses = len(plan.options) > 1
        whole, place = _option_early(whole, known) if chooses else (whole, 0.0)
        kept = fit(whole, short=False, most=_MOST_SENTENCES, max_chars=most, glue=glue)
        cut = len(kept) < len(whole)
        kept, place = _option_early(kept, known) if chooses and cut else (kept, place)
        text = _composed(kept, rendered, known, spoken, voice)
        # First of all it fits, then it is whole, then the choice comes early.
        over = max(0, len(text.text) - most) if most is not None else 0
        rank = over, cut, max(0.0, place - _FIRST_PART)
        if best is None or rank < best[0]:
            best = rank, text
        if rank == (0, False, 0.0):
            break
    assert best is not None
    return best[1]


def _composed(kept: Sequence[Sentence], rendered: Rendered, known: Known, spoken: Language, voice: Voice) -> Composed:
    text, spans = strip(("" if spoken == "zh" else " ").join(sentence.text for sentence in kept))
    if spoken == "zh":
        text = _voiced(text, known.verbatim(spans), voice)
    return Composed(
        text=text,
        language=spoken,
        option_texts=known.option_texts(text, spans),
        claims=known.claims(text, spans),
        templates=rendered.templates,
        sentences=_cut(text, kept, spoken),
    )


def supported(language: str, prompts: Prompts) -> Language:
    """``language`` when there are templates in it."""
    if language == "zh" and prompts.has(_common("zh")):
        return "zh"
    if language == "en" and prompts.has(_common("en")):
        return "en"
    raise LanguageUnsupported(f"no templates in the language {language!r}", remedy="supported are zh and en")


def _common(language: str) -> str:
    return f"write/common.{language}.j2"


def _template(plan: Plan, language: str, prompts: Prompts) -> str:
    if plan.scene == FOLLOW_UP:
        return f"write/{FOLLOW_UP}.{language}.j2"
    own = f"write/{plan.issue.value}.{language}.j2" if plan.issue else ""
    return own if own and prompts.has(own) else _common(language)


def _overdue(promises: Sequence[Commitment], now: datetime) -> tuple[Commitment, ...]:
    open_states = (CommitmentState.OWED, CommitmentState.BROKEN)
    return tuple(one for one in promises if one.due is not None and one.due < now and one.state in open_states)


def _names_time(promise: Commitment, zone: ZoneInfo) -> bool:
    """Whether an hour was named for it; where none was it is due with the end of a day, of which nobody spoke."""
    return promise.due is not None and promise.due.astimezone(zone).time().replace(second=0) != _LAST_MINUTE


def _dropped(plan: Plan, case: Case | None) -> Option | None:
    """What was agreed before and is given up for the option chosen now."""
    if case is None or plan.chosen is None or case.chosen in (None, plan.chosen.id):
        return None
    return next((option for option in case.offered if option.id == case.chosen), None)


def _seed(plan: Plan, case: Case | None, order: Order | None, seed: str) -> str:
    chosen = order.id if order else plan.order.id if plan.order else ""
    return "|".join((seed, chosen, case.issue.value if case else ""))


def _turns(case: Case | None) -> int:
    # Every reply that left a trace in the case moves on to the next wording.
    return case.holds + len(case.offered) + len(case.asked_for) + int(case.empathy_given) if case else 0


def _option_early(kept: Sequence[Sentence], known: Known) -> tuple[list[Sentence], float]:
    """The sentences without optional ones that push the first option back, and where it begins (0–1)."""
    left = list(kept)
    while True:
        offer = next((index for index, one in enumerate(left) if known.has_option(strip(one.text)[1])), 0)
        # The option begins with its letter.
        begins = max(0, known.option_begins(strip(left[offer].text)[1]) - _LETTER)
        before = sum(one.length for one in left[:offer]) + begins
        place = before / max(1, sum(one.length for one in left))
        optional = [index for index in range(offer) if left[index].kind == "may"]
        if not optional or place <= _FIRST_PART:
            return left, place
        del left[optional[-1]]


def _cut(text: str, kept: Sequence[Sentence], language: str) -> tuple[str, ...]:
    sentences: list[str] = []
    start = 0
    for sentence in kept:
        sentences.append(text[start : start + sentence.length])
        start += sentence.length + (0 if language == "zh" else 1)
    return tuple(sentences)


def _voiced(text: str, verbatim: Sequence[Span], voice: Voice) -> str:
    # One character for one, so that spans stay; a product's name keeps its own punctuation.
    table = {ord("您"): voice.address} | (_PLAIN if voice.punctuation == "plain" else {})
    changed = list(text.translate(table))
    for span in verbatim:
        changed[span.start : span.end] = text[span.start : span.end]
    return "".join(changed)
