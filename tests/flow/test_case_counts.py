"""Counts of cases by issue, product and week, from the store and from an archive."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from copilot.cli.case_counts import Count, Wanted, of_archive, of_store
from copilot.domain.errors import BadInput
from copilot.store.tables import CaseRow
from tests.flow.conftest import World
from tests.flow.test_cases import writes


async def _case(world: World, issue: str, at: datetime, product: str | None = None) -> None:
    conversation = await writes(world, "在吗")
    async with world.store.merchant(world.merchant) as session:
        body = {"issue": issue}
        session.add(
            CaseRow(
                merchant=world.merchant,
                conversation=conversation,
                state="open",
                body=body,
                issue=issue,
                product_id=product,
                raised_at=at,
                created_at=at,
                updated_at=at,
            )
        )


@pytest.mark.feature("F089")
async def test_weeks_are_the_shops(world: World) -> None:
    # Sunday evening in UTC is Monday morning in the shop.
    await _case(world, "damaged", datetime(2026, 11, 15, 20, 0, tzinfo=UTC), "p1")
    await _case(world, "damaged", datetime(2026, 11, 18, 4, 0, tzinfo=UTC), "p1")
    await _case(world, "damaged", datetime(2026, 11, 18, 4, 0, tzinfo=UTC), "p2")
    await _case(world, "invoice", datetime(2026, 11, 15, 4, 0, tzinfo=UTC))

    assert await of_store(world.store, Wanted()) == [
        Count(date(2026, 11, 9), "cups", "invoice", None, 1),
        Count(date(2026, 11, 16), "cups", "damaged", "p1", 2),
        Count(date(2026, 11, 16), "cups", "damaged", "p2", 1),
    ]
    some = await of_store(world.store, Wanted.parse("2026-11-16", "2026-11-17", "cups", None))
    assert [(one.issue, one.cases) for one in some] == [("damaged", 1)]
    with pytest.raises(BadInput, match="no such shop"):
        await of_store(world.store, Wanted(shop="nowhere"))


@pytest.mark.feature("F089")
def test_an_archive_is_counted_the_same_way(tmp_path: Path) -> None:
    message = {"role": "buyer", "text": "收到的杯子碎了两个", "sent_at": "2026-11-15T20:00:00+00:00"}
    file = tmp_path / "talks.jsonl"
    file.write_text(json.dumps({"id": "c1", "shop": "cups", "messages": [message]}), encoding="utf-8")
    assert of_archive(file, Wanted(), "Asia/Shanghai") == [Count(date(2026, 11, 16), "cups", "damaged", None, 1)]
    assert of_archive(file, Wanted(), "UTC")[0].week == date(2026, 11, 9)


@pytest.mark.parametrize(("since", "until"), [("2026-13-01", None), ("2026-11-02", "2026-11-01")])
def test_days_that_are_none_are_refused(since: str, until: str | None) -> None:
    with pytest.raises(BadInput):
        Wanted.parse(since, until, None, None)
