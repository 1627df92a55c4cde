"""The everyday corpus: what it is made of, and that no rule holds any of it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from copilot.domain.verdict import Decision
from copilot.policy import CheckContext, Origin, Pack, Speaker
from copilot.policy.load import open_folders
from copilot.policy.privacy.find import find
from copilot.policy.testing import Bench

HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("zh", "en")
AGENTS = ("agents.zh", "agents.en", "agents.other")


def lines(folders: tuple[Path, ...], language: str) -> list[str]:
    path = folders[0] / "everyday" / f"{language}.txt"
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def together(folders: tuple[Path, ...], compiled: Path) -> Pack:
    return Bench(open_folders(folders), compiled).together


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_enough_of_it_and_nothing_twice(folders: tuple[Path, ...], language: str) -> None:
    found = lines(folders, language)
    assert len(found) >= 1500
    assert [line for line, times in Counter(found).items() if times > 1] == []
    assert all(line == line.strip() for line in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_varied(folders: tuple[Path, ...], language: str) -> None:
    found = lines(folders, language)
    # Two neighbours that differ in one word are fillings of one sentence; most lines must be sentences of their own.
    shapes = {re.sub(r"[0-9a-z]+" if language == "zh" else r"\d+", "", line.lower())[:6] for line in found}
    assert len(shapes) > len(found) * 0.4
    lengths = sorted(map(len, found))
    assert lengths[len(found) // 20] < 8 * (1 if language == "zh" else 2)
    assert lengths[-len(found) // 20] > 24 * (1 if language == "zh" else 2)


def test_each_file_is_in_its_language(folders: tuple[Path, ...]) -> None:
    assert sum(bool(HAN.search(line)) for line in lines(folders, "zh")) > 0.95 * len(lines(folders, "zh"))
    assert not any(HAN.search(line) for line in lines(folders, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_in_it(folders: tuple[Path, ...], language: str) -> None:
    market = {"zh": "cn", "en": "us"}[language]
    shown = [(line, found) for line in lines(folders, language) if (found := find(line, market))]
    assert shown == []


def test_hard_near_misses_are_in_it(folders: tuple[Path, ...]) -> None:
    every = "\n".join(open_folders(folders).everyday())
    wanted = (
        "微信支付",
        "QQ糖",
        "V领",
        "扫码开票",
        "最近",
        "第一次",
        "唯一的区别",
        "never ask you to add WeChat",
        "dot pattern",
    )
    assert [word for word in wanted if word not in every] == []


@pytest.mark.parametrize(("speaker", "origin"), [(speaker, origin) for speaker in Speaker for origin in Origin])
def test_no_rule_blocks_any_of_it(folders: tuple[Path, ...], together: Pack, speaker: Speaker, origin: Origin) -> None:
    every = open_folders(folders).everyday()
    # Thousands of lines in one go; test_batch proves that each would be judged the same alone.
    verdicts = together.check_many(every, CheckContext(speaker=speaker, origin=origin))
    held = [
        f"{line} ← {finding.rule} '{finding.text}'"
        for line, verdict in zip(every, verdicts, strict=True)
        for finding in verdict.findings
        if verdict.decision is Decision.BLOCK
    ]
    assert held == [], "\n".join(held)


def test_lint_reads_the_same_lines(folders: tuple[Path, ...]) -> None:
    every = open_folders(folders).everyday()
    assert sorted(line for name in (*LANGUAGES, *AGENTS) for line in lines(folders, name)) == sorted(every)


def test_what_agents_say_stands_nowhere_twice(folders: tuple[Path, ...]) -> None:
    every = Counter(open_folders(folders).everyday())
    for name in AGENTS:
        found = lines(folders, name)
        assert len(found) > 900
        assert [line for line in found if every[line] > 1] == []
