"""Conditions over who writes, when, from where, with which authority, and under which notice."""

from datetime import timedelta
from pathlib import Path

import pytest

from copilot.domain.conversation import Buyer
from copilot.domain.plan import NoPlan
from copilot.playbook import decide, load_playbooks
from tests.playbook.conftest import Builders

PLAYBOOK = """
issue: damaged
title: {{zh: 收到破损, en: Arrived damaged}}
order: required
empathy: true
options:
  gift:
    title: {{zh: 补一份, en: one more}}
    action: reship
    by: reship
    when: {when}
scenes:
  decide:
    act: offer
    options: [gift, reship]
"""


def offered(a: type[Builders], folder: Path, when: str, **more: object) -> list[str]:
    (folder / "playbooks").mkdir(exist_ok=True)
    (folder / "playbooks" / "damaged.yaml").write_text(PLAYBOOK.format(when=when), encoding="utf-8")
    about = a.order().model_copy(update={"region": more.pop("region", None)})
    plan = decide(load_playbooks((*a.POLICIES, folder)), a.situation("damaged", about=about, **more))  # type: ignore[arg-type]
    return [] if isinstance(plan, NoPlan) else [option.key for option in plan.options]


@pytest.mark.feature("F072")
def test_a_buyers_tag_opens_an_option(a: type[Builders], tmp_path: Path) -> None:
    when = "\"'VIP' in buyer.tags\""
    assert "gift" in offered(a, tmp_path, when, buyer=Buyer(tags=("VIP", "potential")))
    assert "gift" not in offered(a, tmp_path, when, buyer=Buyer(tags=("potential",)))
    assert "gift" not in offered(a, tmp_path, when)


@pytest.mark.feature("F071")
def test_a_level_that_nobody_told_is_unknown_and_not_empty(a: type[Builders], tmp_path: Path) -> None:
    assert Buyer().level is None
    for when in ("buyer.level == 'gold'", "buyer.level != 'gold'"):
        assert "gift" not in offered(a, tmp_path, when)
    assert "gift" in offered(a, tmp_path, "buyer.level == 'gold' && buyer.orders == 1", buyer=Buyer(level="gold"))


def test_the_hour_is_the_shops(a: type[Builders], tmp_path: Path) -> None:
    local = a.situation("damaged").days.local(a.NOW)
    when = f"clock.hour == {local.hour} && clock.weekday == {local.isoweekday()}"
    assert "gift" in offered(a, tmp_path, when)
    assert "gift" not in offered(a, tmp_path, when, now=a.NOW + timedelta(hours=1))


def test_the_desks_hours_decide_only_where_there_are_any(a: type[Builders], tmp_path: Path) -> None:
    local = a.situation("damaged").days.local(a.NOW)
    hours = {"opens": f"{local:%H}:00", "closes": f"{local:%H}:59"}
    assert "gift" in offered(a, tmp_path, "clock.desk_open", terms={"desk_hours": hours})
    assert "gift" not in offered(a, tmp_path, "'!clock.desk_open'", terms={"desk_hours": hours})
    assert "gift" not in offered(a, tmp_path, "clock.desk_open", terms={"desk_hours": None})


def test_the_region_of_the_order(a: type[Builders], tmp_path: Path) -> None:
    when = "\"order.region != 'CN-65'\""
    assert "gift" in offered(a, tmp_path, when, region="CN-31")
    assert "gift" not in offered(a, tmp_path, when, region="CN-65")
    assert "gift" not in offered(a, tmp_path, when), "a region that nobody told is neither"


def test_what_the_agent_may_give(a: type[Builders], tmp_path: Path) -> None:
    terms = {"authority": {"agent": {"per_order": {"amount": "80.00", "currency": "CNY"}}}}
    assert "gift" in offered(a, tmp_path, "authority.per_order >= 8000 && authority.left == 8000", terms=terms)
    assert "gift" not in offered(a, tmp_path, "authority.left > 8000", terms=terms)


def test_a_notice_that_dates_do_not_hold(a: type[Builders], tmp_path: Path) -> None:
    assert "gift" in offered(a, tmp_path, "'!notice.dates_unsure'")
    assert "gift" not in offered(a, tmp_path, "'!notice.dates_unsure'", dates_unsure=True)
