"""What a shop states about its goods, laid over what the platform says of them; and which goods come first tonight.

Pure: it merges and orders. A fact that is out of its time is never merged.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue

from copilot.domain.knowledge import Notice, Pinned, ProductFact
from copilot.domain.order import Product
from copilot.knowledge.standing import holding


def with_facts(product: Product, facts: Iterable[ProductFact], at: datetime) -> Product:
    """``product`` with the attributes that the shop states now; the shop's word goes before the platform's.

    Of two facts of one key that both hold, the one that began last counts.
    """
    mine = sorted(
        (fact for fact in holding(facts, at) if fact.product == product.id),
        key=lambda fact: (fact.valid_from is not None, fact.valid_from or at),
    )
    stated: dict[str, JsonValue] = {fact.key: fact.value for fact in mine}
    return product.model_copy(update={"attributes": {**product.attributes, **stated}}) if stated else product


def pinned_now(pinned: Iterable[Pinned], at: datetime) -> tuple[str, ...]:
    """The products of the live stream that is on, the one pinned last first."""
    on = sorted((one for one in pinned if one.since <= at < one.until), key=lambda one: (one.since, one.product))
    return tuple(one.product for one in reversed(on))


def pinned_first(products: Iterable[Product], pinned: Sequence[str]) -> tuple[Product, ...]:
    """``products`` marked as pinned or not, those of the live stream before the others, each group in its order."""
    marked = [product.model_copy(update={"live_pinned": product.id in pinned}) for product in products]
    place = {id: number for number, id in enumerate(pinned)}
    return tuple(sorted(marked, key=lambda product: place.get(product.id, len(pinned))))


def notices_now(notices: Iterable[Notice], at: datetime) -> tuple[Notice, ...]:
    """The notices that hold, the newest first."""
    on = (one for one in notices if one.starts_at <= at and (one.ends_at is None or at < one.ends_at))
    return tuple(sorted(on, key=lambda one: (one.starts_at, one.id), reverse=True))
