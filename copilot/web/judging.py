"""Brings together what a person's text is judged with: the shop's rules, the buyer's orders, the draft before them."""

import uuid
from typing import Any

from sqlalchemy import select

from copilot.access.principal import SENIOR, Principal
from copilot.desk.card import shown_view
from copilot.desk.orders import last_told
from copilot.desk.own_text import Bench, Judged
from copilot.domain.draft import DraftView
from copilot.domain.issue import Issue
from copilot.domain.order import Order
from copilot.flow.granting import About, given_before
from copilot.flow.shops import Rules
from copilot.playbook import Authority
from copilot.playbook.authority import Over
from copilot.sdk import AdapterError
from copilot.store.tables import ConversationRow, DraftRow, MerchantRow, ShopRow
from copilot.web.errors import Blocked, NeedsVouching, NotFound
from copilot.web.parts import Parts


async def bench_for(
    parts: Parts,
    principal: Principal,
    *,
    conversation: uuid.UUID | None = None,
    draft: uuid.UUID | None = None,
    shop: uuid.UUID | None = None,
    order_id: str | None = None,
) -> Bench:
    """What to judge with for one of them, the most particular first; each must be the merchant's own.

    ``order_id`` is an order of the shop that the person knows the text to be about, beside those of the buyer.

    Raises:
        NotFound: it is not, or none was named.
    """
    view: DraftView | None = None
    orders: tuple[Order, ...] | None = None
    async with parts.store.merchant(principal.merchant) as session:
        if draft is not None:
            row = await session.scalar(select(DraftRow).where(DraftRow.id == draft))
            if row is None:
                raise NotFound
            conversation, view = row.conversation, shown_view(row)
        if conversation is not None:
            shop = await session.scalar(select(ConversationRow.shop).where(ConversationRow.id == conversation))
            orders = (await last_told(session, conversation)).orders
        found = await session.scalar(select(ShopRow).where(ShopRow.id == shop)) if shop is not None else None
        if found is None:
            raise NotFound
        slug = (await session.scalars(select(MerchantRow.slug))).one()
    rules = await parts.rules(found, slug)
    authority = await _authority(parts, principal, rules, found, view, conversation, draft, orders)
    if order_id:
        orders = await _with(parts, found, orders, order_id)
    return Bench(rules, parts.clock.now(), orders, view, principal.language, authority)


async def _authority(
    parts: Parts,
    principal: Principal,
    rules: Rules,
    shop: ShopRow,
    view: DraftView | None,
    conversation: uuid.UUID | None,
    draft: uuid.UUID | None,
    orders: tuple[Order, ...] | None,
) -> Over | None:
    """The most that this person may still give here; None while no currency is known in which anything could be."""
    ceilings = Authority.of(rules.terms, "supervisor" if principal.role in SENIOR else "agent")
    totals = (order.total for order in orders or () if order.total is not None)
    money = ceilings.per_order or next(totals, None)
    if money is None:
        return None
    if conversation is not None:
        order = view.order.id if view is not None and view.order is not None else None
        about = About(shop.id, conversation, draft, order, by=str(principal.id), zone=shop.zone)
        async with parts.store.merchant(principal.merchant) as session:
            ceilings = ceilings.after(await given_before(session, about, parts.clock.now()))
    return ceilings.left(money.currency, _issue(view))


def _issue(view: DraftView | None) -> Issue | None:
    if view is None:
        return None
    if view.grant is not None:
        return view.grant.issue
    return view.issues[0].issue if view.issues else None


async def _with(parts: Parts, shop: ShopRow, orders: tuple[Order, ...] | None, number: str) -> tuple[Order, ...] | None:
    """``orders`` and that one; what cannot be looked up supports nothing."""
    try:
        found = await parts.recent.remembered(shop, number)
    except AdapterError:
        return orders
    return (found, *(one for one in orders or () if one.id != found.id)) if found else orders


def require_sendable(judged: Judged) -> Judged:
    """``judged``, when policy lets it out and every claim has a source.

    Raises:
        Blocked: policy blocks it.
        NeedsVouching: it states what nothing known supports.
    """
    if judged.blocked:
        raise Blocked(verdict=judged.verdict.model_dump(mode="json"))
    return require_vouched(judged)


def require_vouched(judged: Judged) -> Judged:
    """``judged``, when every claim has a source.

    Raises:
        NeedsVouching: it states what nothing known supports.
    """
    if judged.needs_vouching:
        verdict: dict[str, Any] = judged.verdict.model_dump(mode="json")
        raise NeedsVouching(verdict=verdict, needs_vouching=list(judged.needs_vouching))
    return judged
