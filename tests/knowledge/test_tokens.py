"""How texts are cut: forms of a word are one, words of one meaning meet, signs never break anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.knowledge.ranking import Prepared
from copilot.knowledge.spelling import Vocabulary
from copilot.knowledge.tokens import Tokenizer, stem
from copilot.knowledge.words import WordsFile, load_words
from tests.knowledge.conftest import entry, tokenizer


@pytest.mark.parametrize(
    "forms",
    ["ship ships shipped shipping", "return returned returns returning", "wash washes washed washing",
     "battery batteries", "stop stopped stopping", "price prices", "try tries", "box boxes", "change changed changing"],
)  # fmt: skip
def test_forms_of_a_word_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("words", ["address dress", "bus buses2", "sing ring", "need nee", "glass gla", "this thi"])
def test_other_words_stay_apart(words: str) -> None:
    first, second = words.split()
    assert stem(first) != stem(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("邮费", "运费"),
        ("寄出", "发货"),
        ("運費", "运费"),
        ("ＳＩＺＥ", "size"),
        ("send it out", "ship"),
        ("dry-clean", "dry clean"),
    ],
)
def test_words_of_one_meaning_meet(one: str, other: str) -> None:
    assert tokenizer().bag(one).keys() & tokenizer().bag(other).keys()


def test_what_says_nothing_has_no_tokens() -> None:
    for text in ("", "🙂!?", "请问一下", "hi there, can you please"):
        assert tokenizer().bag(text) == {}


@given(st.text(max_size=60))
def test_any_text_is_cut_into_weights_between_nought_and_one(text: str) -> None:
    bag = tokenizer().bag(text)
    assert all(token and 0 < weight <= 1 for token, weight in bag.items())
    assert tokenizer().bag(text) == bag


def test_a_slip_is_read_as_the_usual_word_and_a_known_word_is_left_alone() -> None:
    words = Vocabulary({"washing": 3, "wishing": 1, "retur": 2})
    assert set(words.corrected({"wahsing": 1.0, "wishing": 1.0, "退货": 1.0, "wash": 1.0})) == {
        "washing", "wishing", "退货", "wash",
    }  # fmt: skip


def test_other_lists_have_another_version_and_a_users_lines_count(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "knowledge").mkdir()
    path = tmp_path / "knowledge/words.yaml"
    path.write_text("same: {gizmo: {en: [gizmo, widget]}}\n")
    own = Tokenizer(load_words((tmp_path,)))
    assert own.version != tokenizer().version
    assert "=gizmo" in own.bag("a widget")
    path.write_text("sames: {}\n")
    load_words.cache_clear()
    with pytest.raises(PolicyFileError, match=r"words.yaml:1: sames: unknown key; did you mean 'same'"):
        load_words((tmp_path,))
    with pytest.raises(BadConfiguration, match=r"words.yaml was not found"):
        load_words((tmp_path / "knowledge",))


def test_without_lists_words_still_meet_as_they_stand() -> None:
    plain = Tokenizer(WordsFile())
    assert Prepared.of(entry(question="退货运费"), plain).asked.keys() >= {"退货", "货运", "运费"}
