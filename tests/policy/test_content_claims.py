"""The rules about claims, promises and terms against sentences that were written before the rules were seen."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.policy import CheckContext, Origin, Pack

DATA = Path(__file__).parent / "data"
FAMILIES = (
    "absolute_claim",
    "medical_claim",
    "authority_claim",
    "review_inducement",
    "false_promise",
    "worse_terms",
)
FEWEST_PER_LABEL = 120
LEAST_RECALL = 0.95
MOST_FALSE_ALARMS = 0.02


@dataclass(frozen=True)
class Sentence:
    """One sentence of a data file; ``unresolved`` tells the check that the case is still open."""

    text: str
    violates: bool
    unresolved: bool


def _sentences(family: str) -> Iterator[Sentence]:
    with (DATA / f"{family}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Sentence(row["text"], row["label"] == "violates", row.get("unresolved", False))


def _found(pack: Pack, family: str, sentence: Sentence) -> list[str]:
    context = CheckContext(origin=Origin.HUMAN, resolved=False if sentence.unresolved else None)
    return [f.text for f in pack.check(sentence.text, context).findings if f.family == family]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sentences_are_many_and_none_stands_twice(family: str) -> None:
    sentences = list(_sentences(family))
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    for label in (True, False):
        assert sum(sentence.violates is label for sentence in sentences) >= FEWEST_PER_LABEL


@pytest.mark.parametrize("family", FAMILIES)
def test_violating_sentences_are_found(family: str, pack: Pack) -> None:
    violating = [sentence for sentence in _sentences(family) if sentence.violates]
    missed = [sentence.text for sentence in violating if not _found(pack, family, sentence)]
    assert len(missed) <= (1 - LEAST_RECALL) * len(violating), "\n".join(missed)


@pytest.mark.parametrize("family", FAMILIES)
def test_near_misses_stay_quiet(family: str, pack: Pack) -> None:
    allowed = [sentence for sentence in _sentences(family) if not sentence.violates]
    alarms = [(sentence.text, seen) for sentence in allowed if (seen := _found(pack, family, sentence))]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(allowed), "\n".join(f"{text} <= {seen}" for text, seen in alarms)


def test_no_sentence_of_another_family_that_is_allowed_is_blocked_here(pack: Pack) -> None:
    """What is fine for one family is ordinary speech for the others: a few crossings only."""
    texts = {s.text for family in FAMILIES for s in _sentences(family) if not s.violates and not s.unresolved}
    blocked = [text for text in sorted(texts) if _blocked_here(pack, text)]
    assert len(blocked) <= MOST_FALSE_ALARMS * len(texts), "\n".join(blocked)


def _blocked_here(pack: Pack, text: str) -> bool:
    verdict = pack.check(text, CheckContext(origin=Origin.HUMAN))
    return any(f.family in FAMILIES and f.severity == "block" for f in verdict.findings)


@pytest.mark.feature("F086")
@pytest.mark.parametrize(("resolved", "expected"), [(False, ["warn"]), (True, []), (None, [])])
def test_a_neutral_review_request_is_early_only_while_the_case_is_open(
    resolved: bool | None, expected: list[str], pack: Pack
) -> None:
    verdict = pack.check("有空可以评价一下这次的服务", CheckContext(origin=Origin.HUMAN, resolved=resolved))
    assert [f.severity for f in verdict.findings if f.rule == "review_inducement.early"] == expected
    assert ("review_inducement.early" in verdict.not_judged) is (resolved is None)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("顶.级.面.料,摸一下就知道", "absolute_claim"),
        ("全 网 蕞 便 宜", "absolute_claim"),
        ("質量絕對是最好的", "absolute_claim"),
        ("ｂｅｓｔ　ｏｎ　ｔｈｅ　ｍａｒｋｅｔ", "absolute_claim"),
        ("b3st on the market hun", "absolute_claim"),
        ("好-评-返-现,亲", "review_inducement"),
        ("號稱中國馳名商標", "authority_claim"),
        ("特 价 一 律 不 退 不 换", "worse_terms"),
    ],
)
def test_disguises_hide_nothing(text: str, family: str, pack: Pack) -> None:
    assert family in {f.family for f in pack.check(text, CheckContext(origin=Origin.HUMAN)).findings}
