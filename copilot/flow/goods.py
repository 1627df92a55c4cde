"""Which goods a text may name, and which of the shop's stand in it.

Owns the look-up of names with its time; refuses to judge: what stands in a text that may not is the claim ledger's.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from copilot.domain.errors import CopilotError
from copilot.domain.fact import Fact, FactKind
from copilot.domain.order import Product
from copilot.flow.deps import Deps, Knowledge
from copilot.playbook.situation import on_sale

_PATIENCE: Final = 0.5
"""Seconds for one look at the names of a shop's goods, which takes milliseconds."""


@dataclass(frozen=True)
class Goods:
    """``listed``: the products of this talk. ``named``: the shop's products, on sale or not, that stand in the text.

    ``looked_up`` is false when nobody could tell which stand there.
    """

    listed: tuple[Product, ...] = ()
    named: tuple[Product, ...] = ()
    looked_up: bool = True

    def facts(self) -> dict[str, Fact]:
        """The names that a draft may say: of what is listed and on sale."""
        return names_on_sale(self.listed)


def names_on_sale(products: Iterable[Product]) -> dict[str, Fact]:
    """The names of those of ``products`` that can be bought, as facts by id."""
    return {
        id: Fact(id=id, kind=FactKind.PRODUCT, value=one.name, source="platform")
        for one in products
        if on_sale(one) and (id := f"product.{one.id}.name")
    }


async def goods_of(text: str, listed: tuple[Product, ...], deps: Deps) -> Goods:
    """What may be named in ``text`` of the products ``listed`` for this talk, and which of the shop's stand in it."""
    named = await named_goods(text, deps.knowledge)
    return Goods(listed, named or (), looked_up=named is not None)


async def named_goods(text: str, knowledge: Knowledge) -> tuple[Product, ...] | None:
    """The shop's products that stand in ``text``; None when they could not be looked up in time."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await knowledge.named(text)
    except (SQLAlchemyError, CopilotError, OSError, TimeoutError):
        return None
