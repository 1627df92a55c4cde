"""What staff find when they ask about force majeure and about reaching the platform, and that buyers never find it."""

from datetime import UTC, datetime
from functools import cache

import pytest

from copilot.domain.knowledge import Audience, Match
from copilot.knowledge.evidence import load_evidence
from copilot.knowledge.memory import Index
from tests.knowledge.shipped import POLICIES, entries, staff

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
REPORT = load_evidence(POLICIES).report
FORCE_MAJEURE = "staff.force_majeure."


@cache
def index() -> Index:
    return Index([entry for language in ("zh", "en") for entry in (*entries(f"presets.{language}"), *staff(language))])


def found(question: str, language: str, audience: Audience = Audience.STAFF) -> tuple[Match, ...]:
    return index().find(question, language=language, at=NOW, audience=audience, limit=3)


def first(question: str, language: str) -> Match:
    matches = found(question, language)
    assert matches, question
    return matches[0]


@pytest.mark.feature("F123")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("我们地区在调整区域里，订单发货时限变成多少了", "zh"),
        ("卖家中心公告延长时效，我们要不要再申请", "zh"),
        ("our region is on the list of the announcement, do we still need to apply", "en"),
    ],
)
def test_a_region_that_the_platform_extended(question: str, language: str) -> None:
    assert first(question, language).entry.id == FORCE_MAJEURE + "covered"


@pytest.mark.feature("F124")
@pytest.mark.parametrize(
    ("question", "language", "mode"),
    [
        ("台风停工，不知道几号能恢复运营，店铺要怎么设置", "zh", "假期模式"),
        ("没有复工日期，公告也没覆盖我们，怎么办", "zh", "假期模式"),
        ("no idea when operations recover and our region is not covered", "en", "holiday mode"),
    ],
)
def test_an_unknown_recovery_asks_for_holiday_mode(question: str, language: str, mode: str) -> None:
    match = first(question, language)
    assert match.entry.id == FORCE_MAJEURE + "not_covered_unknown"
    assert mode in match.entry.answer
    assert ("任何日期" if language == "zh" else "no date") in match.entry.answer


@pytest.mark.feature("F125")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("设了假期模式，之前的订单还要不要发", "zh"),
        ("we turned holiday mode on, what about earlier orders", "en"),
    ],
)
def test_orders_from_before_holiday_mode(question: str, language: str) -> None:
    assert first(question, language).entry.id == FORCE_MAJEURE + "before_holiday_mode"


@pytest.mark.feature("F126")
@pytest.mark.parametrize(
    ("question", "language", "conditions"),
    [
        ("还能继续接单吗", "zh", ("能做到", "以平台审核为准")),
        ("过几天就恢复了，可以照常接订单吗", "zh", ("能做到", "以平台审核为准")),
        ("may we keep taking orders?", "en", ("can meet", "platform's review decides")),
        ("we know when we reopen, can we go on taking new orders", "en", ("can meet", "platform's review decides")),
    ],
)
def test_taking_orders_has_two_conditions(question: str, language: str, conditions: tuple[str, ...]) -> None:
    match = first(question, language)
    assert match.entry.id == FORCE_MAJEURE + "keep_selling"
    assert [one for one in conditions if one not in match.entry.answer] == []


@pytest.mark.feature("F127")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("怎么报备", "zh"),
        ("不可抗力去哪里报备，找不到入口", "zh"),
        ("how do we report it?", "en"),
        ("where do we report force majeure", "en"),
    ],
)
def test_reporting_has_one_route(question: str, language: str) -> None:
    matches = found(question, language)
    assert matches[0].entry.id == FORCE_MAJEURE + "report"
    assert REPORT.route.of(language)[0] in matches[0].entry.answer
    about = [match for match in matches if match.entry.id.startswith(FORCE_MAJEURE)]
    named = [word for match in about for word in REPORT.other_routes.of(language) if word in match.entry.answer]
    assert named == []


@pytest.mark.feature("F128")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("报备要交什么证明材料", "zh"),
        ("新闻截图能当证明吗", "zh"),
        ("which documents do we need as evidence", "en"),
        ("do screenshots count as proof", "en"),
    ],
)
def test_evidence(question: str, language: str) -> None:
    assert first(question, language).entry.id == FORCE_MAJEURE + "evidence"


@pytest.mark.feature("F129")
@pytest.mark.parametrize(
    ("question", "language"),
    [("申请交上去多久审核", "zh"), ("how long does the platform take to review our report", "en")],
)
def test_review_time(question: str, language: str) -> None:
    assert first(question, language).entry.id == FORCE_MAJEURE + "review_time"


@pytest.mark.feature("F130")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("已经延长了还被处罚", "zh"),
        ("批了延长，结果还是给我们扣分了", "zh"),
        ("punished although extended", "en"),
        ("we got penalised even though the SLA was extended", "en"),
    ],
)
def test_penalised_although_extended(question: str, language: str) -> None:
    match = first(question, language)
    assert match.entry.id == FORCE_MAJEURE + "penalised"
    assert ("申诉" if language == "zh" else "Appeal") in match.entry.answer


@pytest.mark.feature("F131")
@pytest.mark.parametrize(
    ("question", "language", "branch", "says"),
    [
        ("平台给整个地区延长的时间到了，台风还没过去", "zh", "region", "自动更新"),
        ("我们自己申请的延长快到期了，还是发不了", "zh", "own", "新的不可抗力申请"),
        ("the region-wide extension is over and the flood goes on", "en", "region", "renew the extension"),
        ("the extension from our own application ran out", "en", "own", "new force majeure application"),
    ],
)
def test_an_extension_that_ran_out_has_two_branches(question: str, language: str, branch: str, says: str) -> None:
    match = first(question, language)
    assert match.entry.id == f"{FORCE_MAJEURE}extension_ended_{branch}"
    assert says in match.entry.answer


@pytest.mark.feature("F132")
@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("TikTok 客服电话多少", "zh", "没有可以拨打的客服电话"),
        ("怎么才能联系上平台的人", "zh", "电子邮件"),
        ("is there a phone number for tiktok", "en", "no phone number"),
        ("how can we contact the platform", "en", "e-mail"),
    ],
)
def test_reaching_the_platform(question: str, language: str, says: str) -> None:
    match = first(question, language)
    assert match.entry.id == "staff.platform.contact"
    assert says in match.entry.answer
    assert not any(character.isdigit() for character in match.entry.answer)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_buyer_never_finds_what_is_for_staff(language: str) -> None:
    for entry in staff(language):
        for question in (entry.question, *entry.similar):
            matches = found(question, language, Audience.BUYER)
            assert [match.entry.id for match in matches if match.entry.audience is not Audience.BUYER] == []
