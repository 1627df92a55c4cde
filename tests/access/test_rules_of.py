"""A new shop works under its platform's rules, and a platform with many zones makes it name its own."""

from datetime import UTC, datetime

import pytest

from copilot.access.rules_of import Chosen, choose, only_market
from copilot.assets import policy_folders
from copilot.clock import load_profile
from copilot.domain.errors import BadConfiguration, BadInput

AT = datetime(2026, 11, 22, tzinfo=UTC)
FOLDERS = policy_folders()


def test_platform_and_market_choose() -> None:
    assert choose("douyin", "cn", FOLDERS, AT) == Chosen("douyin.cn", "douyin.cn", "Asia/Shanghai")
    named = choose("tiktok_shop", "us", FOLDERS, AT, zone="America/Denver")
    assert named == Chosen("tiktok_shop.us", "tiktok_shop.us", "America/Denver")


def test_a_market_without_rules_of_its_own_takes_the_generic_ones() -> None:
    assert choose("matrix", "", FOLDERS, AT, zone="Europe/Berlin") == Chosen("generic", "generic", "Europe/Berlin")


def test_a_country_with_several_zones_demands_one() -> None:
    with pytest.raises(BadConfiguration, match="needs its own time zone; name it") as caught:
        choose("tiktok_shop", "us", FOLDERS, AT)
    for zone in load_profile("tiktok_shop.us", FOLDERS, AT).zones:
        assert zone in str(caught.value)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"pack": "douyin"}, "there is no pack douyin; did you mean douyin.cn?"),
        ({"pack": "douyin.cn@1999-01"}, "unknown policy pack"),
        ({"profile": "nothing"}, "there is no profile nothing; known: "),
        ({"zone": "America/New_Yorck"}, "did you mean America/New_York?"),
        ({"zone": "Asia/Shanghai"}, "not a time zone of tiktok_shop.us; America/New_York, "),
    ],
)
def test_a_wrong_name_is_told_with_the_right_ones(named: dict[str, str], says: str) -> None:
    with pytest.raises((BadInput, BadConfiguration)) as caught:
        choose("tiktok_shop", "us", FOLDERS, AT, **named)
    assert says in str(caught.value)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadConfiguration, match="not a time zone"):
        choose("douyin", "cn", FOLDERS, AT, zone="Asia/Nowhere")


def test_a_platform_with_one_market_needs_no_name() -> None:
    assert only_market("douyin", FOLDERS) == "cn"
    assert only_market("matrix", FOLDERS) == ""
    with pytest.raises(BadInput, match="--market: sea, uk, us"):
        only_market("tiktok_shop", FOLDERS)
