from datetime import UTC, datetime

import pytest

from copilot.clock.notices import dates_unsure, notices_for, ship_by
from copilot.domain.knowledge import Notice, NoticeKind
from copilot.domain.order import Order


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


MADE, OWN, EXTENDED = day(2), day(6), day(20)
STORM = Notice(
    id="storm", kind=NoticeKind.SLA_EXTENDED, regions=("US-FL", "US-GA"), starts_at=day(3), ends_at=day(12),
    ship_by=EXTENDED,
)  # fmt: skip
HOLIDAY = Notice(id="away", kind=NoticeKind.HOLIDAY, starts_at=day(5), ends_at=day(15), ship_by=day(18))
CARRIER = Notice(id="carrier", kind=NoticeKind.DELAY, starts_at=day(1), recovery_at=day(9))


def order(region: str | None = "US-FL", made: datetime | None = MADE, by: datetime | None = OWN) -> Order:
    return Order(id="1", region=region, created_at=made, ship_by=by)


@pytest.mark.parametrize(
    ("region", "regions", "concerned"),
    [
        ("US-CA", ("US",), True),
        ("us-ca", ("US",), True),
        ("US-CA", ("US-CA",), True),
        ("US", ("US",), True),
        ("US-CA", ("GB", "US"), True),
        ("US", ("US-CA",), False),
        ("US-CAX", ("US-CA",), False),
        ("USA", ("US",), False),
        ("CN-65", ("US",), False),
        ("CN-65", (), True),
        (None, ("US",), False),
        ("", ("US",), False),
        ("US", ("",), False),
        (None, (), True),
    ],
)
def test_a_region_covers_its_parts_and_nothing_else(
    region: str | None, regions: tuple[str, ...], concerned: bool
) -> None:
    notice = CARRIER.model_copy(update={"regions": regions})
    assert notices_for(order(region), (notice,), day(4)) == ((notice,) if concerned else ())


def test_without_an_order_only_notices_for_everywhere_count() -> None:
    assert notices_for(None, (STORM, CARRIER), day(4)) == (CARRIER,)


@pytest.mark.parametrize(("at", "holds"), [(day(2, 23), False), (day(3), True), (day(11, 23), True), (day(12), False)])
def test_a_notice_holds_from_its_start_up_to_its_end(at: datetime, holds: bool) -> None:
    assert notices_for(order(), (STORM,), at) == ((STORM,) if holds else ())


def test_a_notice_without_an_end_holds_until_somebody_ends_it() -> None:
    assert notices_for(order(), (CARRIER,), datetime(2027, 11, 1, tzinfo=UTC)) == (CARRIER,)


@pytest.mark.feature("F123")
def test_an_order_of_a_listed_region_gets_the_extended_time() -> None:
    assert ship_by(order("US-FL"), (STORM,)) == EXTENDED
    assert ship_by(order("US-TX"), (STORM,)) == OWN
    assert ship_by(order(None), (STORM,)) == OWN
    assert ship_by(order(by=None), (STORM,)) == EXTENDED
    # The platform gives time and never takes any.
    assert ship_by(order(by=day(25)), (STORM,)) == day(25)
    later = STORM.model_copy(update={"id": "again", "ship_by": day(28)})
    assert ship_by(order(), (later, STORM)) == day(28)


@pytest.mark.feature("F123")
def test_an_order_made_when_the_event_was_over_keeps_its_time() -> None:
    assert ship_by(order(made=day(12), by=day(15)), (STORM,)) == day(15)
    assert ship_by(order(made=day(11, 23), by=day(15)), (STORM,)) == EXTENDED


@pytest.mark.feature("F125")
def test_an_order_made_before_holiday_mode_keeps_its_time() -> None:
    assert ship_by(order(made=day(4, 23)), (HOLIDAY,)) == OWN
    assert ship_by(order(made=None), (HOLIDAY,)) == OWN
    assert ship_by(order(made=day(5), by=day(8)), (HOLIDAY,)) == day(18)
    # Being away takes nothing from what the platform gave.
    assert ship_by(order(made=day(2)), (HOLIDAY, STORM)) == EXTENDED


def test_what_only_informs_moves_no_time() -> None:
    other = Notice(id="other", kind=NoticeKind.OTHER, starts_at=day(1), ship_by=day(30))
    assert ship_by(order(), (CARRIER.model_copy(update={"ship_by": day(30)}), other)) == OWN
    assert ship_by(order(by=None), (CARRIER, other)) is None


@pytest.mark.feature("F124")
def test_dates_are_unsure_while_nobody_knows_when_things_are_normal_again() -> None:
    unknown = CARRIER.model_copy(update={"recovery_at": None})
    assert dates_unsure((CARRIER, unknown))
    assert dates_unsure((HOLIDAY,))
    assert not dates_unsure((CARRIER, STORM))
    assert not dates_unsure(())
