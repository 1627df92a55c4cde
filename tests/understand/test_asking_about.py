"""What is asked beside an offer that stands, when it cannot be about the offer."""

from datetime import UTC, datetime

import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue, Turn
from copilot.domain.message import Message, Role
from copilot.flow.understand.burst import gather
from copilot.flow.understand.turns import read_turn

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MONEY = (Option(id="A", key="refund", title="补偿60元", text="给您补偿60元", action=""),)
GOODS = (Option(id="A", key="reship", title="补发一个", text="给您补发一个", action="reship"),)


def turn(text: str, offered: tuple[Option, ...]) -> tuple[Turn, tuple[Issue, ...]]:
    case = Case(issue=Issue.DAMAGED, offered=offered, state=CaseState.WAITING_BUYER)
    burst = gather((Message(id="m1", role=Role.BUYER, text=text, sent_at=NOON),), 0, 1)
    read = read_turn(burst, case=case)
    return read.turn, tuple(one.issue for one in read.issues)


@pytest.mark.parametrize("text", ["我的快递到哪了", "另外我的快递到哪了", "where is my package", "包裹现在在哪"])
def test_a_parcel_is_asked_after_for_itself_where_only_money_was_offered(text: str) -> None:
    assert turn(text, MONEY) == (Turn.NEW_ISSUE, (Issue.LOGISTICS_QUERY,))


@pytest.mark.parametrize("text", ["快递多久能到", "补发的快递到哪了"])
def test_where_the_offer_travels_the_parcel_is_its_own(text: str) -> None:
    kind, issues = turn(text, GOODS)
    assert (kind is Turn.NEW_ISSUE, Issue.LOGISTICS_QUERY in issues) == (False, False)
