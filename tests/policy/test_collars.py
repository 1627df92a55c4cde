"""A collar is no prize: 领 of 圆领 and 领口 in words about a picture that was sent."""

from pathlib import Path

import pytest

from copilot.policy import Pack, load_pack


@pytest.fixture(scope="module")
def china(folders: tuple[Path, ...], compiled: Path) -> Pack:
    return load_pack("douyin.cn", folders, cache_dir=compiled)


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("您发来的图收到了,纯棉圆领T恤的事我来处理", False),
        ("您发的图看到了,领口脱线这事我来处理", False),
        ("发个好评图来领红包", True),
        ("晒图送您5元", True),
    ],
)
def test_a_collar_is_no_prize(china: Pack, text: str, paid: bool) -> None:
    found = {finding.rule for finding in china.check(text).findings}
    assert ("review_inducement.paid" in found) is paid
