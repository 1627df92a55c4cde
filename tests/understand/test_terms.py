"""Looking words up finds what expressions made of the same lists would find."""

import re
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.errors import BadConfiguration
from copilot.flow.understand.corpus import utterances
from copilot.flow.understand.terms import Terms
from copilot.flow.understand.text import fold

_FILES = ("concepts", "masks")
_SOME = {"a": ["track*", "no update*", "where's", "查", "单号", "f*"], "b": ["tracking", "加v", "0-s*", "no update"]}
_SOUGHT = Terms.of(_SOME)
_PIECES = st.lists(
    st.sampled_from(
        ["track", "tracking", "where's", "no update", "s", "'", " ", "-", "_", "0", "f", "查", "单号", "加v", "b", "‹"]
    ),
    max_size=12,
).map("".join)


def _lists(name: str) -> dict[str, list[str]]:
    path = resources.files("copilot.flow.understand") / "data" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _expression(terms: list[str]) -> re.Pattern[str]:
    def one(term: str) -> str:
        if not term.isascii():
            return re.escape(term)
        stem = re.escape(term.rstrip("*"))
        return rf"\b{stem}\w*" if term.endswith("*") else rf"\b{stem}\b"

    return re.compile("|".join(map(one, sorted(terms, key=len, reverse=True))))


def _same(text: str, expressions: dict[str, re.Pattern[str]], terms: Terms) -> None:
    for group, pattern in expressions.items():
        spans = [match.span() for match in pattern.finditer(text)]
        assert terms.spans(text, group) == spans, (text, group)
        assert (group in terms.found(text)) is bool(spans)


@pytest.mark.parametrize("name", _FILES)
def test_the_shipped_lists_are_found_as_by_expressions(name: str) -> None:
    lists = _lists(name)
    expressions, terms = {group: _expression(words) for group, words in lists.items()}, Terms.of(lists)
    for utterance in utterances()[::151]:
        _same(fold(utterance.text), expressions, terms)


@given(_PIECES)
def test_any_text_is_searched_as_by_expressions(text: str) -> None:
    _same(text, {group: _expression(words) for group, words in _SOME.items()}, _SOUGHT)


def test_a_term_with_a_sign_at_its_end_is_refused_instead_of_never_found() -> None:
    with pytest.raises(BadConfiguration, match="'sold!'"):
        Terms.of({"stock": ["sold!"]})
