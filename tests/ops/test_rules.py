"""Rules in a process that lives for months: shared where they are the same, let go of when they are old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from copilot.assets import policy_folders, prompt_folders
from copilot.flow.shops import Shops
from copilot.model.prompts import Prompts

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def _shops(folder: Path) -> Shops:
    return Shops(policy_folders(), Prompts(prompt_folders()), folder)


def test_shops_without_files_of_their_own_share_pack_and_playbooks(tmp_path: Path) -> None:
    shops = _shops(tmp_path)
    one = shops.of_platform("douyin", "cn", MONDAY)
    other = shops.of_platform("somewhere", "", MONDAY, pack="douyin.cn")
    generic = shops.of_platform("somewhere", "", MONDAY)

    assert one is other
    assert generic.playbooks is one.playbooks
    assert generic.pack is not one.pack


def test_rules_of_days_that_are_over_are_let_go_of(tmp_path: Path) -> None:
    shops = _shops(tmp_path)
    first = shops.of_platform("douyin", "cn", MONDAY)
    second = shops.of_platform("douyin", "cn", MONDAY + timedelta(days=1))
    assert shops.of_platform("douyin", "cn", MONDAY) is first, "yesterday's are still asked for at midnight"

    shops.of_platform("douyin", "cn", MONDAY + timedelta(days=2))
    assert shops.of_platform("douyin", "cn", MONDAY + timedelta(days=1)) is second
    again = shops.of_platform("douyin", "cn", MONDAY)
    assert again is not first
    # An archive mixes days: looking back must not drive out what is in force.
    assert shops.of_platform("douyin", "cn", MONDAY) is again
