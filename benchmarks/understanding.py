"""How well turns are read: risk signals over the labelled sentences in ``tests/understand/risks``, issues by k-fold.

Prints lines of its own before the table of times: per signal and language the share of true sentences that are seen,
and the share of near misses that raise a false alarm. The sentences marked ``held`` were not looked at while the rules
were mended; they get two lines of their own. The figures for issues were measured when the weights were made.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.issue import Risk
from copilot.flow.understand import accuracy as measured
from copilot.flow.understand import find_risks

FIXTURES = Path(__file__).parents[1] / "tests" / "understand" / "risks"
LANGUAGES = ("zh", "en")


@dataclass(slots=True)
class Tally:
    """Sentences that show a signal and those seen; near misses and those taken for it."""

    true: int = 0
    seen: int = 0
    near: int = 0
    false: int = 0

    def add(self, *, risk: bool, found: bool) -> None:
        """Count one sentence."""
        if risk:
            self.true += 1
            self.seen += found
        else:
            self.near += 1
            self.false += found

    def line(self, what: str) -> str:
        """``injury zh   recall  97.1 % of 34   false alarms   0.0 % of 36``."""
        recall, alarms = self.seen / self.true, self.false / self.near
        return f"{what:38} recall {recall:7.1%} of {self.true:<4} false alarms {alarms:7.1%} of {self.near}"


def risks() -> Iterator[str]:
    """One line a signal and language, then one a language over the held sentences."""
    held = {language: Tally() for language in LANGUAGES}
    for risk in Risk:
        told = {language: Tally() for language in LANGUAGES}
        lines = (FIXTURES / f"{risk}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in map(json.loads, lines):
            found = any(one.risk is risk for one in find_risks(row["text"]))
            told[row["lang"]].add(risk=row["risk"], found=found)
            if row.get("held"):
                held[row["lang"]].add(risk=row["risk"], found=found)
        for language, tally in told.items():
            yield tally.line(f"{risk} {language}")
    for language, tally in held.items():
        yield tally.line(f"held sentences, {language}")


def accuracy() -> Iterator[str]:
    """One line a language: how often the classifier names the right class of an utterance it has not seen."""
    found = measured.load()
    for language, shares in found.languages.items():
        yield (
            f"{f'issues {language}, {found.folds}-fold, {found.on}':38} right {shares.top1:7.1%}"
            f" of {shares.utterances:<5} clear {shares.clear:7.1%}, right when clear {shares.right_when_clear:7.1%}"
        )
