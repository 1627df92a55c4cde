"""One text in another language, so that it may be shown or sent: masked, asked for, compared, judged, restored.

The only way from a text to its translation. A translation that states anything else than its source, or that policy
blocks, is refused; nothing here changes a word of either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copilot.domain.verdict import Decision, Severity, Verdict
from copilot.flow.shops import Rules
from copilot.model.completion import ModelFailed
from copilot.model.translation import LANGUAGE_NAMES, TranslationRefused, Translator
from copilot.policy import CheckContext, Origin, Speaker
from copilot.policy.pairing import COMPARABLE, Difference, differences
from copilot.policy.privacy import mask

READERS = ("zh", "en")
"""The languages that the product's people read."""
_POLICY = "policy"


class TranslationState(StrEnum):
    """Where the translation of a text stands."""

    NO_MODEL = "no_model"
    PENDING = "pending"
    READY = "ready"
    DIFFERS = "differs"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one translation; ``differing`` are codes, ``fault`` the model's."""

    state: TranslationState
    text: str | None = None
    differing: tuple[str, ...] = ()
    fault: str | None = None


def translatable(source_language: str | None, language: str) -> bool:
    """Whether a text may be translated for a buyer: only where code can compare both."""
    return source_language in READERS and language in COMPARABLE and language in LANGUAGE_NAMES


async def translated(
    translator: Translator,
    text: str,
    *,
    source_language: str,
    language: str,
    rules: Rules,
    now: datetime,
    seconds: float,
    keep: Sequence[str] = (),
) -> Outcome:
    """``text`` in ``language``, within ``seconds``; ``keep`` are order and tracking numbers, which stay readable."""
    hidden = mask(text, market=rules.profile.market, keep=keep)
    check = pair_check(hidden.text, source_language=source_language, language=language, rules=rules, now=now)
    try:
        found = await translator.text(hidden.text, language, seconds=seconds, check=check)
    except TranslationRefused as refused:
        return Outcome(TranslationState.DIFFERS, differing=refused.differing)
    except ModelFailed as failed:
        return Outcome(TranslationState.FAILED, fault=failed.fault.value)
    return Outcome(TranslationState.READY, hidden.restore(found.text))


def pair_check(
    source: str, *, source_language: str, language: str, rules: Rules, now: datetime
) -> Callable[[str], Mapping[str, str]]:
    """Says of a translation of ``source`` what is wrong with it, by kind, each with a sentence for a model."""

    def check(translation: str) -> Mapping[str, str]:
        found = differing(source, translation, source_language, language, rules, now)
        wrong = {one.kind: _sentence(one) for one in found}
        verdict = judged(translation, language, rules)
        if verdict.decision is Decision.BLOCK:
            wrong[_POLICY] = "the shop's rules forbid these words: " + "; ".join(
                one.text for one in verdict.findings if one.severity is Severity.BLOCK
            )
        return wrong

    return check


def differing(
    source: str, translation: str, source_language: str, language: str, rules: Rules, now: datetime
) -> tuple[Difference, ...]:
    """What the two texts do not state alike, under the shop's clock and currency."""
    return differences(
        source,
        translation,
        source_language=source_language,
        language=language,
        now=now,
        zone=rules.zone,
        currency=currency_of(rules),
    )


def judged(translation: str, language: str, rules: Rules) -> Verdict:
    """What policy says of a translation that goes to a buyer."""
    context = CheckContext(speaker=Speaker.AGENT, origin=Origin.DRAFT, text_language=language)
    return rules.pack.check(translation, context)


def currency_of(rules: Rules) -> str:
    """What a bare price of the shop counts in."""
    return "CNY" if home_language(rules) == "zh" else "USD"


def home_language(rules: Rules) -> str:
    """Which of our languages is spoken in the shop's market, where nobody of the shop says which one they read."""
    return "zh" if rules.profile.market.upper() == "CN" else "en"


def _sentence(one: Difference) -> str:
    parts = [
        f"it lacks {', '.join(one.missing)}" if one.missing else "",
        f"it adds {', '.join(one.added)}" if one.added else "",
    ]
    return f"{one.kind}: {' and '.join(part for part in parts if part)}"
