"""The 300 entries and their questions, on which retrieval is measured: a measure must itself hold."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from copilot import policy
from copilot.domain.issue import Category
from copilot.domain.knowledge import Audience, Entry
from copilot.policy.presets import load_presets
from tests.conftest import ROOT

FIXTURE = ROOT / "tests/knowledge/fixture"
POLICIES = (ROOT / "policies",)


@cache
def lines(name: str) -> tuple[dict[str, str], ...]:
    return tuple(json.loads(line) for line in (FIXTURE / name).read_text(encoding="utf-8").splitlines())


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(Entry.model_validate(line) for line in lines("entries.jsonl"))


def key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def test_there_are_150_entries_in_each_language() -> None:
    assert Counter(entry.language for entry in entries()) == {"zh": 150, "en": 150}
    assert len({(entry.id, entry.language) for entry in entries()}) == 300
    assert {entry.category for entry in entries()} == set(Category)
    assert {entry.audience for entry in entries()} == {Audience.BUYER}
    assert {len(entry.similar) for entry in entries()} >= {0, 1, 2, 3, 4}


def test_each_entry_is_asked_for_in_other_words_at_least_twice() -> None:
    asked = Counter((line["entry"], line["language"]) for line in lines("questions.jsonl"))
    assert {(entry.id, entry.language) for entry in entries()} == set(asked)
    assert min(asked.values()) >= 2
    stated = {key(text) for entry in entries() for text in (entry.question, *entry.similar)}
    assert [line["question"] for line in lines("questions.jsonl") if key(line["question"]) in stated] == []
    assert len({key(line["question"]) for line in lines("questions.jsonl")}) == len(lines("questions.jsonl"))


def test_strangers_stand_in_no_entry() -> None:
    assert Counter(line["language"] for line in lines("strangers.jsonl")) == {"zh": 40, "en": 40}
    stated = {key(text) for entry in entries() for text in (entry.question, *entry.similar)}
    assert [line["question"] for line in lines("strangers.jsonl") if key(line["question"]) in stated] == []


@pytest.mark.parametrize("pack", ["generic", "douyin.cn", "tiktok_shop.us"])
def test_every_answer_may_be_sent_and_says_something(pack: str, compiled: Path) -> None:
    checked = policy.load_pack(pack, POLICIES, cache_dir=compiled).check_many([entry.answer for entry in entries()])
    assert [entry.id for entry, verdict in zip(entries(), checked, strict=True) if verdict.decision != "pass"] == []
    presets = load_presets(POLICIES)
    assert [entry.id for entry in entries() if presets.match(entry.answer)] == []
