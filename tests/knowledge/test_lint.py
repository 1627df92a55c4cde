import os
from functools import cache
from pathlib import Path

import pytest

from copilot.domain.issue import Category
from copilot.domain.knowledge import Audience, Entry
from copilot.knowledge.blanks import blanks_of
from copilot.knowledge.evidence import load_evidence
from copilot.knowledge.faults import faults_of
from copilot.knowledge.lint import lint
from copilot.policy import Pack, load_pack
from copilot.policy.presets import load_presets
from tests.knowledge.shipped import POLICIES, entries, staff

REPORT = load_evidence(POLICIES).report


@cache
def pack() -> Pack:
    return load_pack("generic", POLICIES, cache_dir=Path(os.environ["COPILOT_CACHE_DIR"]))


def codes(entry: Entry) -> list[str]:
    return [fault.code for fault in faults_of(entry, pack(), REPORT)]


def answering(answer: str, entry_id: str = "staff.force_majeure.report", language: str = "zh") -> Entry:
    [entry] = [one for one in staff(language) if one.id == entry_id]
    return entry.model_copy(update={"answer": answer})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_presets_cover_the_five_categories_and_may_be_sent(language: str) -> None:
    presets = entries(f"presets.{language}")
    assert 25 <= len(presets) <= 32
    assert {entry.category for entry in presets} == set(Category)
    assert {entry.language for entry in presets} == {language}
    assert {entry.audience for entry in presets} == {Audience.BUYER}
    assert [entry.id for entry in presets if set(codes(entry)) - {"blank"}] == []
    assert [entry.id for entry in presets if len(entry.answer) > (90 if language == "zh" else 240)] == []
    assert [entry.id for entry in presets if load_presets(POLICIES).match(entry.answer)] == []


def test_the_languages_say_the_same_things_with_the_same_blanks() -> None:
    for name in ("presets", "staff"):
        zh, en = entries(f"{name}.zh"), entries(f"{name}.en")
        assert [(entry.id, entry.category) for entry in zh] == [(entry.id, entry.category) for entry in en]
        assert {entry.id: set(blanks_of(entry.answer)) for entry in zh} == {
            entry.id: set(blanks_of(entry.answer)) for entry in en
        }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_staff_read_is_for_staff_and_says_where_it_was_read(language: str) -> None:
    for entry in staff(language):
        assert entry.audience is Audience.STAFF
        assert entry.source
        assert len(entry.similar) >= 4
        assert entry.language == language
        assert codes(entry) == []


def test_a_blank_is_told_until_it_is_filled() -> None:
    assert blanks_of("{opens}–{ closes } {opens} {} {a\nb}") == ("opens", "closes")
    [hours] = [one for one in entries("presets.en") if one.id == "preset.hours"]
    assert codes(hours) == ["blank"]
    filled = hours.answer.replace("{opens}", "9 am").replace("{closes}", "9 pm").replace("{answered_by}", "10 am")
    assert codes(hours.model_copy(update={"answer": filled})) == []


@pytest.mark.feature("F127")
@pytest.mark.parametrize(
    ("answer", "language", "found"),
    [
        ("在帮助中心提交工单。", "zh", []),
        ("提交工单，或者打电话给招商经理。", "zh", ["other_route"]),
        ("找招商经理说一声就行。", "zh", ["no_route", "other_route"]),
        ("在商家中心首页填表。", "zh", ["no_route"]),
        ("Submit a ticket in the help center.", "en", []),
        ("Submit a ticket or write an e-mail to the platform.", "en", ["other_route"]),
        ("Tell your account manager.", "en", ["no_route", "other_route"]),
    ],
)
def test_an_edited_answer_that_names_another_route_is_a_fault(answer: str, language: str, found: list[str]) -> None:
    assert codes(answering(answer, language=language)) == found


@pytest.mark.feature("F127")
def test_no_other_answer_on_the_topic_names_another_route() -> None:
    assert codes(answering("48 小时内审核，着急就发邮件催。", "staff.force_majeure.review_time")) == ["other_route"]
    # E-mail is right where it is about something else.
    assert codes(answering("发电子邮件，数小时内答复。", "staff.platform.contact")) == []


@pytest.mark.feature("F127")
@pytest.mark.parametrize(
    ("draft", "blocked"),
    [
        ("这次停工已经在帮助中心提交工单报备。", False),
        ("我们打电话跟平台报备了不可抗力，您放心。", True),
        ("We filed a ticket about this storm with the platform.", False),
        ("We reported the typhoon to the platform by e-mail.", True),
    ],
)
def test_a_draft_that_names_another_route_fails(draft: str, blocked: bool) -> None:
    assert ("false_promise.report_route" in {one.rule for one in pack().check(draft).findings}) is blocked


@pytest.mark.feature("F132")
@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("发邮件，或拨打 400-000-0000。", "zh"),
        ("TikTok 客服电话是 ０２１－５５５０１９９。", "zh"),
        ("打一三八零零一三八零零零找平台。", "zh"),
        ("Write an e-mail or call +1 (415) 555-0132.", "en"),
    ],
)
def test_a_number_in_the_answer_about_the_platform_is_a_fault(answer: str, language: str) -> None:
    assert codes(answering(answer, "staff.platform.contact", language)) != []


@pytest.mark.feature("F132")
def test_dates_and_order_counts_are_no_numbers_to_call() -> None:
    assert codes(answering("公告 2026-11-29 起有效，影响 1200 单，48 小时内审核。", "staff.platform.contact")) == []


@pytest.mark.feature("F132")
@pytest.mark.parametrize(
    ("draft", "blocked"),
    [
        ("TikTok 没有可以拨打的客服电话，发电子邮件数小时内有答复。", False),
        ("TikTok 客服电话是 400-000-0000。", True),
        ("TikTok has no phone line; they answer e-mails within hours.", False),
        ("You can call TikTok at 1-800-555-0199.", True),
        ("Ring TikTok on (415) 555-0132 and ask them.", True),
    ],
)
def test_a_draft_about_reaching_the_platform_with_a_number_fails(draft: str, blocked: bool) -> None:
    assert (pack().check(draft).decision == "block") is blocked


def test_the_shipped_entries_pass_policy_lint() -> None:
    assert lint(POLICIES, pack()) == []
    assert lint(()) == []


def test_lint_names_file_line_and_fault(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "staff.zh.yaml").write_text(
        "entries:\n"
        "  - {id: staff.force_majeure.report, language: zh, audience: staff, category: logistics,"
        " question: 怎么报备, answer: 打电话给招商经理}\n"
        "  - {id: a, language: en, category: other, question: hi, answer: We open at 9 am.}\n"
        "  - {id: a, language: zh, audience: staff, category: other, question: 好, answer: 请稍等}\n",
        encoding="utf-8",
    )
    (folder / "presets.en.yaml").write_text(
        "entries:\n  - {id: b, language: en, category: other, question: hi, anwser: hello}\n", encoding="utf-8"
    )
    (folder / "presets.zh.yaml").write_text("entries: []\n---\nentries: []\n", encoding="utf-8")
    found = [(one.file.name, one.line, one.text, one.level) for one in lint((*POLICIES, tmp_path), pack())]
    assert [(name, line) for name, line, _, _ in found] == [
        ("presets.en.yaml", 2),
        ("presets.zh.yaml", 1),
        ("staff.zh.yaml", 4),
        ("staff.zh.yaml", 2),
        ("staff.zh.yaml", 2),
        ("staff.zh.yaml", 3),
        ("staff.zh.yaml", 4),
    ]
    assert "anwser" in found[0][2]
    assert "stands here twice" in found[2][2]
    assert "belongs into another file" in found[5][2]
    assert found[6][3] == "note"


def test_a_broken_rule_is_told_once_and_by_its_own_lint(tmp_path: Path) -> None:
    rule = tmp_path / "rules/house/one.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("id: house.one\nseverty: block\n", encoding="utf-8")
    assert lint((*POLICIES, tmp_path)) == []
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge/evidence.yaml").write_text("title: {zh: 材料}\n", encoding="utf-8")
    [found] = lint((*POLICIES, tmp_path))
    assert (found.file.name, found.line, found.level) == ("evidence.yaml", 1, "error")
