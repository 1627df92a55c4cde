"""What is known when a person writes: the facts their own words may rest on.

Owns the gathering; it decides nothing and asks no platform. A person may speak of any order of this buyer, so the facts
of all of them count, where a draft is held to one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.draft import DraftView
from copilot.domain.fact import Claim, Fact, FactKind
from copilot.domain.issue import Turn, Understanding
from copilot.domain.order import Order, Product
from copilot.flow.goods import names_on_sale
from copilot.flow.shops import Rules
from copilot.playbook.facts import facts_of
from copilot.playbook.fit import Fit
from copilot.playbook.situation import Situation
from copilot.policy.claims import bind, extract, products

# When we come back is a promise that code computes for a draft; a person's "I'll be back at six" is their own.
_OURS = "hold.return_at"


def known_facts(
    rules: Rules,
    orders: Sequence[Order] | None,
    view: DraftView | None,
    language: str,
    now: datetime,
    *,
    about: str | None = None,
) -> dict[str, Fact]:
    """The facts of the buyer's orders, of the shop's terms, and those that the draft before the person rests on.

    ``about`` is the order of the matter where no draft names one.
    """
    base = Situation(
        understanding=Understanding(turn=Turn.NEW_ISSUE, language=language),
        now=now,
        days=rules.calendar,
        terms=rules.terms,
        orders=tuple(orders) if orders is not None else None,
    )
    about = view.order.id if view is not None and view.order is not None else about
    found: dict[str, Fact] = {}
    for order in orders or ():
        situation = replace(base, order=OrderChoice(id=order.id, why=OrderWhy.AGENT))
        of_case = order.id == about or len(orders or ()) == 1
        for fact in facts_of(situation, rules.playbooks.words, Fit()).values():
            if fact.id != _OURS and (of_case or not fact.id.startswith("case.")):
                found.setdefault(fact.id, fact)
    return {**found, **_of_draft(view)}


def _of_draft(view: DraftView | None) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for claim in view.claims if view else ():
        # A promise has the source of its time; the time is what other words may rest on.
        if claim.source and (claim.source not in found or claim.kind is not FactKind.PROMISE):
            found[claim.source] = Fact(id=claim.source, kind=claim.kind, value=claim.value, source="draft")
    return found


def ledger(
    text: str,
    view: DraftView | None,
    facts: dict[str, Fact],
    language: str,
    now: datetime,
    rules: Rules,
    goods: Sequence[Product] | None = None,
) -> tuple[Claim, ...]:
    """Every claim of ``text``, each with the fact it rests on or none.

    Words taken over from the draft as they stood keep the source that they had there. ``goods`` are the shop's products
    that ``text`` names; without them no product's name is read.
    """
    kept = tuple(_kept(text, view))
    named = () if goods is None else products(text, [one.name for one in goods], {**facts, **names_on_sale(goods)})
    read = bind(extract(text, language=language, now=now, zone=rules.zone), facts, now=now, zone=rules.zone)
    fresh = (claim for claim in (*read, *named) if not _within(claim, kept) and not _of_name(claim, named))
    return tuple(sorted((*kept, *fresh), key=lambda claim: (claim.start, claim.end)))


def _kept(text: str, view: DraftView | None) -> Iterable[Claim]:
    for claim in view.claims if view else ():
        at = text.find(claim.text) if claim.text and claim.source else -1
        if at >= 0:
            yield claim.model_copy(update={"start": at, "end": at + len(claim.text)})


def _of_name(claim: Claim, named: Sequence[Claim]) -> bool:
    """Whether a figure is only a part of a product's name ("24cm" of a pan's)."""
    return claim not in named and _within(claim, [one for one in named if one.source is not None])


def _within(claim: Claim, kept: Sequence[Claim]) -> bool:
    return any(one.start <= claim.start and claim.end <= one.end for one in kept)
