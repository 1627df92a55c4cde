"""Who took a parcel in, as the carrier says, is asked first by who misses it; unless they were."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide


def missed(a: Any, playbooks: Any, scan: str, text: str) -> Any:
    events = [{"at": a.NOW - timedelta(days=1), "text": scan}]
    parcel = {"carrier": "中通", "tracking_no": "ZT1", "status": "delivered", "events": events}
    about = a.order(delivered_at=a.NOW - timedelta(days=1), shipments=[parcel])
    return decide(playbooks, a.situation("not_received", about=about, text=text))


@pytest.mark.parametrize(
    ("scan", "text"),
    [
        ("已签收,签收人:门卫", "显示签收了 我根本没拿到\n也没取件码 驿站也说没有"),
        ("已签收,签收人:保安室", "没收到啊 显示签收"),
        ("已签收,签收人:前台", "显示签收了但是我没收到"),
        ("已签收,他人代签收", "说签收了 我没拿到"),
        ("已签收,签收人:隔壁邻居", "快递呢 显示签收了"),
        ("Delivered, left with neighbour at no. 14", "says delivered but i got nothing"),
        ("Delivered, Front Desk/Reception", "tracking says delivered, i dont have it"),
        ("Left with concierge", "never got it"),
        ("Signed for by J", "shows delivered, didn't sign for anything"),
    ],
)
def test_who_took_it_in_is_asked_first(a: Any, playbooks: Any, scan: str, text: str) -> None:
    plan = missed(a, playbooks, scan, text)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.issue, plan.scene) == (Act.ANSWER, Issue.NOT_RECEIVED, "handed")


@pytest.mark.parametrize(
    ("scan", "text"),
    [
        ("已签收,签收人:门卫", "显示签收 门卫也问过了没有"),
        ("已签收,签收人:本人", "显示签收了但是我没收到"),
        ("Delivered, front door", "says delivered, nothing here"),
        ("Delivered, left with neighbour", "says delivered, checked with the neighbors, nothing"),
        ("Delivered, Front Desk", "shows delivered, asked the front desk and they dont have it"),
        ("Signed for by the customer", "i never signed"),
    ],
)
def test_nobody_or_who_was_asked_already_is_not_asked_again(a: Any, playbooks: Any, scan: str, text: str) -> None:
    plan = missed(a, playbooks, scan, text)
    assert getattr(plan, "scene", "") != "handed"
