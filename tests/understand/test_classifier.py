import json
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from copilot.cli.classify import classified
from copilot.domain.issue import Issue
from copilot.flow.understand import accuracy
from copilot.flow.understand.classifier import load
from copilot.flow.understand.corpus import LANGUAGES, TURNS, fingerprint, utterances
from copilot.flow.understand.text import fold
from tests.understand.unseen import EN, ZH

_PART = 0.93
"""What the classifier must reach on sentences it was not trained on."""
_FEWEST = 60
_TELLING = 6
"""Characters from which on a golden turn is more than a nod."""
_ALIKE = 0.75
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("unseen", [ZH, EN], ids=["zh", "en"])
def test_reads_sentences_it_has_never_seen(unseen: tuple[tuple[str, str], ...]):
    wrong = [(text, issue, found) for issue, text in unseen if (found := classified(text).issue.value) != issue]

    assert 1 - len(wrong) / len(unseen) >= _PART, wrong


def test_none_of_them_was_trained_on():
    trained = {one.text for one in utterances()}

    assert not [text for _, text in ZH + EN if text in trained]


def test_the_weights_are_up_to_date():
    assert load().trained_on == fingerprint(), "train again: python -m copilot.flow.understand.train"


def test_the_accuracy_told_was_measured_with_these_weights():
    told, weights = accuracy.load(), load()

    assert told.trained_on == weights.trained_on
    assert (told.temperature, told.threshold) == (weights.temperature, weights.threshold)
    assert {one: shares.utterances for one, shares in told.languages.items()} == Counter(
        one.language for one in utterances()
    )
    assert all(0.7 <= shares.top1 <= shares.right_when_clear <= 1 for shares in told.languages.values())


def test_every_class_has_many_utterances_in_each_language():
    counts = Counter((one.language, one.label) for one in utterances())
    labels = (*(issue.value for issue in Issue), *TURNS)

    assert not [(one, label) for one in LANGUAGES for label in labels if counts[one, label] < _FEWEST]


def test_no_utterance_repeats_a_golden_turn():
    golden = [_pairs(line) for line in _golden_lines()]
    labelled = [(one, _pairs(one.text)) for one in utterances() if one.label != "greeting"]

    assert not [one.text for one, mine in labelled if any(_alike(mine, other) for other in golden)]


def _golden_lines() -> set[str]:
    files = (GOLDEN / f"{language}.jsonl" for language in LANGUAGES)
    rows = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    said = (one.get("text") or "" for row in rows for one in row["messages"] if one["role"] == "buyer")
    return {text for text in said if len(_plain(text)) >= _TELLING}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(left + right for left, right in pairwise(_plain(text)))


def _alike(mine: frozenset[str], other: frozenset[str]) -> bool:
    return len(mine & other) > _ALIKE * len(mine | other)


def test_probabilities_are_probabilities():
    ranked = load().rank("我的快递到哪里了", top=50)

    assert sum(label.probability for label in ranked) == pytest.approx(1.0, abs=1e-4)
    assert load().rank("👌 …") == ()


def test_reading_needs_no_training_library():
    code = (
        "import sys, copilot.cli.classify as c; c.classified('where is my parcel');"
        "print([name for name in ('sklearn', 'scipy', 'litellm', 'langgraph') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.strip() == "[]"


def test_the_command_prints_one_object_a_line():
    lines = '快递到哪了\n{"text": "thank you"}\n{"wrong": 1}\nasdf qwer\n'
    done = subprocess.run(
        [sys.executable, "-m", "copilot.cli.main", "classify", "-"],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert [one["issue"] for one in found] == ["logistics_query", "thanks", "unclear"]
    assert found[0]["evidence"]["text"] == "快递到哪了"
    assert ":3:" in done.stderr
