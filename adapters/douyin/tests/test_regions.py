"""Every province by all its names, and nothing else."""

import re

import pytest
from copilot_adapter_douyin.regions import province_of, region_of

FULL = {
    "省": (
        "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西"
        " 甘肃 青海 台湾"
    ),
    "市": "北京 天津 上海 重庆",
    "自治区": "内蒙古 西藏",
    "壮族自治区": "广西",
    "回族自治区": "宁夏",
    "维吾尔自治区": "新疆",
    "特别行政区": "香港 澳门",
}
NAMES = [(short, f"{short}{ending}") for ending, names in FULL.items() for short in names.split()]


def test_there_are_thirty_four_of_them_with_a_code_each() -> None:
    codes = [region_of(short) for short, _ in NAMES]
    assert len(set(codes)) == len(NAMES) == 34
    assert all(code and re.fullmatch(r"CN-[1-9]\d", code) for code in codes)


@pytest.mark.parametrize(("short", "full"), NAMES)
def test_short_and_full_names_are_one_province(short: str, full: str) -> None:
    code = region_of(short)
    assert code is not None
    assert region_of(full) == region_of(f" {full} ") == code
    assert province_of(code) == short


@pytest.mark.parametrize("word", ["", "省", "市", "广东广州", "深圳市", "Guangdong", "**省", "CN-44"])
def test_any_other_word_is_no_province(word: str) -> None:
    assert region_of(word) is None


@pytest.mark.parametrize("code", ["", "US", "CN", "CN-99", "44"])
def test_any_other_code_has_no_name(code: str) -> None:
    assert province_of(code) is None
