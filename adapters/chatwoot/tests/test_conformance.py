"""The conformance kit of ``copilot.sdk.testing``, at the level that the adapter claims."""

from copilot_adapter_chatwoot.conformance import ChatwootProof

from copilot.sdk import Level
from copilot.sdk.testing.conformance import AdapterConformance


class TestChatwoot(AdapterConformance):
    """Every check of level full, as a test of its own."""

    proof = ChatwootProof


def test_it_claims_everything() -> None:
    assert ChatwootProof().level is Level.FULL
