"""A clause of sympathy may hold one word that no list has, and never one that gives, does, owes, knows or counts."""

import pytest

from copilot.model.familiar import Familiar
from copilot.model.kindness import is_kind, is_nearly_kind


@pytest.mark.parametrize(
    ("language", "clause"),
    [
        ("en", "sorry that your hallway looks like this"),
        ("en", "that must be such a wobbly feeling"),
        ("en", "thanks for the whimsical picture"),
        ("zh", "换谁也会觉得憋闷"),
        ("zh", "真的抱歉让您这么犯愁"),
    ],
)
def test_one_unlisted_word_of_sympathy_is_let_pass(language: str, clause: str) -> None:
    assert not is_kind(clause, language), "the clause has a word that no list has"
    assert is_nearly_kind(clause, language)
    assert Familiar.of(language, []).strange(clause) == ()


@pytest.mark.parametrize(
    ("language", "clause"),
    [
        ("en", "sorry about the batch"),
        ("en", "i feel for you and comped it"),
        ("en", "sorry i reimbursed it"),
        ("en", "thanks for the whimsical stuff on the porch"),
        ("en", "your hallway looks like this"),
        ("en", "sorry for the 3 hallways"),
        ("zh", "抱歉给您免单"),
        ("zh", "抱歉这批货不行"),
        ("zh", "实在抱歉明天就到"),
        ("zh", "犯愁得很"),
    ],
)
def test_what_could_promise_or_state_something_is_not(language: str, clause: str) -> None:
    assert not is_nearly_kind(clause, language)


@pytest.mark.parametrize(
    ("language", "known", "clause", "lets"),
    [
        ("en", ("refund",), "would you prefer the refund or to wait a while", True),
        ("en", ("refund",), "the refund is yours and you wait a while", False),
        ("en", ("refund",), "would you prefer the refund or a voucher", False),
        ("zh", ("退款", "重寄"), "您倾向于退款还是重寄", True),
        ("zh", ("退款", "重寄"), "您倾向于退款还是赔钱", False),
    ],
)
def test_a_choice_may_join_known_words_and_no_others(
    language: str, known: tuple[str, ...], clause: str, lets: bool
) -> None:
    assert (Familiar(language, frozenset(known)).strange(clause) == ()) is lets
