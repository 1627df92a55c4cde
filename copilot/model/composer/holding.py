"""Fixed texts for buyers in whose language nothing else can be composed: we have the message, and when we come back.

Owns the choice of a wording and the span of its time. The words stand in ``prompts/write/holding.<language>.j2``, one
wording a line, and the same line means the same in each of them.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.domain.errors import LanguageUnsupported, PromptError
from copilot.domain.fact import Claim, FactKind
from copilot.domain.plan import Plan
from copilot.model.composer.compose import Composed
from copilot.model.composer.moments import SPEECH, by_time
from copilot.model.composer.spans import mark, strip
from copilot.model.composer.wording import Language, Wording
from copilot.model.prompts import Prompts, Rendered

HOLD_LANGUAGES = tuple(SPEECH)
"""Languages with a hold text and no other template."""
SCENE = "holding"
"""The scene of a plan that these texts word."""
_RETURN_AT = "hold.return_at"
_HERE = "…"
_GLOSSES: tuple[Language, ...] = ("zh", "en")


def holds_in(language: str, prompts: Prompts) -> bool:
    """Whether there is a hold text, and nothing but that, in ``language``."""
    return language in SPEECH and prompts.has(_name(language))


def compose_hold(
    plan: Plan,
    *,
    language: str,
    now: datetime,
    zone: ZoneInfo,
    prompts: Prompts,
    seed: str = "",
    variant: int = 0,
    said: Sequence[str] = (),
) -> tuple[Composed, dict[str, str]]:
    """The hold text of ``plan`` in ``language``, and what it says in zh and en by language.

    ``seed``, ``variant`` and ``said`` choose the wording as in ``compose``.

    Raises:
        LanguageUnsupported: there is none in this language.
        PromptError: the template is empty, or the plan holds no time to come back.
    """
    if not holds_in(language, prompts):
        raise LanguageUnsupported(f"no hold text in {language!r}", remedy=f"there are {', '.join(HOLD_LANGUAGES)}")
    fact = plan.facts.get(_RETURN_AT)
    if fact is None:
        raise PromptError(f"{_name(language)}: the plan holds no {_RETURN_AT}")
    back = datetime.fromisoformat(str(fact.value))
    rendered, wordings = _wordings(language, mark(by_time(back, language, now, zone), 0), prompts)
    at = _chosen(_openings(language, prompts), seed, variant, said)
    text, spans = strip(wordings[at])
    when = spans[0]
    claims = (
        Claim(
            kind=FactKind.TIME, start=when.start, end=when.end, text=text[when.start : when.end],
            value=fact.value, source=fact.id,
        ),
    )  # fmt: skip
    composed = Composed(
        text=text,
        language=language,
        option_texts={},
        claims=claims,
        templates=rendered.templates,
        sentences=(text,),
    )
    return composed, {tag: _gloss(tag, at, back, now, zone, prompts) for tag in _GLOSSES}


def is_hold(text: str, prompts: Prompts) -> bool:
    """Whether ``text`` is one of these texts, whatever time it names."""
    return any(text.startswith(one) for tag in SPEECH if holds_in(tag, prompts) for one in _openings(tag, prompts))


def _openings(language: str, prompts: Prompts) -> list[str]:
    """Each wording up to its time."""
    return [strip(one)[0].partition(_HERE)[0] for one in _wordings(language, _HERE, prompts)[1]]


def _gloss(language: Language, at: int, back: datetime, now: datetime, zone: ZoneInfo, prompts: Prompts) -> str:
    wordings = _wordings(language, Wording(language, now, zone).by_time(back), prompts)[1]
    # A shop's own template may have fewer wordings.
    return wordings[min(at, len(wordings) - 1)]


def _wordings(language: str, when: str, prompts: Prompts) -> tuple[Rendered, list[str]]:
    rendered = prompts.render(_name(language), {"when": when})
    found = [line.strip() for line in rendered.text.splitlines() if line.strip()]
    if not found or not all(when in line for line in found):
        raise PromptError(f"{_name(language)}: each line must be a wording with {{{{ when }}}}")
    return rendered, found


def _chosen(openings: Sequence[str], seed: str, variant: int, said: Sequence[str]) -> int:
    """A wording that was not said yet, where there is one; the same seed begins with the same one."""
    first = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") + variant
    order = [(first + step) % len(openings) for step in range(len(openings))]
    return next((at for at in order if not any(text.startswith(openings[at]) for text in said)), order[0])


def _name(language: str) -> str:
    return f"write/holding.{language}.j2"
