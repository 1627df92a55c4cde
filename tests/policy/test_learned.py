"""The learned matcher: up to date, the same for one text and many, and asked for like any other matcher."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.policy import Pack, load_pack
from copilot.policy.learned import Learned, load_learned
from copilot.policy.learned.features import BITS, NOTHING, features
from copilot.policy.learned.sentences import fingerprint, sentences
from copilot.policy.learned.sums import added, counting, summed

FOLDERS = policy_folders()


@pytest.fixture(scope="module")
def learned() -> Learned:
    found = load_learned(FOLDERS)
    assert found is not None
    return found


def _points(*bases: str) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    return np.array([point for base in bases for point in (*map(ord, base), 1)], dtype=np.uint32)


def test_the_weights_are_those_of_the_sentences() -> None:
    with np.load(FOLDERS[0] / "learned/weights.npz") as stored:
        assert str(stored["trained_on"]) == fingerprint(sentences(FOLDERS)), (
            "run: python -m copilot.policy.learned.train policies"
        )


def test_every_family_has_sentences_of_both_kinds_and_none_twice() -> None:
    found = sentences(FOLDERS)
    for family in {one.family for one in found if one.violates}:
        own = [one for one in found if one.family == family]
        assert sum(one.violates for one in own) >= 100, family
        assert sum(not one.violates for one in own) >= 100, family
    both = {one.text for one in found if one.violates} & {one.text for one in found if not one.violates}
    assert len(both) <= 0.01 * len(found)


texts = st.lists(
    st.text(alphabet="ab加微信。!. \n'1x,", max_size=20).filter(lambda t: "\x01" not in t), min_size=1, max_size=6
)


@cache
def _easily() -> Learned:
    """The shipped model, finding something in nearly every sentence."""
    learned = load_learned(FOLDERS)
    assert learned is not None
    return Learned(learned.names, learned.weights, learned.scale, learned.bias, learned.threshold * 0 - 0.5, "")


@given(texts)
@settings(deadline=None, max_examples=120)
def test_many_texts_are_found_as_each_alone(bases: list[str]) -> None:
    low = _easily()
    points = _points(*bases)
    together = low.texts(points, np.flatnonzero(points == 1))
    assert together == {at: found for at, base in enumerate(bases) if (found := low.spans(base))}


@given(st.text(alphabet="ab加微信。!. \n'1x,", max_size=30))
def test_features_stay_within_a_sentence(base: str) -> None:
    found = features(_points(base))
    assert found.runs.shape == (4, len(base) + 1)
    assert ((found.runs >= 0) & (found.runs <= NOTHING)).all()
    assert ((found.pairs >= 1 << BITS) & (found.pairs <= NOTHING)).all()
    assert found.pairs.shape == (10, len(found.tokens))
    assert found.starts[0] == 0
    assert found.ends[-1] == len(base)
    assert (found.starts[1:] == found.ends[:-1] + 1).all()


def test_a_sentence_is_marked_not_the_whole_message(learned: Learned) -> None:
    violating = "快递弄坏的您找快递赔去,我们发出去的时候是好好的"
    spans = learned.spans(f"您好。{violating}。祝您生活愉快")["blame_shift"]
    assert [(3, 3 + len(violating))] == spans


def test_a_rule_that_asks_for_an_unknown_model_is_refused_with_the_remedy(tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "abuse" / "mine.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(
        "id: abuse.mine\nfamily: abuse\nseverity: warn\nreason: {zh: a, en: b}\nsource: s\n"
        "suggestion: {zh: c, en: d}\nmatchers: [{kind: learned, model: nowhere}]\n",
        encoding="utf-8",
    )
    with pytest.raises(BadConfiguration, match="nowhere"):
        load_pack("generic", (*FOLDERS, tmp_path))


def test_a_line_without_a_label_names_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "learned" / "sentences"
    folder.mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    (folder / "abuse.en.txt").write_text("+ you fool\nno label here\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"abuse\.en\.txt:2"):
        sentences((tmp_path,))


def test_what_is_learnt_is_found_through_the_pack(pack: Pack) -> None:
    verdict = pack.check("这么点小事也值得您半夜发二十条,日子很闲吧")
    assert {finding.family for finding in verdict.findings} <= {"abuse", "blame_shift"}
    assert pack.check("好的,明天上午给您发出").findings == ()


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_sums_are_exact_however_long_a_stretch_is(data: st.DataObject) -> None:
    families, features_of = data.draw(st.sampled_from((1, 3, 12))), data.draw(st.integers(1, 10))
    positions = data.draw(st.integers(1, 400))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    weights = np.zeros((NOTHING + 1, families), dtype=np.int8)
    weights[:50] = random.choice(np.array([-128, -127, 0, 127], dtype=np.int8), size=(50, families))
    # Where all lean to one side sums are as large as they come.
    rows = random.integers(0, 50 if data.draw(st.booleans()) else 1, size=(features_of, positions))
    rows[random.random(rows.shape) < 0.1] = NOTHING
    starts = np.unique([0, *data.draw(st.lists(st.integers(0, positions - 1), max_size=4))])
    table = counting(weights, families)
    found = summed(added(table, rows), starts, features_of)
    each = table.astype(np.int64)[rows].sum(axis=0)
    assert np.array_equal(found, np.add.reduceat(each, starts, axis=0))
    assert np.array_equal(found[:, families], np.add.reduceat((rows != NOTHING).sum(axis=0), starts))
