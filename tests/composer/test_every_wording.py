"""Every wording of every sentence of every scene, through the real packs: none of our own texts may be held back.

What is said and with which words inside follow two counters here, so that each wording meets each choice of words; by
seeds some pairs would be met by chance only.
"""

from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import policy_folders
from copilot.domain.fact import Claim
from copilot.domain.issue import Issue
from copilot.domain.plan import Plan
from copilot.domain.verdict import Decision
from copilot.model.composer import Composed, sentences
from copilot.model.composer.samples import NOW, Sample, samples
from copilot.policy import CheckContext, Origin, Pack, Speaker, load_pack
from copilot.policy.claims import bind, extract

PACKS = {"zh": ("douyin.cn",), "en": ("tiktok_shop.us", "tiktok_shop.uk")}
WORDINGS = 4
"""The most wordings that a sentence or a choice of words in it has, as a rule."""
GROUPS: dict[str, list[tuple[str, Sample]]] = {}
for _language, _sample in product(("zh", "en"), samples()):
    GROUPS.setdefault(f"{_language}-{_sample.issue.value if _sample.issue else 'any'}", []).append((_language, _sample))


@pytest.fixture(scope="module")
def packs(compiled: Path) -> dict[str, list[Pack]]:
    values = {"message.max_chars": 500}
    return {
        language: [load_pack(name, policy_folders(), cache_dir=compiled, profile_values=values) for name in names]
        for language, names in PACKS.items()
    }


@pytest.fixture
def words(monkeypatch) -> list[int]:
    """The place of the words that are taken inside a sentence; the sentence itself goes by the variant."""
    at = [0]
    monkeypatch.setattr(sentences, "_hash", lambda *_: 0)
    monkeypatch.setattr(sentences.Teller, "one", lambda _, *wordings: wordings[at[0] % len(wordings)])
    return at


def _ledger(plan: Plan, composed: Composed, language: str) -> tuple[Claim, ...]:
    now, zone = NOW[language], NOW[language].tzinfo
    assert isinstance(zone, ZoneInfo)
    found = bind(extract(composed.text, language=language, now=now, zone=zone), plan.facts, now=now, zone=zone)
    known = composed.claims
    return (*known, *(one for one in found if not any(old.start < one.end and one.start < old.end for old in known)))


def _blocked(packs: list[Pack], plan: Plan, composed: Composed, language: str) -> list[str]:
    context = CheckContext(
        speaker=Speaker.AGENT, origin=Origin.DRAFT, issue=plan.issue, language=language, facts=plan.facts,
        claims=_ledger(plan, composed, language),
    )  # fmt: skip
    verdicts = [pack.check(composed.text, context) for pack in packs]
    findings = (one for verdict in verdicts if verdict.decision is not Decision.PASS for one in verdict.findings)
    return [f"{finding.rule}: {finding.text}" for finding in findings]


def _new(say, group: str, words: list[int]):
    """The texts of a group that hold a sentence which none before them held."""
    heard: set[tuple[Issue | None, str, str]] = set()
    for (language, sample), full in product(GROUPS[group], (True, False)):
        plan = sample.plan(language, full=full, empathy=full)
        for variant, words[0] in product(range(WORDINGS), range(WORDINGS)):
            if not full and variant != words[0]:
                # What is left where facts are missing has few words of its own.
                continue
            composed = say(plan, language, variant=variant, burst_text="")
            said = {(plan.issue, plan.scene, sentence) for sentence in composed.sentences}
            if not said <= heard:
                heard |= said
                yield language, plan, composed


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_no_wording_is_held_back(say, packs, words, group):
    held = [
        (findings, composed.text)
        for language, plan, composed in _new(say, group, words)
        if (findings := _blocked(packs[language], plan, composed, language))
    ]
    assert held == []


@pytest.mark.parametrize("hours", [1, 24, 36, 48, 72, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shops_own_time_to_ship_is_never_held_back(say, packs, words, language, hours):
    sample = next(one for one in samples() if (one.issue, one.scene) == (Issue.SHIPPING_TIME, "before_order"))
    plan = sample.plan(language)
    own = plan.facts["terms.ship_within_hours"].model_copy(update={"value": hours})
    plan = plan.model_copy(update={"facts": {**plan.facts, own.id: own}})
    for variant, words[0] in product(range(WORDINGS), range(WORDINGS)):
        composed = say(plan, language, variant=variant)
        assert _blocked(packs[language], plan, composed, language) == [], composed.text


def test_a_day_beside_the_shops_own_time_to_ship_needs_a_fact_of_its_own(packs: dict[str, list[Pack]]) -> None:
    sample = next(one for one in samples() if (one.issue, one.scene) == (Issue.SHIPPING_TIME, "before_order"))
    plan = sample.plan("en")
    for text in ("Everything ships within 12 hours.", "It ships by Friday.", "We'll send you a replacement for free."):
        composed = Composed(text=text, language="en", option_texts={}, claims=(), templates=(), sentences=())
        assert _blocked(packs["en"], plan, composed, "en"), text
