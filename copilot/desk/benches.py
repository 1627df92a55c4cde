"""Brings together what a person's text is judged with: the shop's rules, the buyer's orders, the draft before them."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from copilot.access.principal import SENIOR, Principal
from copilot.clock.days import shop_zone
from copilot.desk.card import shown_view
from copilot.desk.matter import Standing, matter_of, standing
from copilot.desk.orders import last_told
from copilot.desk.own_text import Bench
from copilot.desk.own_ways import Matter
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftView
from copilot.domain.errors import CopilotError
from copilot.domain.issue import Issue
from copilot.domain.order import Order
from copilot.flow.goods import named_goods
from copilot.flow.granting import About, given_before
from copilot.flow.knowing import KnowledgeOf
from copilot.flow.shops import Rules
from copilot.playbook import Authority
from copilot.playbook.authority import Over
from copilot.sdk import AdapterError
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, DraftRow, MerchantRow, ShopRow

RulesOf = Callable[[ShopRow, str], Awaitable[Rules]]
"""The rules of a shop; the second is its merchant's slug."""
OrderOf = Callable[[ShopRow, str], Awaitable[Order | None]]
"""One order of a shop by its number, or None; raises ``AdapterError`` when the platform could not be asked."""


class NothingToJudge(CopilotError):
    """What a text is about is not the merchant's own, or was not named."""

    code = "not_found"

    def __init__(self) -> None:
        """It needs no more words."""
        super().__init__("there is no such conversation, draft or shop")


@dataclass(frozen=True)
class Benches:
    """Makes benches over a store. Without ``knowledge`` no goods are known, without ``order_of`` no order is asked."""

    store: Store
    clock: Clock
    rules_of: RulesOf
    knowledge: KnowledgeOf | None = None
    order_of: OrderOf | None = None

    async def of(
        self,
        principal: Principal,
        *,
        conversation: uuid.UUID | None = None,
        draft: uuid.UUID | None = None,
        shop: uuid.UUID | None = None,
        order_id: str | None = None,
        text: str = "",
    ) -> Bench:
        """What to judge with for one of them, the most particular first; each must be the merchant's own.

        ``order_id`` is an order of the shop that the person knows the text to be about, beside those of the buyer;
        ``text`` is what will be judged, of which the goods are looked up.

        Raises:
            NothingToJudge: it is not, or none was named.
        """
        view: DraftView | None = None
        orders: tuple[Order, ...] | None = None
        async with self.store.merchant(principal.merchant) as session:
            if draft is not None:
                row = await session.scalar(select(DraftRow).where(DraftRow.id == draft))
                if row is None:
                    raise NothingToJudge
                conversation, view = row.conversation, shown_view(row)
            if conversation is not None:
                shop = await session.scalar(select(ConversationRow.shop).where(ConversationRow.id == conversation))
                orders = (await last_told(session, conversation)).orders
            found = await session.scalar(select(ShopRow).where(ShopRow.id == shop)) if shop is not None else None
            if found is None:
                raise NothingToJudge
            slug = (await session.scalars(select(MerchantRow.slug))).one()
            where = await standing(session, conversation) if conversation is not None else Standing()
        rules = await self.rules_of(found, slug)
        now = self.clock.now()
        if order_id:
            orders = await self._with(found, orders, order_id)
        matter = matter_of(now, rules, orders, where if view is None else _of_draft(where, view))
        asked = _Asked(found, view, conversation, draft, orders, matter)
        ceilings = await self._ceilings(principal, rules, asked)
        authority = min(ceilings, key=lambda one: one.left.minor, default=None)
        goods = None if self.knowledge is None else await named_goods(text, self.knowledge(found))
        senior = principal.role in SENIOR
        return Bench(
            rules,
            now,
            orders,
            view,
            principal.language,
            authority,
            matter=matter,
            senior=senior,
            ceilings=ceilings,
            goods=goods,
        )

    async def _ceilings(self, principal: Principal, rules: Rules, asked: "_Asked") -> tuple[Over, ...]:
        """What each ceiling leaves this person here; none while no currency is known in which to give anything."""
        ceilings = Authority.of(rules.terms, "supervisor" if principal.role in SENIOR else "agent")
        totals = (order.total for order in asked.orders or () if order.total is not None)
        money = ceilings.per_order or next(totals, None)
        if money is None:
            return ()
        shop = asked.shop
        if asked.conversation is not None:
            zone, by = str(shop_zone(shop.zone)), str(principal.id)
            about = About(shop.id, asked.conversation, asked.draft, asked.order, by=by, zone=zone)
            async with self.store.merchant(principal.merchant) as session:
                ceilings = ceilings.after(await given_before(session, about, self.clock.now()))
        return ceilings.lefts(money.currency, asked.issue)

    async def _with(self, shop: ShopRow, orders: tuple[Order, ...] | None, number: str) -> tuple[Order, ...] | None:
        """``orders`` and that one; what cannot be looked up supports nothing."""
        try:
            found = await self.order_of(shop, number) if self.order_of is not None else None
        except AdapterError:
            return orders
        return (found, *(one for one in orders or () if one.id != found.id)) if found else orders


def _of_draft(where: Standing, view: DraftView) -> Standing:
    """Where the conversation stands as the draft before the person read it."""
    issue = view.issues[0].issue if view.issues else where.issue
    return replace(where, order=view.order.id if view.order is not None else where.order, issue=issue)


@dataclass(frozen=True)
class _Asked:
    """What a text is about, as far as its ceilings go."""

    shop: ShopRow
    view: DraftView | None
    conversation: uuid.UUID | None
    draft: uuid.UUID | None
    orders: tuple[Order, ...] | None
    matter: Matter

    @property
    def order(self) -> str | None:
        """The order that it is about."""
        if self.view is None:
            return self.matter.order
        return self.view.order.id if self.view.order is not None else None

    @property
    def issue(self) -> Issue | None:
        """The issue whose ceilings count."""
        if self.view is None:
            return self.matter.issue
        if self.view.grant is not None:
            return self.view.grant.issue
        return self.view.issues[0].issue if self.view.issues else None
