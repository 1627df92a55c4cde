"""The conformance kit of ``copilot.sdk.testing``, at the level that the adapter claims."""

from copilot_adapter_tiktok_shop.conformance import TikTokShopProof

from copilot.sdk import Level
from copilot.sdk.testing.conformance import AdapterConformance


class TestTikTokShop(AdapterConformance):
    """Every check of level full, as a test of its own."""

    proof = TikTokShopProof


def test_it_claims_everything() -> None:
    assert TikTokShopProof().level is Level.FULL
