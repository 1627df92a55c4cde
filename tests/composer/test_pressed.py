"""What a buyer presses with: a dispute is heard once and passes every rule; what is late is owned up to."""

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from copilot.assets import policy_folders
from copilot.domain.case import Commitment, CommitmentState
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.domain.verdict import Decision
from copilot.model.composer import Limits
from copilot.model.composer.samples import NOW, samples
from copilot.policy import CheckContext, Origin, Speaker, load_pack

PACKS = {"zh": "douyin.cn", "en": "tiktok_shop.us"}
HEARD = {
    "zh": ("拒付", "讨说法", "再往上反映"),
    "en": ("chargeback", "disputing the charge", "taking this", "take this"),
}
LATE = {"zh": ("没做到", "不对"), "en": ("on me",)}
SEEDS = 12


def plans(language: str) -> list[Plan]:
    """Every sample that offers or asks about damage, worded with and without feeling."""
    mine = [one for one in samples() if one.issue is Issue.DAMAGED and one.act in (Act.OFFER, Act.ASK, Act.HOLD)]
    return [one.plan(language, empathy=empathy) for one in mine for empathy in (True, False)]


def disputed(plan: Plan, threat: str) -> Plan:
    fact = Fact(id="turn.dispute", kind=FactKind.STATE, value=threat, source="buyer")
    return plan.model_copy(update={"facts": {**plan.facts, fact.id: fact}})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dispute_is_heard_in_words_that_no_rule_stops(language: str, say: Any, compiled: Path) -> None:
    pack = load_pack(PACKS[language], policy_folders(), cache_dir=compiled, profile_values={"message.max_chars": 500})
    heard = 0
    for plan, threat, seed in product(plans(language), ("chargeback", "regulator"), range(SEEDS)):
        text = say(disputed(plan, threat), language, seed=f"c{seed}", variant=seed, limits=Limits(max_chars=500)).text
        verdict = pack.check(text, CheckContext(speaker=Speaker.AGENT, origin=Origin.DRAFT))
        assert verdict.decision is Decision.PASS, (text, verdict.findings)
        said = sum(text.count(words) for words in HEARD[language])
        assert said <= 1, text
        heard += said
    # The sentence yields where five are spoken for; mostly there is room.
    assert heard > SEEDS * len(plans(language))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("empathy", [True, False])
def test_what_another_case_promised_and_is_late_is_owned_up_to(language: str, empathy: bool, say: Any) -> None:
    sample = next(one for one in samples() if one.issue is Issue.REFUND_STATUS and one.act is Act.HOLD)
    plan = sample.plan(language, empathy=empathy)
    due = NOW[language] - timedelta(hours=2)
    late = Commitment(what="option.refund_keep", due=due, state=CommitmentState.BROKEN)
    done = late.model_copy(update={"state": CommitmentState.DONE})

    assert any(words in say(plan, language, promises=(late,)).text for words in LATE[language])
    assert not any(words in say(plan, language, promises=(done,)).text for words in LATE[language])
