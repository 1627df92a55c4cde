from datetime import date
from pathlib import Path

import pytest

from copilot.clock import load_profile
from copilot.domain.errors import BadConfiguration, BadInput, PolicyFileError
from copilot.knowledge.evidence import load_evidence
from copilot.knowledge.force_majeure import Attachment, check_evidence
from tests.conftest import ROOT
from tests.knowledge.shipped import POLICIES, staff

EVIDENCE = load_evidence(POLICIES)
COMPLETE = (
    Attachment(item="ship_from", kind="statement"),
    Attachment(item="reason", kind="statement"),
    Attachment(item="reason", kind="official_document", name="停工证明.pdf"),
    Attachment(item="orders", kind="statement"),
)


@pytest.mark.feature("F128")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("1. 发货地址", "2. 报备理由和官方证明", "政府停工证明", "3. 受影响订单的发货时间和预计恢复时间")),
        ("en", ("1. Ship-from address", "2. Reason and official proof", "government order", "3. Shipping times")),
    ],
)
def test_the_checklist_names_three_things(language: str, words: tuple[str, ...]) -> None:
    text = check_evidence(EVIDENCE).render(language)
    assert [word for word in words if word not in text] == []
    assert len(text.splitlines()) == 4
    assert text.count("还缺" if language == "zh" else "missing") == 3


@pytest.mark.feature("F128")
def test_a_complete_report_lacks_nothing() -> None:
    checked = check_evidence(EVIDENCE, COMPLETE)
    assert checked.complete
    assert "还缺" not in checked.render("zh")


@pytest.mark.feature("F128")
def test_a_screenshot_is_refused_with_the_reason_and_proves_nothing() -> None:
    shot = Attachment(item="reason", kind="screenshot", name="news.png")
    checked = check_evidence(EVIDENCE, (*COMPLETE[:2], shot, COMPLETE[3]))
    assert not checked.complete
    assert checked.missing == {"reason": ("official_document",)}
    assert [refused.attachment for refused in checked.refused] == [shot]
    assert checked.render("zh").splitlines()[-1].startswith("不收 news.png：平台不接受截图")
    assert "Not accepted, news.png: the platform accepts no screenshots" in checked.render("en")
    # Beside everything else it still spoils the report.
    assert not check_evidence(EVIDENCE, (*COMPLETE, shot)).complete


@pytest.mark.feature("F128")
def test_what_nobody_knows_does_not_count() -> None:
    checked = check_evidence(EVIDENCE, [Attachment(item="reason", kind="rumour")])
    assert [refused.attachment.kind for refused in checked.refused] == ["rumour"]
    assert "rumour" in checked.render("en")
    with pytest.raises(BadInput, match=r"ship_form.*did you mean 'ship_from'"):
        check_evidence(EVIDENCE, [Attachment(item="ship_form", kind="statement")])


def test_a_list_that_asks_for_what_is_refused_cannot_be_used(tmp_path: Path) -> None:
    text = (ROOT / "policies/knowledge/evidence.yaml").read_text(encoding="utf-8")
    file = tmp_path / "knowledge/evidence.yaml"
    file.parent.mkdir()
    file.write_text(text.replace("[statement, official_document]", "[screenshot]"), encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"evidence\.yaml:\d+.*refused"):
        load_evidence((*POLICIES, tmp_path))
    file.write_text(text.replace("[statement, official_document]", "[statment]"), encoding="utf-8")
    with pytest.raises(PolicyFileError, match="no kind here"):
        load_evidence((*POLICIES, tmp_path))
    with pytest.raises(BadConfiguration, match="was not found"):
        load_evidence((tmp_path / "nothing",))


@pytest.mark.feature("F129")
@pytest.mark.parametrize("name", ["tiktok_shop.us", "tiktok_shop.uk", "tiktok_shop.sea"])
@pytest.mark.parametrize(("language", "next_day"), [("zh", "次日"), ("en", "the next day")])
def test_the_answer_about_the_review_names_the_numbers_of_the_profile(name: str, language: str, next_day: str) -> None:
    rule = load_profile(name, POLICIES, date(2026, 11, 29)).force_majeure
    assert rule is not None
    [entry] = [one for one in staff(language) if one.id == "staff.force_majeure.review_time"]
    assert f"{rule.review_hours.whole} " in entry.answer
    assert rule.effective_after_days.whole == 1
    assert next_day in entry.answer
