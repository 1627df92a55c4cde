"""The shipped packs: each market has one, every family is in it, and a message meets the edition of its day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from copilot.domain.verdict import Decision, Severity
from copilot.policy import Pack, load_pack, pack_names
from copilot.policy.load import choose_pack, open_folders, rules_of
from copilot.policy.model import PackFile

NAMES = ("douyin.cn", "generic", "tiktok_shop.sea", "tiktok_shop.uk", "tiktok_shop.us")


def _editions(folders: tuple[Path, ...]) -> list[PackFile]:
    return [pack for pack, _ in open_folders(folders).packs()]


def test_every_market_has_its_pack(folders: tuple[Path, ...]) -> None:
    assert pack_names(folders) == NAMES


def test_every_edition_lists_every_family(folders: tuple[Path, ...]) -> None:
    families = {sourced.rule.family for sourced in open_folders(folders).rules().values()}
    assert {
        pack.name: families - set(pack.families) for pack in _editions(folders) if families - set(pack.families)
    } == {}


def test_two_markets_have_editions(folders: tuple[Path, ...]) -> None:
    dates = {name: sorted(p.effective for p in _editions(folders) if p.name == name) for name in NAMES}
    assert dates["douyin.cn"] == [date(2021, 11, 1), date(2024, 9, 1), date(2025, 5, 1), date(2026, 11, 1)]
    assert dates["tiktok_shop.us"] == [date(2024, 10, 21), date(2025, 10, 1), date(2026, 11, 1)]


@pytest.mark.parametrize(
    ("name", "at", "edition"),
    [
        ("douyin.cn", date(2020, 1, 1), date(2021, 11, 1)),
        ("douyin.cn", date(2024, 8, 31), date(2021, 11, 1)),
        ("douyin.cn", date(2024, 9, 1), date(2024, 9, 1)),
        ("douyin.cn", None, date(2026, 11, 1)),
        ("douyin.cn@2024-09", None, date(2024, 9, 1)),
        ("tiktok_shop.us", date(2025, 9, 30), date(2024, 10, 21)),
        ("tiktok_shop.us", date(2025, 10, 1), date(2025, 10, 1)),
    ],
)
def test_the_edition_of_the_day_is_chosen(folders: tuple[Path, ...], name: str, at: date | None, edition: date) -> None:
    chosen, _ = choose_pack(open_folders(folders).packs(), name, at)
    assert chosen.effective == edition


def _severity(folders: tuple[Path, ...], name: str, at: date, rule: str) -> Severity:
    opened = open_folders(folders)
    chosen, document = choose_pack(opened.packs(), name, at)
    return next(one.severity for one in rules_of(chosen, document, opened.rules()) if one.id == rule)


@pytest.mark.parametrize(
    ("name", "rule", "day"),
    [
        ("douyin.cn", "review_inducement.paid", date(2024, 9, 1)),
        ("douyin.cn", "off_platform.hint", date(2025, 5, 1)),
        ("tiktok_shop.us", "review_inducement.change", date(2025, 10, 1)),
        ("tiktok_shop.us", "review_inducement.begging", date(2025, 10, 1)),
    ],
)
def test_a_rule_changed_on_its_day(folders: tuple[Path, ...], name: str, rule: str, day: date) -> None:
    assert _severity(folders, name, day - timedelta(days=1), rule) is Severity.WARN
    assert _severity(folders, name, day, rule) is Severity.BLOCK


def test_a_boast_weighs_less_where_the_law_tolerates_it(folders: tuple[Path, ...]) -> None:
    today = date(2026, 11, 28)
    weights = {name: _severity(folders, name, today, "absolute_claim.superlative") for name in NAMES}
    assert {name for name, weight in weights.items() if weight is Severity.WARN} == {"tiktok_shop.uk", "tiktok_shop.us"}


@pytest.fixture(scope="module")
def britain(folders: tuple[Path, ...], compiled: Path) -> Pack:
    return load_pack("tiktok_shop.uk", folders, cache_dir=compiled)


@pytest.mark.parametrize(
    "text", ["亲加V信说更方便", "Add me on WeChat and I'll make it cheaper", "你有病吧", "这是快递的问题"]
)
def test_a_market_checks_both_languages(britain: Pack, text: str) -> None:
    assert britain.check(text).decision is Decision.BLOCK


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Track it on royalmail.com", True),
        ("The status is on evri.com", True),
        ("Order from cupshop.com instead", False),
    ],
)
def test_a_market_names_its_own_carriers(britain: Pack, text: str, allowed: bool) -> None:
    assert (britain.check(text).findings == ()) is allowed
