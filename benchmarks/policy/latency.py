"""Measures one check at a time, as a desk does it; a process of its own, on one core.

``python -m benchmarks.policy.latency`` prints a line of JSON: rows as ``benchmarks.measure`` has them.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import asdict

from benchmarks.measure import Row, calls
from benchmarks.parts import LANGUAGES, ZONES, check, worded
from benchmarks.policy.archive import personal
from benchmarks.policy.results import draft_row
from benchmarks.policy.timing import pin, say
from copilot.assets import policy_folders, prompt_folders
from copilot.domain.plan import Plan
from copilot.flow.judging import expects_of
from copilot.model.composer import Composed
from copilot.model.composer.samples import samples
from copilot.model.prompts import Prompts
from copilot.policy import CheckContext, Origin, Pack, load_pack

PACK = "generic"
ROUNDS = 20


def drafts(rounds: int = ROUNDS) -> Iterator[Row]:
    """``Pack.check`` of composed drafts with all that a draft is asked for; then with a number or address in each."""
    prompts = Prompts(prompt_folders())
    pack = load_pack(PACK, policy_folders()).prepare()
    for language in LANGUAGES:
        plans = [sample.plan(language) for sample in samples()]
        written = [(plan, worded(prompts, plan, language, ZONES[language])) for plan in plans]
        known = [(plan, composed) for plan, composed in written if composed is not None]
        for candidate in (False, True):
            run = [_Check(pack, plan, composed, language, candidate) for plan, composed in known]
            yield calls(draft_row(language, candidate=candidate), run, rounds=rounds)


class _Check:
    """A check of a draft that can be made again and again."""

    def __init__(self, pack: Pack, plan: Plan, composed: Composed, language: str, candidate: bool) -> None:
        self._pack = pack
        self._text = composed.text
        if candidate:
            self._text += f" {personal(random.Random(len(composed.text)))}"
        self._context = CheckContext(
            origin=Origin.DRAFT,
            issue=plan.issue,
            language=language,
            facts=plan.facts,
            claims=composed.claims,
            expects=expects_of(plan),
            text_language=language,
        )

    def __call__(self) -> object:
        return self._pack.check(self._text, self._context)


def agents() -> Iterator[Row]:
    """What agents write themselves, as ``make bench`` measures it."""
    for row in check():
        yield Row(f"agent's own text, {row.what.removeprefix('check ')}", row.p50, row.p99, row.samples, row.target)


def main() -> None:
    """Measure everything; an argument gives the number of rounds."""
    pin()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    say([asdict(row) for row in (*drafts(rounds), *agents())])


if __name__ == "__main__":
    main()
