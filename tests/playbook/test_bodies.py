"""Height and weight as buyers give them for a size."""

import pytest

from copilot.playbook.bodies import by_name, gives_body


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("158 102斤穿啥码", "zh", "身高 体重 穿啥码"),
        ("一米六 110斤 要多大", "zh", "身高 体重 要多大"),
        ("身高165体重118穿多大", "zh", "身高 体重 穿多大"),
        ("168cm 55kg选哪个", "zh", "身高 体重 选哪个"),
        ("im 5'4 150 lbs what size", "en", "im height weight what size"),
        ("5 ft 6, 140lb, which size", "en", "height , weight , which size"),
    ],
)
def test_the_numbers_are_looked_for_by_what_they_measure(text: str, language: str, named: str) -> None:
    assert by_name(text, language) == named
    assert gives_body(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("腰70穿什么码", "zh"),
        ("158的有货吗", "zh"),
        ("waist 29 hips 40", "en"),
        ("does the 150 come in blue", "en"),
        ("平时穿M", "zh"),
    ],
)
def test_other_numbers_stay_what_they_are(text: str, language: str) -> None:
    assert by_name(text, language) == text
    assert not gives_body(text)
