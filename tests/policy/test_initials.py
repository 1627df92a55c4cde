"""Initials that are abuse in Chinese are places and sizes elsewhere."""

import pytest

from copilot.policy import Pack


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("The last scan says “Arrived at USPS regional facility, Charlotte, NC”, 9 AM today.", False),
        ("It goes to 12 Oak St Apt 2B, Raleigh, NC 27601.", False),
        ("2B or 2C, which flat is it?", False),
        ("你个sb", True),
        ("nc买家", True),
        ("tmd 别烦我", True),
        ("sb", True),
    ],
)
def test_initials_are_abuse_only_beside_chinese_or_alone(text: str, blocked: bool, pack: Pack) -> None:
    found = {one.rule for one in pack.check(text).findings}
    assert ("abuse.insult" in found) is blocked
