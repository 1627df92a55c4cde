"""Every wording of every scene through the real packs and the claim extractor, as the flow judges it."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import policy_folders
from copilot.domain.fact import Claim, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.domain.verdict import Decision
from copilot.model.composer import Composed
from copilot.model.composer.samples import NOW, Sample, samples
from copilot.policy import CheckContext, Expect, Origin, Pack, Speaker, load_pack
from copilot.policy.claims import bind, extract

PACKS = {"zh": "douyin.cn", "en": "tiktok_shop.us"}
VARIANTS = 6
BURSTS = {
    "zh": ("刚拆开碎了两个", "加个微信吧转你", "第二次没收到了", "支付宝付款便宜点"),
    "en": ("opened it and two are cracked", "way too tight on the hips", "2nd time nothing here", "venmo you direct"),
}
GROUPS: dict[str, list[tuple[str, Sample]]] = {}
for _language, _sample in product(("zh", "en"), samples()):
    GROUPS.setdefault(f"{_language}-{_sample.issue.value if _sample.issue else 'any'}", []).append((_language, _sample))


@pytest.fixture(scope="module")
def packs(compiled: Path) -> dict[str, Pack]:
    return {
        language: load_pack(name, policy_folders(), cache_dir=compiled, profile_values={"message.max_chars": 500})
        for language, name in PACKS.items()
    }


def _texts(say, sample: Sample, language: str) -> Iterator[tuple[Plan, Composed]]:
    for variant, full, empathy in product(range(VARIANTS), (True, False), (True, False)):
        secondary = (Issue.INVOICE,) if variant % 3 == 2 else ()
        plan = sample.plan(language, full=full, empathy=empathy, secondary=secondary)
        burst = BURSTS[language][variant % 4]
        yield plan, say(plan, language, variant=variant, seed=f"c{variant % 3}", burst_text=burst)


def _expects(plan: Plan) -> frozenset[Expect]:
    expected: set[Expect] = set()
    if plan.act is Act.OFFER and len(plan.options) > 1:
        expected |= {Expect.OPTIONS, Expect.QUESTION}
    if plan.act is Act.ASK:
        expected.add(Expect.QUESTION)
    if plan.empathy and plan.act is Act.OFFER:
        expected.add(Expect.EMPATHY)
    return frozenset(expected)


def _ledger(plan: Plan, composed: Composed, language: str) -> tuple[Claim, ...]:
    now = NOW[language]
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    found = bind(extract(composed.text, language=language, now=now, zone=zone), plan.facts, now=now, zone=zone)
    known = composed.claims
    extra = [one for one in found if not any(old.start < one.end and one.start < old.end for old in known)]
    return tuple(sorted((*known, *extra), key=lambda claim: (claim.start, claim.end)))


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_no_wording_is_refused_or_warned_about(say, packs, group):
    for language, sample in GROUPS[group]:
        judged: list[tuple[object, ...]] = []
        for plan, composed in _texts(say, sample, language):
            # Wordings are fewer than the ways to ask for one: what is the same in all that is judged is judged once.
            same = (composed.text, composed.claims, plan.facts, plan.issue, _expects(plan))
            if same in judged:
                continue
            judged.append(same)
            claims = _ledger(plan, composed, language)
            assert [claim.text for claim in claims if claim.source is None] == [], composed.text
            verdict = packs[language].check(
                composed.text,
                CheckContext(
                    speaker=Speaker.AGENT, origin=Origin.DRAFT, issue=plan.issue, language=language, facts=plan.facts,
                    claims=claims, expects=_expects(plan),
                ),
            )  # fmt: skip
            findings = [f"{finding.rule}: {finding.text}" for finding in verdict.findings]
            assert verdict.decision is Decision.PASS, (findings, composed.text)
            assert not findings, (findings, composed.text)


def _judged(packs, plan: Plan, composed: Composed, language: str) -> None:
    claims = _ledger(plan, composed, language)
    assert [claim.text for claim in claims if claim.source is None] == [], composed.text
    context = CheckContext(
        speaker=Speaker.AGENT, origin=Origin.DRAFT, issue=plan.issue, language=language, facts=plan.facts, claims=claims
    )
    assert packs[language].check(composed.text, context).decision is Decision.PASS, composed.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_return_on_its_way_back_is_said_by_its_status(say, packs, language):
    sample = next(
        one for one in samples() if (one.issue, one.scene) == (Issue.REFUND_STATUS, "in_progress") and one.given
    )
    plan = sample.plan(language, full=False)
    shipped = plan.facts["after_sale.a1.status"].model_copy(update={"value": "buyer_shipped"})
    plan = plan.model_copy(update={"facts": {**plan.facts, "after_sale.a1.status": shipped}})
    texts = set()
    for variant, seed in product(range(VARIANTS), range(VARIANTS)):
        composed = say(plan, language, variant=variant, seed=f"c{seed}")
        _judged(packs, plan, composed, language)
        texts.add(composed.text)
    said = ("还在路上", "还没登记") if language == "zh" else ("on its way back", "isn't checked in")
    assert all(any(words in text for text in texts) for words in said)


@pytest.mark.parametrize(("language", "whole", "rest"), [("zh", "全额", "余下的"), ("en", "full", "remaining")])
def test_what_is_left_of_a_refund_is_not_called_all_of_it(say, packs, language, whole, rest):
    sample = next(one for one in samples() if one.scene == "within_window" and one.options == ("return_refund",))
    for full, variant in product((True, False), range(VARIANTS)):
        plan = sample.plan(language, full=full)
        left = plan.facts["option.return_refund.amount"].model_copy(
            update={"id": "option.return_refund.rest", "kind": FactKind.STATE, "value": "rest"}
        )
        plan = plan.model_copy(update={"facts": {**plan.facts, left.id: left}})
        composed = say(plan, language, variant=variant)
        _judged(packs, plan, composed, language)
        assert rest in composed.text
        assert whole not in composed.text
