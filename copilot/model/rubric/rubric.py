"""Judges one finished text by the bar that every draft is held to; what code cannot tell is left to people.

Owns the points and which flaw counts against which; refuses to decide whether a text may be sent, which is policy's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from copilot.domain.fact import Claim, Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.domain.verdict import Decision, Verdict
from copilot.model.composer.sentences import count, said_in, sentences_of
from copilot.model.composer.voice import Voice
from copilot.model.rubric import habits
from copilot.policy.language import language_of

LEAST_SENTENCES: Final = 2
MOST_SENTENCES: Final = 5
FIRST_OPTION: Final = 0.6
"""The first option begins in this part of a text."""
_LETTER: Final = 2
"""The signs before an option's words: its letter and what separates them."""
_VALUES: Final = frozenset({FactKind.AMOUNT, FactKind.DATE, FactKind.TIME, FactKind.DURATION})
_WANTED: Final = (
    ".eta", ".ship_by", ".deadline", ".arrives_by", ".refunded_at", ".amount", ".by", ".drop", ".return_at",
    ".last_event.at", ".protection_end",
)  # fmt: skip
"""The amounts and days that people ask for; when an order was placed is none of them."""
_NAMES: Final = frozenset({FactKind.PRODUCT, FactKind.NUMBER, FactKind.ATTRIBUTE, FactKind.QUANTITY})
_CONCRETE_ACTS: Final = frozenset({Act.ANSWER, Act.OFFER, Act.DECLINE, Act.CONFIRM, Act.HOLD})


class Point(StrEnum):
    """What a draft is judged by."""

    GROUNDED = "grounded"
    ANSWERS = "answers"
    OPTIONS = "options"
    LENGTH = "length"
    VOICE = "voice"
    HABITS = "habits"


POINTS: Final = tuple(Point)


@dataclass(frozen=True)
class Flaw:
    """Why a point is lost; ``code`` names the reason, never a word of the text."""

    point: Point
    code: str


@dataclass(frozen=True)
class Draft:
    """A finished text with what it was to say.

    ``claims`` is the ledger of the text (a claim without a source rests on nothing), ``verdict`` the policy's;
    ``said`` are the shop's earlier texts in the conversation, ``max_chars`` code points of a message.
    """

    text: str
    language: str
    plan: Plan
    option_texts: dict[str, str] = field(default_factory=dict[str, str])
    claims: tuple[Claim, ...] = ()
    verdict: Verdict | None = None
    said: tuple[str, ...] = ()
    voice: Voice = field(default_factory=Voice)
    max_chars: int | None = None


def flaws(draft: Draft) -> tuple[Flaw, ...]:
    """Everything that code can hold against the draft, in the order of the points; nothing when it is good."""
    return (
        *_of(Point.GROUNDED, _ungrounded(draft)),
        *_of(Point.ANSWERS, _unanswered(draft)),
        *_of(Point.OPTIONS, _options(draft)),
        *_of(Point.LENGTH, _length(draft)),
        *_of(Point.VOICE, _voice(draft)),
        *_of(Point.HABITS, _habits(draft)),
    )


def _of(point: Point, codes: Iterator[str]) -> Iterator[Flaw]:
    return (Flaw(point, code) for code in codes)


def _ungrounded(draft: Draft) -> Iterator[str]:
    for kind in sorted({claim.kind.value for claim in draft.claims if claim.source is None}):
        yield f"no_fact_{kind}"
    if draft.verdict is not None and draft.verdict.decision is not Decision.PASS:
        yield from sorted({finding.rule for finding in draft.verdict.findings})


def _unanswered(draft: Draft) -> Iterator[str]:
    plan, said = draft.plan, _said_values(draft)
    valued = any(key.endswith(_WANTED) and plan.facts[key].kind in _VALUES for key in plan.points if key in plan.facts)
    if valued and plan.act is not Act.ASK and not _says_a_figure(draft):
        yield "no_amount_or_date"
    for promise in plan.promises:
        due = plan.facts.get(promise.fact) if promise.fact else None
        if due is not None and not _is_said(due, draft, said):
            yield "promise_without_time"
    if plan.asks and not _asks(draft.text):
        yield "nothing_asked"
    worth_saying = any(plan.facts[key].kind is not FactKind.NUMBER for key in plan.points if key in plan.facts)
    if worth_saying and plan.act in _CONCRETE_ACTS and not _is_concrete(draft):
        yield "fits_any_shop"


def _says_a_figure(draft: Draft) -> bool:
    sourced = (claim for claim in draft.claims if claim.source)
    return any(claim.kind in _VALUES or any(sign.isdigit() for sign in claim.text) for claim in sourced)


def _said_values(draft: Draft) -> list[object]:
    known = draft.plan.facts
    sources = (known.get(claim.source) for claim in draft.claims if claim.source)
    return [fact.value for fact in sources if fact is not None]


def _is_said(fact: Fact, draft: Draft, said: list[object]) -> bool:
    # An amount that two facts share is the same words, whichever of them the ledger found.
    return fact.value in said or any(claim.source == fact.id for claim in draft.claims)


def _is_concrete(draft: Draft) -> bool:
    if any(claim.source for claim in draft.claims):
        return True
    named = (str(fact.value) for fact in draft.plan.facts.values() if fact.kind in _NAMES)
    return any(len(name) > 1 and name.casefold() in draft.text.casefold() for name in named)


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _options(draft: Draft) -> Iterator[str]:
    plan, offered = draft.plan, [option.id for option in draft.plan.options]
    told = {key for key in draft.option_texts if key}
    if not told <= {*offered, *((plan.chosen.id,) if plan.chosen else ())} or not set(offered) <= told:
        yield "not_the_options_decided"
    if len(offered) < 2:
        if plan.chosen is None and habits.LETTERS.search(draft.text):
            yield "letters_without_a_choice"
        return
    first = draft.option_texts.get(offered[0], "")
    if first and draft.text.find(first) - _LETTER > FIRST_OPTION * len(draft.text):
        yield "options_too_late"
    places = [draft.text.find(draft.option_texts.get(one, "")) for one in offered]
    if places != sorted(places):
        yield "options_out_of_order"
    if plan.act is Act.OFFER and not draft.text.rstrip().endswith(("？", "?")):
        yield "no_closing_question"
    said = _said_values(draft)
    for option in plan.options:
        for end in ("amount", "by"):
            fact = plan.facts.get(f"option.{option.key}.{end}")
            if fact is not None and not _is_said(fact, draft, said):
                yield f"option_without_{end}"


def _length(draft: Draft) -> Iterator[str]:
    sentences = count(draft.text)
    if sentences < LEAST_SENTENCES:
        yield "too_short"
    if sentences > MOST_SENTENCES:
        yield "too_long"
    if draft.max_chars is not None and len(draft.text) > draft.max_chars:
        yield "over_the_platforms_limit"


def _voice(draft: Draft) -> Iterator[str]:
    spoken = language_of(draft.text)
    if spoken is not None and spoken != draft.language:
        yield "another_language"
    if len(habits.PARTICLES.findall(draft.text)) > 1:
        yield "particles"
    if len(habits.EMOJI.findall(draft.text)) > (draft.voice.emoji == "light"):
        yield "emoji"
    if draft.language == "zh" and ("您" if draft.voice.address == "你" else "你") in draft.text:
        yield "address"


def _habits(draft: Draft) -> Iterator[str]:
    text, language, plan = draft.text, draft.language, draft.plan
    if len(habits.APOLOGY.findall(text)) > (1 if plan.empathy else 0):
        yield "apology_too_many"
    if "order" not in plan.asks and language in habits.ASKS_FOR_ORDER:
        known = plan.order is not None
        if known and _asks(text) and habits.ASKS_FOR_ORDER[language].search(text):
            yield "asks_for_what_is_known"
    lists = [("officialese", habits.OFFICIALESE), ("invented_action", habits.INVENTED), ("blame", habits.BLAME)]
    lists += [("threat_taken_up", habits.THREATS)]
    if plan.issue is not Issue.REVIEW:
        lists.append(("speaks_of_reviews", habits.BEGGING))
    yield from (code for code, words in lists if language in words and words[language].search(text))
    if sentences_of(text) & said_in(draft.said):
        yield "said_before"
