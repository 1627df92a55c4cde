"""A list is searched where a text may have a word of it, and what is found is what searching all of them finds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.files import read_model
from copilot.playbook import topics, words
from copilot.playbook.patterns import any_of
from copilot.playbook.topic_rules import TopicsFile
from copilot.playbook.word_lists import WordLists
from copilot.playbook.words import WordsFile

_PARTS = st.sampled_from(["red", "re", "Ed", "ı", "K", "ſt", "ß", "红", "红色", "色", "。", " ", "…", "a*", "n't", "3"])
_WORD = st.lists(_PARTS, min_size=1, max_size=3).map("".join).filter(lambda word: word.strip("*…"))
_LISTS = st.dictionaries(st.sampled_from("abcde"), st.lists(_WORD, max_size=4))


@given(_LISTS, st.lists(_PARTS, max_size=12).map("".join))
def test_nothing_is_missed_and_nothing_added(lists: dict[str, list[str]], text: str) -> None:
    held = WordLists(lists)
    for name, listed in lists.items():
        direct = [match.span() for match in any_of(listed).finditer(text)] if listed else []
        assert [match.span() for match in held.all_in(name, text)] == direct
        first = held.search(name, text)
        assert (first.span() if first else None) == (direct[0] if direct else None)
    everywhere = [(name, match.span()) for name, match in held.in_text(text)]
    assert everywhere == [
        (name, one.span()) for name in lists if lists[name] for one in any_of(lists[name]).finditer(text)
    ]


def _shipped() -> dict[str, tuple[str, ...]]:
    folder = policy_folders()[0] / "playbooks"
    spoken, of_goods = read_model(folder / words.FILE, WordsFile), read_model(folder / topics.FILE, TopicsFile)
    rules = {**of_goods.topics, **of_goods.ways}
    return {**spoken.signals, **{f"topic {name}": (*rule.zh, *rule.en) for name, rule in rules.items()}}


def test_every_shipped_word_is_found_in_a_sentence_that_has_it_whatever_its_case() -> None:
    lists = _shipped()
    held, chance = WordLists(lists), random.Random(7)
    for name, listed in lists.items():
        for word in listed:
            said = word.replace("…", "x").removesuffix("*")
            text = f"ok {chance.choice((said, said.upper(), said.title()))} 好"
            assert (held.search(name, text) is None) == (any_of(listed).search(text) is None), word


def test_only_lists_that_may_have_a_word_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[tuple[str, ...]] = []

    def noting(listed: tuple[str, ...]) -> object:
        compiled.append(listed)
        return any_of(listed)

    monkeypatch.setattr("copilot.playbook.word_lists.any_of", noting)
    held = WordLists({"red": ("red", "红"), "blue": ("blue",), "none": ()})
    assert held.search("red", "the RED one")
    assert not held.search("blue", "the RED one")
    assert held.search("none", "anything") is None
    assert "none" not in held
    assert compiled == [("red", "红")]
