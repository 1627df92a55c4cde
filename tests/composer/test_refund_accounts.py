"""A refund names the account that it went to, and no account's name turns the sentence into one that a pack refuses."""

from itertools import product

import pytest

from copilot.assets import policy_folders
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.verdict import Decision
from copilot.model.composer.samples import samples
from copilot.policy import CheckContext, Origin, Speaker, load_pack

ACCOUNTS = {
    "zh": ("微信支付", "支付宝", "微信零钱", "招商银行卡", "抖音月付", "原支付账户"),
    "en": ("Visa", "PayPal", "your card", "Apple Pay", "Mastercard"),
}
SCENES = [one for one in samples() if one.issue is Issue.REFUND_STATUS and "refunded" in one.scene]


@pytest.mark.parametrize(("language", "pack"), [("zh", "douyin.cn"), ("en", "tiktok_shop.us")])
def test_any_account_may_be_named(say, compiled, language, pack):
    judge = load_pack(pack, policy_folders(), cache_dir=compiled)
    for sample, account, returned, variant in product(SCENES, ACCOUNTS[language], (True, False), range(6)):
        plan = sample.plan(language, empathy=False)
        facts = {key: fact for key, fact in plan.facts.items() if returned or not key.endswith("received_at")}
        money = {"amount": "36.50", "currency": "CNY" if language == "zh" else "USD"}
        for end, kind, value in (("refund_to", FactKind.ATTRIBUTE, account), ("amount", FactKind.AMOUNT, money)):
            key = f"after_sale.a1.{end}"
            facts[key] = Fact(id=key, kind=kind, value=value, source="platform")
        composed = say(plan.model_copy(update={"facts": facts}), language, variant=variant)
        text = composed.text
        assert account in text
        verdict = judge.check(
            text,
            CheckContext(
                speaker=Speaker.AGENT, origin=Origin.DRAFT, issue=plan.issue, language=language, facts=facts,
                claims=composed.claims,
            ),
        )  # fmt: skip
        assert verdict.decision is Decision.PASS, (text, [finding.rule for finding in verdict.findings])
