"""What one process has loaded of what is published: asked by every draft, replaced whole, never half.

It reads no database; whoever follows the rows (``jobs/following.py``) puts in what could be loaded and says what could
not.
"""

import uuid
from dataclasses import dataclass, field

from copilot.flow.publishing.standing import NOTHING, Standing


@dataclass
class Held:
    """By shop the versions that drafts of this process stand on; ``trouble`` says why a newer one is not among them."""

    trouble: dict[uuid.UUID, str] = field(default_factory=dict[uuid.UUID, str])
    _shops: dict[uuid.UUID, Standing] = field(default_factory=dict[uuid.UUID, Standing])
    _merchants: dict[uuid.UUID, Standing] = field(default_factory=dict[uuid.UUID, Standing])
    _broken: set[uuid.UUID] = field(default_factory=set[uuid.UUID])

    def of(self, merchant: uuid.UUID | None, shop: uuid.UUID | None) -> Standing:
        """What holds for the shop; for one that was added since the rows were read, what holds for all of them."""
        if shop is None or merchant is None:
            return NOTHING
        found = self._shops.get(shop)
        return found if found is not None else self._merchants.get(merchant, NOTHING)

    def known(self, shop: uuid.UUID) -> Standing | None:
        """What this process has taken for the shop; None before it has looked."""
        return self._shops.get(shop)

    def take(self, shop: uuid.UUID, standing: Standing) -> None:
        """From the next draft on it holds for the shop."""
        self._shops[shop] = standing

    def take_for_all(self, merchant: uuid.UUID, standing: Standing) -> None:
        """It holds for shops of the merchant that come later."""
        self._merchants[merchant] = standing

    def note_shadow(self, version: uuid.UUID) -> bool:
        """A version in shadow cannot be loaded; whether that is news."""
        news = version not in self._broken
        self._broken.add(version)
        return news
