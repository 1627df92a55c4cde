"""The automaton sees exactly what a plain trie sees."""

import importlib.util
from pathlib import Path

from ahocorasick_rs import AhoCorasick
from hypothesis import given
from hypothesis import strategies as st

_SPEC = importlib.util.spec_from_file_location("policy_trie", Path(__file__).with_name("trie.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

letters = st.text(alphabet="ab微信加", min_size=1, max_size=5)


@given(st.lists(letters, min_size=1, max_size=12, unique=True), st.text(alphabet="ab微信加 x", max_size=40))
def test_all_overlapping_literals_are_found(words: list[str], text: str) -> None:
    automaton = AhoCorasick(words)
    assert set(automaton.find_matches_as_indexes(text, overlapping=True)) == _MODULE.Trie(words).matches(text)
