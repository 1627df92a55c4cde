"""The JUnit file: one test case per rule, failing where the gate says so."""

import xml.etree.ElementTree as ET

import pytest

from copilot.replay.report import junit
from copilot.replay.totals import Totals
from tests.replay.report_made import RULES, made


def cases(fail_on: str | None) -> dict[str, str]:
    """Rule → passed, failure, skipped."""
    root = ET.fromstring(junit(made(), fail_on))
    found = {}
    for case in root.iter("testcase"):
        outcome = next((child.tag for child in case if child.tag in ("failure", "skipped")), "passed")
        found[case.attrib["name"]] = outcome
    assert root.attrib["tests"] == str(len(found))
    assert root.attrib["failures"] == str(list(found.values()).count("failure"))
    assert root.attrib["skipped"] == str(list(found.values()).count("skipped"))
    return found


@pytest.mark.parametrize(
    ("fail_on", "failing"), [("block", ("block",)), ("warn", ("block", "warn")), ("info", ("block", "warn", "info"))]
)
def test_rules_fail_at_and_above_the_gate(fail_on: str, failing: tuple[str, ...]) -> None:
    found = cases(fail_on)
    for rule, (severity, *_) in RULES.items():
        assert found[rule] == ("failure" if severity in failing else "passed")


def test_without_a_gate_nothing_fails() -> None:
    assert set(cases(None).values()) == {"passed", "skipped"}


def test_a_rule_that_could_never_be_judged_is_skipped_with_the_reason() -> None:
    assert cases("block")["over_authority.ceiling"] == "skipped"
    assert "the agent's authority is not known" in junit(made(), "block")


def test_a_rule_that_found_nothing_is_a_case_that_passed() -> None:
    totals = made()
    totals.run["rules"] = [*RULES, "abuse.insult"]
    root = ET.fromstring(junit(totals, "block"))
    quiet = next(case for case in root if case.attrib["name"] == "abuse.insult")
    assert quiet.attrib["classname"] == "abuse"
    assert not list(quiet)


def test_a_failure_names_place_and_words() -> None:
    text = junit(made(), "block")
    assert "shop.jsonl:102: 宝子 方便的话[加个V信]" in text
    assert '<testcase classname="off_platform" name="off_platform.wechat">' in text


def test_equal_totals_give_equal_bytes() -> None:
    assert junit(made(), "warn") == junit(Totals.from_json(made().as_json()), "warn")


def test_a_replay_of_nothing_is_a_file_all_the_same() -> None:
    assert ET.fromstring(junit(Totals(), "block")).attrib["tests"] == "0"
