"""The port ``Knowledge`` over one archive line: what stands there, as of the moment that the line is judged.

Owns validity, pins and notices of a line, so that what ran out is never used; how well an answer fits is told by the
search that the store uses as well.
"""

from datetime import datetime

from copilot.domain.conversation import Conversation
from copilot.domain.issue import Category
from copilot.domain.knowledge import Audience, Match, Notice, ProductFact, ShopKnowledge
from copilot.domain.order import Product
from copilot.knowledge.memory import Index
from copilot.knowledge.standing import holds

_MOST = 3


class LineKnowledge:
    """What the shop of ``conversation`` knows at ``at``."""

    def __init__(self, conversation: Conversation, at: datetime) -> None:
        """Entries are cut when the first question comes, so that a line without questions costs nothing."""
        self._products = conversation.products or ()
        self._known = conversation.knowledge or ShopKnowledge()
        self._at = at
        self._index: Index | None = None

    async def answers(
        self, question: str, *, language: str, category: Category | None, products: tuple[str, ...]
    ) -> tuple[Match, ...]:
        """Entries for buyers that hold now, the best first."""
        if not self._known.entries:
            return ()
        self._index = self._index or Index(self._known.entries)
        return self._index.find(
            question, language=language, at=self._at, audience=Audience.BUYER, limit=_MOST, products=products
        )

    async def goods(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """The products of ``ids`` with the shop's facts that hold now; those on show first, asked for or not."""
        if not self._known.facts and not self._known.pinned:
            return ()
        shown = {one.product for one in self._known.pinned if one.since <= self._at < one.until}
        known = [self._stated(one, shown) for one in self._products if one.id in ids or one.id in shown]
        return tuple(sorted(known, key=lambda one: not one.live_pinned))

    async def notices(self) -> tuple[Notice, ...]:
        """The notices that hold now."""
        return tuple(
            one
            for one in self._known.notices
            if one.starts_at <= self._at and (one.ends_at is None or self._at < one.ends_at)
        )

    async def named(self, text: str) -> tuple[Product, ...]:
        """All products of the line: there are few, and each is looked for in the text anyway."""
        return self._products

    def _stated(self, product: Product, shown: set[str]) -> Product:
        facts = [one for one in self._known.facts if one.product == product.id and self._holds(one)]
        listed = {one.product for one in self._known.pinned}
        return product.model_copy(
            update={
                "attributes": {**product.attributes, **{one.key: one.value for one in facts}},
                # Where the shop keeps a list of what is on show, a platform's own mark does not outlast it.
                "live_pinned": product.id in shown or (product.live_pinned and product.id not in listed),
            }
        )

    def _holds(self, fact: ProductFact) -> bool:
        return holds(fact, self._at)
