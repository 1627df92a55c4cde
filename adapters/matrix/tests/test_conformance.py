"""The conformance kit of ``copilot.sdk.testing``, at the level that the adapter claims."""

from copilot_adapter_matrix.conformance import MatrixProof

from copilot.sdk import Level
from copilot.sdk.testing.conformance import AdapterConformance


class TestMatrix(AdapterConformance):
    """Every check of level full, as a test of its own."""

    proof = MatrixProof


def test_it_claims_everything() -> None:
    assert MatrixProof().level is Level.FULL
