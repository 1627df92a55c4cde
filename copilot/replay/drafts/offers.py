"""What a plan offers, and how two plans for the same turn differ: in code and money, not in wording."""

from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from copilot.domain.case import Option
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Plan
from copilot.flow.shapes import End
from copilot.playbook import Playbooks


@dataclass(frozen=True, slots=True)
class Offered:
    """One option: its playbook key, what it gives the buyer ("amount": "12.50 CNY" …) and what it costs the shop.

    ``title`` is its name in the buyer's language, ``titles`` in every one.
    """

    key: str
    title: str
    titles: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[str, str], ...] = ()
    cost: Money | None = None

    def dump(self) -> dict[str, JsonValue]:
        """As it stands in ``offers.jsonl``."""
        cost: JsonValue = self.cost.model_dump(mode="json") if self.cost else None
        return {"key": self.key, "title": self.title, "gives": dict(self.gives), "cost": cost}


@dataclass(frozen=True, slots=True)
class Offer:
    """What one set of playbooks does with a turn.

    ``act`` is empty where it says nothing, ``reason`` then why; ``options`` are what the buyer may have, or, with act
    ``confirm``, the one that was chosen.
    """

    act: str = ""
    reason: str = ""
    issue: Issue | None = None
    order: str = ""
    scene: str = ""
    playbook: str = ""
    options: tuple[Offered, ...] = ()

    @property
    def same_as(self) -> tuple[object, ...]:
        """What must be equal for two offers to be the same; titles and scenes are words."""
        return self.act, self.reason, tuple((one.key, one.gives, one.cost) for one in self.options)

    @property
    def currency(self) -> str | None:
        """The currency of its costs; None when it costs nothing."""
        return next((one.cost.currency for one in self.options if one.cost is not None), None)

    @property
    def cost(self) -> tuple[int, int]:
        """The least and the most that it can cost, in minor units: the buyer takes one option."""
        costs = [one.cost.minor if one.cost is not None else 0 for one in self.options]
        return (min(costs), max(costs)) if costs else (0, 0)

    def dump(self) -> dict[str, JsonValue]:
        """As it stands in ``offers.jsonl``."""
        return {
            "act": self.act or None,
            "reason": self.reason or None,
            "scene": self.scene or None,
            "playbook": self.playbook or None,
            "options": [one.dump() for one in self.options],
        }


def offer_of(found: Plan | End, playbooks: Playbooks) -> Offer:
    """The offer in what the plan step decided by ``playbooks``."""
    if isinstance(found, End):
        return Offer(reason=found.reason.value)
    playbook = playbooks.by_issue.get(found.issue) if found.issue is not None else None
    known = playbook.options.values() if playbook is not None else ()
    titles = {one.key: (("en", one.rule.title.en), ("zh", one.rule.title.zh)) for one in known}
    options = found.options or ((found.chosen,) if found.chosen is not None else ())
    return Offer(
        act=found.act.value,
        issue=found.issue,
        order=found.order.id if found.order else "",
        scene=found.scene,
        playbook=found.playbook,
        options=tuple(_offered(one, found, titles.get(one.key, ())) for one in options),
    )


def _offered(option: Option, plan: Plan, titles: tuple[tuple[str, str], ...]) -> Offered:
    prefix = f"option.{option.key}."
    gives = {
        id.removeprefix(prefix): _said(plan.facts[id].value)
        for id in option.facts
        if id.startswith(prefix) and id in plan.facts
    }
    return Offered(option.key, option.title, titles, tuple(sorted(gives.items())), option.cost)


def _said(value: JsonValue) -> str:
    if isinstance(value, dict) and "amount" in value:
        money = cast("dict[str, str]", value)
        return f"{money['amount']} {money['currency']}"
    return str(value)


MORE, LESS, OTHER, COST, MOVE = "newly_offered", "no_longer_offered", "other_options", "other_cost", "other_act"
KINDS = (MORE, LESS, OTHER, COST, MOVE)


def change(before: Offer, now: Offer) -> str | None:
    """The kind of difference, one of ``KINDS``; None when both do the same."""
    if before.same_as == now.same_as:
        return None
    keys, keys_now = ({one.key for one in offer.options} for offer in (before, now))
    if keys_now > keys:
        return MORE
    if keys_now < keys:
        return LESS
    if keys != keys_now:
        return OTHER
    same_move = (before.act, before.reason) == (now.act, now.reason)
    return COST if keys and same_move else MOVE


Matter = tuple[str, str]
"""The order id and the issue that an offer is about."""


@dataclass
class Bill:
    """What the offers of one conversation can cost: each matter counts once, as it was offered last."""

    matters: dict[Matter, Offer]

    def add(self, offer: Offer) -> None:
        """Note an offer; one without options changes nothing."""
        if offer.options:
            self.matters[offer.order, offer.issue.value if offer.issue else ""] = offer

    def sums(self) -> dict[str, tuple[int, int, int]]:
        """By currency: matters, least and most cost in minor units."""
        found: dict[str, tuple[int, int, int]] = {}
        for offer in self.matters.values():
            if offer.currency is not None:
                count, least, most = found.get(offer.currency, (0, 0, 0))
                found[offer.currency] = (count + 1, least + offer.cost[0], most + offer.cost[1])
        return found
