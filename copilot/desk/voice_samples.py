"""A few texts in a shop's voice, composed without a model from made-up plans, with what policy says of each.

It shows how a voice sounds; what a real turn is answered with is the flow's.
"""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from copilot.desk.words import Language
from copilot.domain.base import Shape
from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.domain.verdict import Decision
from copilot.flow.shops import Rules
from copilot.model.composer import Limits, Voice, compose
from copilot.model.composer.samples import NOW, Sample, samples
from copilot.model.prompts import Prompts
from copilot.policy import CheckContext, Origin

_BURST: Final = {"zh": "刚拆开碎了两个", "en": "opened it and two are shattered"}
_SEEDS: Final = ("voice", *(f"voice {number}" for number in range(2, 9)))
_SCENES: Final = (
    (None, Act.GREET, "greeting", ()),
    (Issue.DAMAGED, Act.OFFER, "decide", ("reship", "refund_keep", "return_refund")),
    (None, Act.FAREWELL, "closing", ()),
)


class Sounded(Shape):
    """A text as a buyer would read it; ``findings`` are policy's reasons against it, in the reader's language."""

    language: str
    scene: str
    text: str
    findings: tuple[str, ...]
    blocked: bool


def sounded(voice: Voice, rules: Rules, prompts: Prompts, reader: Language) -> Iterator[Sounded]:
    """Each of the scenes in each language, as the shop's platform and rules let it be said."""
    if not rules.limits.emoji:
        voice = voice.model_copy(update={"emoji": "none"})
    for language in ("zh", "en"):
        own = voice.max_chars.get(language)
        most = min((one for one in (own, rules.max_chars) if one is not None), default=None)
        for sample in _chosen():
            text = _composed(sample, language, voice, prompts, most)
            context = CheckContext(origin=Origin.DRAFT, language=reader, text_language=language)
            verdict = rules.pack.check(text, context)
            yield Sounded(
                language=language,
                scene=sample.act.value,
                text=text,
                findings=tuple(dict.fromkeys(one.reason for one in verdict.findings)),
                blocked=verdict.decision is Decision.BLOCK,
            )


def _chosen() -> Iterator[Sample]:
    made = samples()
    for issue, act, scene, options in _SCENES:
        yield next(
            one for one in made if (one.issue, one.act, one.options) == (issue, act, options) and one.scene == scene
        )


def _composed(sample: Sample, language: str, voice: Voice, prompts: Prompts, most: int | None) -> str:
    """The first wording; of a greeting the first that says the shop's name, which not every one does."""
    texts = (_worded(sample, language, voice, prompts, most, seed) for seed in _SEEDS)
    first, brand = next(texts), voice.brand.get("zh" if language == "zh" else "en")
    if not brand or sample.act is not Act.GREET or brand in first:
        return first
    return next((text for text in texts if brand in text), first)


def _worded(sample: Sample, language: str, voice: Voice, prompts: Prompts, most: int | None, seed: str) -> str:
    now = NOW[language]
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    return compose(
        sample.plan(language), language=language, case=None, burst_text=_BURST[language], order=None, now=now,
        zone=zone, voice=voice, prompts=prompts, limits=Limits(max_chars=most), seed=seed,
    ).text  # fmt: skip
