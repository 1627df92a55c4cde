"""The conformance kit of ``copilot.sdk.testing``, at the level that the adapter claims."""

from copilot_adapter_douyin.conformance import DouyinProof

from copilot.sdk import Level
from copilot.sdk.testing.conformance import AdapterConformance


class TestDouyin(AdapterConformance):
    """Every check of level full, as a test of its own."""

    proof = DouyinProof


def test_it_claims_everything() -> None:
    assert DouyinProof().level is Level.FULL
