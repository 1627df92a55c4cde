"""Measures our engine with one matcher, one pack and one number of terms; a process of its own, on one core.

``python -m benchmarks.policy.engine FOLDER terms hyperscan 10000 5 2`` prints a line of JSON.
"""

import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.policy.timing import FIRST, memory, pin, rate, read, say
from copilot.assets import policy_folders
from copilot.domain.verdict import Severity
from copilot.policy import Pack
from copilot.policy.compile import compile_rules
from copilot.policy.learned import load_learned
from copilot.policy.load import choose_pack, open_folders, rules_of
from copilot.policy.model import Rule, Terms, View, Wording, Words

PACKS = ("list", "terms", "everything")
"""The terms alone; beside the family ``off_platform`` but for its learned matcher; or beside all that is shipped."""
MATCHERS = {"hashes": "numpy", "hyperscan": "hyperscan", "ahocorasick": "ahocorasick-rs"}
"""The automata by name, and the package each comes from."""
_EVADED = 500
"""So many terms of *list* are looked for without separators and by sound as well; all through the folded view."""
_PER_RULE = 50
_FAMILY = "bench"


def compiled(kind: str, extra: Sequence[str]) -> dict[str, Any]:
    """The rules of ``kind`` (of ``PACKS``) with ``extra`` terms in rules of fifty, compiled."""
    folders = open_folders(policy_folders())
    sourced = folders.rules()
    if kind == "list":
        return compile_rules(_rules(extra, _EVADED), folders.fold(), sourced)
    chosen, document = choose_pack(folders.packs(), "generic", None)
    families = {"off_platform"} if kind == "terms" else {known.rule.family for known in sourced.values()}
    changes = {name: change for name, change in chosen.rules.items() if name.partition(".")[0] in families}
    pack = chosen.model_copy(update={"families": tuple(sorted(families)), "rules": changes})
    shipped = [rule for rule in rules_of(pack, document, sourced) if kind != "terms" or not _learned(rule)]
    rules = [*shipped, *_rules(extra)]
    return compile_rules(rules, folders.fold(), sourced)


def _learned(rule: Rule) -> bool:
    return any(isinstance(matcher, Wording) for matcher in rule.matchers)


def _rules(extra: Sequence[str], evaded: int = 0) -> list[Rule]:
    """Rules of fifty terms each; the first ``evaded`` terms in every view of a single word."""
    every = (View.BASE, View.COMPACT, View.HOMOPHONE)
    words = Words(zh="测量用的词", en="a term to measure with")
    return [
        Rule(
            id=f"{_FAMILY}.terms_{start}",
            family=_FAMILY,
            severity=Severity.WARN,
            reason=words,
            suggestion=words,
            source="benchmark",
            matchers=(
                Terms(
                    kind="terms",
                    terms=tuple(extra[start : start + _PER_RULE]),
                    views=every if start < evaded else (View.BASE,),
                ),
            ),
        )
        for start in range(0, len(extra), _PER_RULE)
    ]


def measure(folder: Path, kind: str, matcher: str, size: int, *, rounds: int, seconds: float) -> dict[str, object]:
    """The figures of one matcher and pack with ``size`` terms; ``rounds`` of about ``seconds`` each."""
    messages, terms = read(folder, size)
    start = time.perf_counter()
    plain = compiled(kind, terms)
    made = time.perf_counter()
    learned = load_learned(policy_folders()) if kind == "everything" else None
    everyday = open_folders(policy_folders()).everyday
    limits = {"max_chars": 2000}
    pack = Pack("b@now", plain, limits=limits, domains=(), everyday=everyday, automaton=matcher, learned=learned)
    # What is set up when it is first needed counts here, not in the rounds.
    pack.check_many(messages[:FIRST])
    ready = time.perf_counter()
    figures = rate(pack.check_many, messages, rounds=rounds, seconds=seconds)
    verdicts = pack.check_many(messages)
    first = verdicts[:FIRST]
    return {
        **figures,
        "version": f"{MATCHERS[matcher]} {version(MATCHERS[matcher])}",
        "compile_seconds": made - start,
        "open_seconds": ready - made,
        "findings": 1000 * sum(len(verdict.findings) for verdict in verdicts) / len(verdicts),
        "listed": sum(any(finding.family == _FAMILY for finding in verdict.findings) for verdict in first),
        "memory": memory(),
    }


def main() -> None:
    """Measure what the command line names."""
    pin()
    folder, kind, matcher, size, rounds, seconds = sys.argv[1:]
    say(measure(Path(folder), kind, matcher, int(size), rounds=int(rounds), seconds=float(seconds)))


if __name__ == "__main__":
    main()
