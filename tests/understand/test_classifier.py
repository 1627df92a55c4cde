import json
import subprocess
import sys

import pytest

from copilot.cli.classify import classified
from copilot.domain.issue import Issue
from copilot.flow.understand.classifier import load
from copilot.flow.understand.corpus import LANGUAGES, fingerprint, utterances
from tests.understand.unseen import EN, ZH

_PART = 0.93
"""What the classifier must reach on sentences it was not trained on."""


@pytest.mark.parametrize("unseen", [ZH, EN], ids=["zh", "en"])
def test_reads_sentences_it_has_never_seen(unseen: tuple[tuple[str, str], ...]):
    wrong = [(text, issue, found) for issue, text in unseen if (found := classified(text).issue.value) != issue]

    assert 1 - len(wrong) / len(unseen) >= _PART, wrong


def test_none_of_them_was_trained_on():
    trained = {one.text for one in utterances()}

    assert not [text for _, text in ZH + EN if text in trained]


def test_the_weights_are_up_to_date():
    assert load().trained_on == fingerprint(), "train again: python -m copilot.flow.understand.train"


def test_every_issue_has_utterances_in_each_language():
    counts = {(one.language, one.label) for one in utterances()}

    assert not [(language, issue) for language in LANGUAGES for issue in Issue if (language, issue.value) not in counts]


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
