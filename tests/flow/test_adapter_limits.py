"""What an adapter says of its platform's texts is obeyed by what is drafted and by what checks a person's words."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from copilot.assets import policy_folders, prompt_folders
from copilot.channel.registry import Registry
from copilot.flow.shops import Rules, Shops
from copilot.model.prompts import Prompts
from copilot.policy import CheckContext
from copilot.sdk import Limits
from copilot.store.tables import ShopRow
from tests.flow.conftest import RecordingAdapter

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def shop(adapter: str = "recording") -> ShopRow:
    return ShopRow(
        merchant=uuid.uuid4(), id=uuid.uuid4(), slug="cups", name="Cups", platform="tiktok_shop", market="us",
        platform_shop_id="1", adapter=adapter, zone="America/New_York", pack="tiktok_shop.us",
        profile="tiktok_shop.us", posture="draft_only", settings={},
    )  # fmt: skip


def rules(limits: Limits, compiled: Path, adapter: str = "recording") -> Rules:
    registry = Registry([RecordingAdapter(limits=limits)])
    shops = Shops(policy_folders(), Prompts(prompt_folders(), compiled), compiled, limits_of=registry.limits_of)
    return shops.of_shop(shop(adapter), "m", NOW)


@pytest.mark.parametrize(
    ("limits", "most", "own"),
    [
        (Limits(), 2000, None),
        (Limits(max_chars=300), 300, {"max_chars": 300}),
        (Limits(max_chars=9000), 2000, {"max_chars": 2000}),
    ],
)
def test_the_lower_limit_holds(limits: Limits, most: int, own: dict[str, int] | None, compiled: Path) -> None:
    found = rules(limits, compiled)
    assert (found.max_chars, found.own_limits) == (most, own)
    assert rules(limits, compiled, "another").max_chars == 2000, "one adapter's limits are not another's"


def test_a_text_that_is_too_long_for_the_platform_is_found(compiled: Path) -> None:
    found = rules(Limits(max_chars=300), compiled)
    text = "It left yesterday. " * 20
    families = {one.family for one in found.pack.check(text, CheckContext(limits=found.own_limits)).findings}
    assert "length" in families
    assert "length" not in {one.family for one in found.pack.check(text, CheckContext()).findings}


def test_signs_that_buyers_do_not_see_are_not_written(compiled: Path) -> None:
    light = rules(Limits(), compiled)
    assert rules(Limits(emoji=False), compiled).voice.emoji == "none"
    assert rules(Limits(emoji=False), compiled).voice == light.voice.model_copy(update={"emoji": "none"})
