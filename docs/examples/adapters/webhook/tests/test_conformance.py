"""The conformance kit, at the level that the adapter claims; add tests of your own beside it."""

from copilot_adapter_shoplet.conformance import ShopletProof

from copilot.sdk.testing.conformance import AdapterConformance


class TestShoplet(AdapterConformance):
    """Every check of the level, as a test of its own."""

    proof = ShopletProof
