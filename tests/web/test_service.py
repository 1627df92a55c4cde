"""A shop's service over days: our count by the platform's rule, and the platform's own, never mixed up."""

import uuid
from datetime import date, timedelta

import pytest

from copilot.access.principal import Role
from copilot.sdk import Account, PlatformDown, ServiceRecord
from copilot.store.tables import ConversationRow, MessageRow, ShopRow
from tests.channel.platform import PlainAdapter
from tests.web.conftest import Web
from tests.web.test_figures import enter_as
from tests.web.test_today import said_by

DAYS = {"from": "2026-11-20", "to": "2026-11-20"}
COUNTED = ServiceRecord(sessions=14, response_percent=93.4, response_minutes=3.4, machines_count=True)


async def talks(web: Web, count: int) -> list[uuid.UUID]:
    """So many conversations that buyers began now; nothing is drafted in them."""
    now, found = web.clock.now(), [uuid.uuid4() for _ in range(count)]
    async with web.store.merchant(web.merchant) as session:
        for number, talk in enumerate(found):
            session.add(
                ConversationRow(
                    merchant=web.merchant, id=talk, shop=web.shop, platform_conversation_id=f"talk-{number}", tags=[],
                    created_at=now, updated_at=now,
                )
            )  # fmt: skip
        await session.flush()
        for talk in found:
            session.add(
                MessageRow(
                    merchant=web.merchant, conversation=talk, platform_message_id=str(talk), role="buyer", kind="text",
                    text="在吗", sent_at=now, received_at=now,
                )
            )  # fmt: skip
    return found


@pytest.mark.feature("F098")
async def test_a_shops_rate_is_counted_by_the_platforms_rule_and_once_more_with_machines(web: Web) -> None:
    boss = await enter_as(web, Role.SUPERVISOR)
    found = await talks(web, 12)
    web.clock.advance(60)
    for talk in found[:6]:
        await said_by(web, talk, None)
    await said_by(web, found[6], None, "您好,稍后回复您", sent_by="auto")
    await said_by(web, found[7], None, "亲,在的哦~")
    web.clock.advance(400)
    await said_by(web, found[8], None)
    answer = await boss.get(f"/api/shops/{web.shop}/service", params=DAYS)
    assert answer.status_code == 200, answer.text
    own = answer.json()["own"]
    assert own["sessions"] == 12
    # Six of twelve in time; the auto reply, the bare greeting, the late and the three missing answers are none.
    assert own["response"] == {
        "in_time": 6, "missed": 6, "pending": 0, "percent": 50.0, "with_machines_percent": pytest.approx(100 * 8 / 12),
        "target_percent": 85.0, "within_seconds": 180.0,
    }  # fmt: skip
    assert own["mean_seconds"] == pytest.approx((6 * 60 + 460) / 7, abs=5)
    assert (own["rated"], own["satisfied_percent"]) == (None, None)
    # Without days, the last seven whole ones: today is none of them.
    week = (await boss.get(f"/api/shops/{web.shop}/service")).json()
    assert (week["first"], week["last"], week["own"]) == ("2026-11-13", "2026-11-19", None)


async def test_of_fewer_than_ten_talks_nothing_is_told(web: Web) -> None:
    boss = await enter_as(web, Role.SUPERVISOR)
    await talks(web, 9)
    assert (await boss.get(f"/api/shops/{web.shop}/service", params=DAYS)).json()["own"] is None


async def test_the_platforms_own_count_stands_beside_it_or_why_it_does_not(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = await enter_as(web, Role.SUPERVISOR)
    asked: list[tuple[date, date]] = []

    async def told() -> dict[str, object]:
        answer = await boss.get(f"/api/shops/{web.shop}/service", params=DAYS)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert (await told())["platform_missing"] == "not_offered"

    async def service_record(self: PlainAdapter, account: Account, first: date, last: date) -> ServiceRecord:
        asked.append((first, last))
        return COUNTED

    async def fails(self: PlainAdapter, account: Account, first: date, last: date) -> ServiceRecord:
        raise PlatformDown("not now")

    monkeypatch.setattr(PlainAdapter, "service_record", service_record, raising=False)
    found = await told()
    assert (found["platform"], found["platform_missing"]) == (COUNTED.model_dump(), None)
    day = date(2026, 11, 20)
    assert asked == [(day, day)]
    monkeypatch.setattr(PlainAdapter, "service_record", fails)
    found = await told()
    assert (found["platform"], found["platform_missing"]) == (None, "unavailable")


async def test_too_many_days_or_another_merchants_shop_are_refused(web: Web) -> None:
    boss = await enter_as(web, Role.SUPERVISOR)
    first = (date(2026, 11, 20) - timedelta(days=31)).isoformat()
    for params in ({**DAYS, "from": first}, {**DAYS, "to": "2026-11-19"}):
        answer = await boss.get(f"/api/shops/{web.shop}/service", params=params)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input")
    (theirs,) = await web.rows(ShopRow, web.other)
    assert (await boss.get(f"/api/shops/{theirs.id}/service")).status_code == 404
    agent = await web.enter("agent")
    assert (await agent.get(f"/api/shops/{web.shop}/service")).status_code == 403
