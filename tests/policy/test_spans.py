"""Spans lie in the original text, and nothing that a reader sees through hides a block."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.verdict import Severity
from copilot.policy import CheckContext, Pack, Speaker
from copilot.policy.load import open_folders
from copilot.policy.model import Case

_RULES = [s.rule for s in open_folders(policy_folders()).rules().values()]
_CONTEXTUAL = {"claim", "require", "length", "amount_over", "language", "judge"}
VIOLATIONS = [
    case.text if isinstance(case, Case) else case
    for rule in _RULES
    if rule.severity is Severity.BLOCK and rule.only_if is None and Speaker.AGENT in rule.scope.speaker
    if not {matcher.kind for matcher in rule.matchers} & _CONTEXTUAL
    for case in rule.cases.violates
]
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def _blocks(pack: Pack, text: str) -> bool:
    return pack.check(text).decision == "block"


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize("text", VIOLATIONS)
def test_full_width_forms_hide_nothing(pack: Pack, text: str) -> None:
    assert _blocks(pack, text)
    assert _blocks(pack, _full_width(text))


@relaxed
@given(st.sampled_from(VIOLATIONS), st.data())
def test_invisible_characters_hide_nothing(pack: Pack, text: str, data: st.DataObject) -> None:
    parts = [c + data.draw(st.sampled_from(["", *INVISIBLE])) for c in text]
    assert _blocks(pack, "".join(parts))


@relaxed
@given(st.sampled_from(VIOLATIONS))
def test_bold_letters_and_upper_case_hide_nothing(pack: Pack, text: str) -> None:
    bold = "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text)
    assert _blocks(pack, bold)
    assert _blocks(pack, text.upper())


@relaxed
@given(st.text(max_size=20), st.sampled_from(VIOLATIONS), st.text(max_size=20))
def test_every_finding_is_a_piece_of_the_original(pack: Pack, before: str, middle: str, after: str) -> None:
    text = before + middle + after
    verdict = pack.check(text)
    for finding in verdict.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.text == text[finding.start : finding.end]
        assert finding.suggestion is not None, "a check failed inside"


@relaxed
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from(VIOLATIONS)), max_size=5))
def test_many_texts_get_what_each_gets_alone(pack: Pack, texts: list[str]) -> None:
    assert pack.check_many(texts) == [pack.check(text) for text in texts]


def test_findings_of_one_family_never_overlap(pack: Pack) -> None:
    for text in VIOLATIONS:
        by_family: dict[str, int] = {}
        for finding in pack.check(text).findings:
            assert finding.start >= by_family.get(finding.family, 0)
            by_family[finding.family] = finding.end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("亲加V信说更方便", "加V信"),
        ("有事➕我微​信哦", "我微​信"),
        ("打①③⑨①②③④⑤⑥⑦⓪吧", "①③⑨①②③④⑤⑥⑦⓪"),
        ("x 加 微 信 y", "加 微 信"),
    ],
)
def test_the_span_is_what_a_person_would_mark(pack: Pack, text: str, words: str) -> None:
    found = [finding.text for finding in pack.check(text).findings]
    assert any(words in piece for piece in found), found


def test_a_buyer_may_say_what_an_agent_must_not(pack: Pack, folders: tuple[Path, ...]) -> None:
    assert pack.check("加个微信吧", CheckContext()).decision == "block"
    assert pack.check("加个微信吧", CheckContext(speaker=Speaker.BUYER)).findings == ()
