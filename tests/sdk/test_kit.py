"""The kit itself: a good adapter holds every check; for each check one that is wrong in it fails it and no other.

Each wrong adapter is held to all checks up to the level that asks for its own, and every one of them is run.
"""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.errors import BadInput
from copilot.sdk import CAPABILITIES, MODES, Level
from copilot.sdk.testing.conformance import AdapterConformance
from copilot.sdk.testing.kit import CHECKS, Outcome, Report, State, run
from copilot.sdk.testing.kit.check import line_of
from copilot.sdk.testing.kit.table import checks_for
from tests.sdk.corner.adapter import Corner
from tests.sdk.corner.proof import CornerProof
from tests.sdk.corner.wrongs import WRONG


def proved(adapter: type[Any], **more: Any) -> CornerProof:
    """The corner's proof with another adapter, or other parts."""
    return type("Other", (CornerProof,), {"adapter": adapter, **more})()


def failed(report: Report) -> dict[str, str]:
    return {one.check.id: one.why for one in report.failed}


def test_there_are_enough_of_them_and_each_has_its_wrong_adapter() -> None:
    assert len(CHECKS) >= 40
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert set(WRONG) == {check.id for check in CHECKS}


def test_every_way_in_and_every_capability_is_checked() -> None:
    assert {check.about for check in CHECKS} - {None} == {one.name for one in (*MODES, *CAPABILITIES)}


def test_the_good_adapter_holds_them_all() -> None:
    told: list[Outcome] = []
    report = run(CornerProof(), told=told.append)
    assert (failed(report), report.reached, report.ok) == ({}, Level.FULL, True)
    assert [one.check for one in told] == [one.check for one in report.outcomes]
    assert len(report.outcomes) == len(CHECKS)


@pytest.mark.parametrize("check", WRONG)
def test_a_wrong_adapter_fails_its_check_and_no_other_up_to_that_level(check: str) -> None:
    level = next(one.level for one in CHECKS if one.id == check)
    # A process of its own for each wrong adapter would take minutes; only the one about importing needs it.
    left_out = set[str]() if check == "form_light" else {"form_light"}
    # Above its level the same defect may show again: words that are sent wrongly arrive wrongly.
    report = run(proved(WRONG[check]), level, without=left_out)
    assert set(failed(report)) == {check}, failed(report)
    states = {one.check.id: one.state for one in report.outcomes}
    asked = {one.id for one in checks_for(WRONG[check](), level)} - left_out
    assert {id for id, state in states.items() if state in (State.PASSED, State.ABSENT)} == asked - {check}
    assert not report.ok
    assert report.reached == {Level.LISTED: None, Level.BASE: Level.LISTED, Level.FULL: Level.BASE}[level]


def test_what_stands_above_a_level_that_is_not_held_is_not_reached() -> None:
    report = run(proved(WRONG["settings_strict"]), without={"form_light"})
    states = {one.check.level: one.state for one in report.outcomes if one.check.id != "settings_strict"}
    assert states == {Level.LISTED: State.PASSED, Level.BASE: State.NOT_REACHED, Level.FULL: State.NOT_REACHED}


class Based(Corner):
    """Claims base only."""

    level = Level.BASE


def test_a_lower_claim_is_held_to_its_own_level() -> None:
    report = run(proved(Based, emulator=None), without={"form_light"})
    assert (report.claimed, report.reached, report.ok) == (Level.BASE, Level.BASE, True)
    assert {one.check.level for one in report.outcomes} == {Level.LISTED, Level.BASE}


def test_full_without_an_emulator_proves_nothing() -> None:
    report = run(proved(Corner, emulator=None), without={"form_light"})
    assert report.reached is Level.BASE
    assert {why for why in failed(report).values()} >= {"level full asks for an emulator: name it in the proof"}


class Declares(Corner):
    """Declares what its emulator does not show."""


def test_a_capability_that_is_declared_and_not_proved_fails() -> None:
    silent = type("Silent", (CornerProof.emulator,), {"decide": CornerProof.emulator.__mro__[1].decide})  # type: ignore[misc]
    report = run(proved(Declares, emulator=silent), without={"form_light"})
    assert failed(report) == {
        "native_approval": "no proof: an adapter with native approval has an emulator that implements decide()"
    }


@pytest.mark.parametrize("missing", ["colleague", "malformed", "card"])
def test_a_situation_without_an_example_fails_unless_the_proof_says_why(missing: str, tmp_path: Path) -> None:
    for file in CornerProof.payloads.glob("*.json"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for one in CornerProof().corpus:
        if one.kind != "send" and one.situation == missing:
            (tmp_path / f"{one.name}.json").unlink()
    report = run(proved(Corner, payloads=tmp_path), Level.BASE, without={"form_light"})
    assert set(failed(report)) == {f"corpus_{missing}"}
    absent = {missing: "the platform has none"}
    if missing == "malformed":
        with pytest.raises(BadInput, match="cannot be absent"):
            run(proved(Corner, payloads=tmp_path, absent=absent))
        return
    report = run(proved(Corner, payloads=tmp_path, absent=absent), Level.BASE, without={"form_light"})
    assert failed(report) == {}
    assert [one.why for one in report.outcomes if one.state is State.ABSENT] == ["the platform has none"]


def test_a_reason_must_be_given() -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        run(proved(Corner, absent={"machine": " "}))


class TestCorner(AdapterConformance):
    """The kit as tests of pytest, at the level that the adapter claims."""

    proof = CornerProof


def test_each_check_is_a_test_of_its_own_name() -> None:
    named = {name.removeprefix("test_") for name in vars(TestCorner) if name.startswith("test_")}
    assert named == {check.id for check in CHECKS}


def test_a_standard_test_cannot_be_overridden() -> None:
    with pytest.raises(TypeError, match="overrides standard tests of the kit: test_signature_garbage"):

        class _(AdapterConformance):
            proof = CornerProof

            def test_signature_garbage(self) -> None:
                """Nothing, which would be a silent opt-out."""


def test_what_is_absent_is_skipped_with_its_reason_and_counted(tmp_path: Path) -> None:
    for file in CornerProof.payloads.glob("*.json"):
        if "robot" not in (told := file.read_text(encoding="utf-8")):
            (tmp_path / file.name).write_text(told, encoding="utf-8")
    absent = {"machine": "nothing answers by itself there"}
    quiet = type("Quiet", (CornerProof,), {"payloads": tmp_path, "absent": absent})

    class Quietly(AdapterConformance):
        proof = quiet

    tests: Any = Quietly()
    with pytest.raises(pytest.skip.Exception, match="corpus_machine: not on this platform: nothing answers by itself"):
        tests.test_corpus_machine()
    tests.test_corpus_text()
    line = line_of(Report("corner", Level.FULL, tuple(Quietly.outcomes)))
    assert line.endswith("1 checks hold, 0 do not, 1 not on this platform: corpus_machine")


def test_a_conformance_class_without_a_proof_is_an_error() -> None:
    with pytest.raises(TypeError, match="names no proof"):

        class _(AdapterConformance):
            pass


@pytest.mark.parametrize(
    "raw",
    [
        "[]",
        "{}",
        '{"becomes":[]}',
        '{"becomes":[{"type":"x"}],"json":{}}',
        "not json",
        '{"becomes":7,"json":{}}',
        '{"becomes":"malformed"}',
    ],
)
def test_a_payload_that_is_none_is_told_by_its_file(raw: str, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text(raw, encoding="utf-8")
    with pytest.raises(BadInput, match=r"broken\.json: not a payload"):
        run(proved(Corner, payloads=tmp_path), without={"form_light"})


def test_a_folder_without_payloads_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no payloads"):
        run(proved(Corner, payloads=tmp_path), without={"form_light"})


def test_the_kit_and_the_emulators_load_without_pytest() -> None:
    import subprocess
    import sys

    program = "import sys, copilot.sdk.testing, copilot.sdk.testing.kit; sys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_the_mutations_are_distinct() -> None:
    kinds: Mapping[str, type[Corner]] = WRONG
    assert not [pair for pair in itertools.combinations(kinds.values(), 2) if pair[0] is pair[1]]
