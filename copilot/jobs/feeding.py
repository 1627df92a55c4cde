"""The jobs that ask platforms what is new, and the look for shops that nobody asks yet; decides nothing itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from copilot.channel.polling import Poller, arm_polling
from copilot.channel.served import shops_served
from copilot.channel.tasks import POLL_SHOP, WATCH_FEEDS
from copilot.jobs.worker import Task
from copilot.sdk import Polling
from copilot.store import timers

_REF: Final = "everything"
_EVERY: Final = timedelta(seconds=15)
"""How long a shop that was just connected waits for its first look at most."""


@dataclass(frozen=True)
class FeedJobs:
    """Looks at shops for one process."""

    poller: Poller

    async def begin(self) -> None:
        """See to it that shops are watched; a timer that is armed already stays."""
        async with self.poller.store.system() as session:
            await timers.arm(session, WATCH_FEEDS, _REF, self.poller.clock.now(), merchant=None, keep=True)

    async def watch(self) -> None:
        """Begin to ask every shop whose adapter asks, and come back in a while."""
        poller = self.poller
        async with poller.store.system() as session:
            await timers.arm(session, WATCH_FEEDS, _REF, poller.clock.now() + _EVERY, merchant=None)
        for shop in await shops_served(poller.store, poller.accounts.adapters, Polling):
            async with poller.store.merchant(shop.merchant) as session:
                await arm_polling(session, shop, poller.clock)

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""

        async def poll(*, merchant: str, ref: str, **_: object) -> None:
            await self.poller.look(uuid.UUID(merchant), uuid.UUID(ref))

        async def watch(**_: object) -> None:
            await self.watch()

        return {POLL_SHOP: poll, WATCH_FEEDS: watch}
