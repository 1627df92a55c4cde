"""Phones and links: what is one, what only looks like one, and where it ends."""

import pytest

from copilot.policy import Pack
from copilot.policy.contact.digits import DigitReader, Figure, Run


def _found(pack: Pack, text: str, rule: str) -> list[str]:
    return [finding.text for finding in pack.check(text).findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("打13912345670吧", ["13912345670"]),
        ("打13912345670一下", ["13912345670"]),
        ("电话13912345670, 20元运费", ["13912345670"]),
        ("订单2026-11-22 13912345670", ["13912345670"]),
        ("13912345670,13812345678", ["13912345670", "13812345678"]),
        ("call 415-555-0132 24/7", ["415-555-0132"]),
        ("一三九一二三四五六七零吧", ["一三九一二三四五六七零"]),
    ],
)
def test_a_phone_is_found_without_its_neighbours(pack: Pack, text: str, numbers: list[str]) -> None:
    assert _found(pack, text, "off_platform.phone") == numbers


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 18:44:49 下的单",
        "尺寸 100 200 300 4000",
        "订单编号139123456701",
        "满300减40,满200减20",
        "三围 90 70 95,身高165",
        "编码 4839 2017 4839 2017 483",
        "SF1391234567012",
        "联系电话138****5678",
    ],
)
def test_other_numbers_are_no_phones(pack: Pack, text: str) -> None:
    assert _found(pack, text, "off_platform.phone") == []


@pytest.mark.parametrize(
    "text", ["abc点com", "go to bestdeal[.]shop", "www。goods。top", "sales(at)best(dot)com", "x@qq.com"]
)
def test_a_disguised_address_is_found(pack: Pack, text: str) -> None:
    assert _found(pack, text, "off_platform.link")


@pytest.mark.parametrize(
    "text",
    ["It arrives tomorrow.The scan is at noon", "3.5折", "版本2.0.1", "Node.js 20.1", "点开看看", "no. 1 in the list"],
)
def test_a_dot_alone_is_no_address(pack: Pack, text: str) -> None:
    assert _found(pack, text, "off_platform.link") == []


@pytest.mark.parametrize("before", ["", "+", "打 ", "一"])
@pytest.mark.parametrize("digits", ["13812345678", "12345", "1" * 30])
def test_a_run_of_figures_alone_is_read_like_any_other(before: str, digits: str) -> None:
    text = f"{before}{digits}"
    reader = DigitReader({"一": "1", "one": "1"})
    (run,) = reader.runs(text)
    begin = len(text) - len(digits)
    figures = tuple(Figure(digit, at, at + 1, False, False) for at, digit in enumerate(digits, begin))
    same = (
        Run(figures, run.start, len(text), before == "+") if before != "一" else Run(run.figures, 0, len(text), False)
    )
    for name in ("figures", "digits", "groups", "spelled", "cuts", "size", "start", "end", "plus", "whole"):
        assert getattr(run, name) == getattr(same, name), name
    assert [part.digits for part in run.parts()] == [part.digits for part in same.parts()]
