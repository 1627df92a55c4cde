"""The webhook edge: from a platform's raw request to committed rows, and only then to its acknowledgement.

Nothing is believed before it is verified for every shop it speaks of. It waits for nobody: what does not fit into the
time goes back to the platform, which sends it again.
"""

import asyncio
import uuid
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot import metrics
from copilot.channel import dead_letters
from copilot.channel.accounts import Accounts, ShopNotConnected
from copilot.channel.taking import Taking
from copilot.channel.told import FOREIGN, Told
from copilot.channel.verifying import InboundError, TryAgain, Verified, Verifying
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration, BadInput, CopilotError
from copilot.logs import get_logger
from copilot.sdk import Account, Answer, Delivery, Event, Identity, Malformed, Refusing, Webhook
from copilot.store.engine import Store
from copilot.store.tables import DeadLetterRow, ShopRow

log = get_logger(__name__)

_SECONDS: Final = 2.5
"""Until a delivery is given back to its platform; platforms wait a little longer than that."""
_AT_ONCE: Final = 64
"""How many deliveries are worked on at a time; those of one merchant share what is read and written for them.

The others wait before they have cost anything. All at once they would only share out the same processor, and at the
end of their time each would be given up half done.
"""
_KEEP: Final = timedelta(days=30)
_MOST_SHOPS: Final = 100
"""How many shops one delivery may name; each costs a look-up before anything is verified."""


class AdapterMissing(InboundError):
    """No adapter of that name takes deliveries here."""

    code = "adapter_missing"

    def __init__(self) -> None:
        """The name is a stranger's and not repeated."""
        super().__init__("no adapter of that name takes deliveries here", remedy="install it")


@dataclass(frozen=True)
class Inbound:
    """Takes the deliveries of all platforms for one process.

    ``folders`` hold the policies, ``seconds`` bound one delivery, ``keep`` is how long dead letters are kept.
    """

    store: Store
    accounts: Accounts
    folders: Sequence[Path]
    clock: Clock
    seconds: float = _SECONDS
    keep: timedelta = _KEEP
    _taking: Taking = field(init=False, repr=False)
    _verifying: Verifying = field(init=False, repr=False)
    _place: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE), repr=False)

    def __post_init__(self) -> None:
        """Prepare what verifies and what stores."""
        taking = Taking(self.store, self.accounts.vault, self.folders, self.clock, self.keep)
        object.__setattr__(self, "_taking", taking)
        object.__setattr__(self, "_verifying", Verifying(self.store, self.accounts, self.clock, taking.lanes))

    async def take(self, adapter: str, delivery: Delivery) -> Answer:
        """Verify and store a delivery; the answer is given after the commit.

        Raises:
            AdapterMissing: nobody here takes deliveries under that name.
            Malformed: it is no delivery of that platform.
            BadSignature: it is not signed for every shop of ours that it speaks of, or speaks of none of ours.
            TryAgain: it was not stored.
        """
        webhook = self._webhook(adapter)
        with _measured(self.clock, adapter if webhook else None):
            if webhook is None:
                raise AdapterMissing
            begun = False
            try:
                async with asyncio.timeout(self.seconds), self._place:
                    begun = True
                    return await self._take(adapter, webhook, delivery)
            except (SQLAlchemyError, psycopg.Error, OSError, BadConfiguration) as error:
                if begun:
                    log.error("delivery_not_stored", adapter=adapter, error=error)
                else:
                    # Nothing is wrong but the crowd; to say where each of them stood would make it larger.
                    log.warning("delivery_found_no_place", adapter=adapter)
                raise TryAgain from None

    async def again(self, merchant: uuid.UUID, letter: uuid.UUID) -> str | None:
        """Use a dead letter now; returns what is still wrong with it, None when that is settled.

        Raises:
            BadInput: the merchant has no such open letter.
            BadConfiguration: none of our keys opens it.
            AdapterMissing: its adapter is not installed any more.
            Malformed: its adapter does not even know it for a delivery any more.
        """
        async with self.store.merchant(merchant) as session:
            row = await dead_letters.take_up(session, letter)
            if row is None:
                raise BadInput(f"there is no open dead letter {letter}", remedy="list them")
            shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
            faults = [await self._use(session, shop, told) for told in await self._reread(session, row, shop)]
            if wrong := next((fault for fault in faults if fault), None):
                row.error = wrong
                return wrong
            await dead_letters.drop(session, letter, self.clock.now())
        return None

    async def _reread(self, session: AsyncSession, row: DeadLetterRow, shop: ShopRow) -> list[Told]:
        """What the letter tells its shop now. Its signature was good when it came; a secret may have changed since."""
        delivery = dead_letters.opened(row, self.accounts.vault)
        if (event := dead_letters.event_of(delivery)) is not None:
            return [Told(shop, event)]
        webhook = self._webhook(row.adapter)
        if webhook is None:
            raise AdapterMissing
        try:
            account = (await self.accounts.prepare(session, shop)).connected.account
        except ShopNotConnected as error:
            return [Told(shop, None, error.code)]
        return _told(webhook, delivery, _identity(webhook, delivery).shops, [(shop, account)])

    async def _use(self, session: AsyncSession, shop: ShopRow, told: Told) -> str | None:
        if told.event is None:
            return told.fault
        return (await self._taking.use(session, shop, told.event, uuid.uuid4().hex))[1]

    def refusal(self, name: str, delivery: Delivery) -> Answer | None:
        """What the platform wants to read when a delivery of its is not believed; None: nothing of its own."""
        adapter = self.accounts.adapters.get(name)
        if not isinstance(adapter, Refusing):
            return None
        try:
            return adapter.refuse(delivery)
        # The webhook edge: a stranger's delivery may be anything.
        except Exception as error:
            log.error("adapter_defective", adapter=name, step="refuse", error=type(error).__name__)
            return None

    def _webhook(self, name: str) -> Webhook | None:
        found = self.accounts.adapters.get(name)
        return found if isinstance(found, Webhook) else None

    async def _take(self, name: str, webhook: Webhook, delivery: Delivery) -> Answer:
        begun, at, trace = self.clock.monotonic(), self.clock.now(), uuid.uuid4().hex
        identity = _identity(webhook, delivery)
        verified = await self._verifying.verified(name, webhook, delivery, identity)
        told = _told(webhook, delivery, identity.shops, verified)
        taken = await self._taking.all(name, delivery, told, trace, at)
        seconds = round(self.clock.monotonic() - begun, 4)
        log.info(
            "delivery_taken",
            adapter=name,
            trace=trace,
            events=taken.events,
            new=taken.new,
            dead=taken.dead,
            seconds=seconds,
        )
        return _acknowledgement(webhook, delivery, verified[0][1])


@contextmanager
def _measured(clock: Clock, adapter: str | None) -> Generator[None]:
    """Count the answer by its outcome; a name that is not an adapter's is a stranger's and becomes no label."""
    begun, outcome = clock.monotonic(), "defect"
    try:
        yield
        outcome = "taken"
    except CopilotError as error:
        outcome = error.code
        log.info("delivery_refused", adapter=adapter, code=outcome)
        raise
    finally:
        metrics.observe_acknowledged(adapter or "", outcome, clock.monotonic() - begun)


def _identity(webhook: Webhook, delivery: Delivery) -> Identity:
    try:
        found = webhook.identify(delivery)
    except Malformed:
        raise
    # The webhook edge: what an adapter stumbles over before anything is verified is a stranger's rubbish.
    except Exception as error:
        log.error("adapter_defective", adapter=type(webhook).__name__, step="identify", error=type(error).__name__)
        raise Malformed("the delivery cannot be read") from None
    if len(set(found.shops)) > _MOST_SHOPS:
        raise Malformed(f"the delivery names more than {_MOST_SHOPS} shops")
    return found


def _told(webhook: Webhook, delivery: Delivery, named: Sequence[str], verified: Sequence[Verified]) -> list[Told]:
    """What the delivery tells each of the ``verified`` shops; ``named`` are all that it speaks of."""
    ours = {shop.platform_shop_id for shop, _ in verified}
    told: list[Told] = []
    for number, (shop, account) in enumerate(verified):
        try:
            events = webhook.parse(delivery, account)
        # The webhook edge: it is signed, so it is kept, whatever is wrong with it or with the adapter.
        except Exception as error:
            told.append(Told(shop, None, dead_letters.fault(error)))
            continue
        told += [Told(shop, event) for event in events if event.shop == shop.platform_shop_id]
        if number == 0:
            told += [Told(shop, None, FOREIGN) for event in events if _is_foreign(event, named, ours)]
    return told


def _is_foreign(event: Event, named: Sequence[str], ours: Collection[str]) -> bool:
    """Whether nobody verified the delivery for the event's shop; one that is named and not ours is no matter."""
    return event.shop not in ours and event.shop not in named


def _acknowledgement(webhook: Webhook, delivery: Delivery, account: Account) -> Answer:
    try:
        return webhook.acknowledge(delivery, account)
    # The webhook edge: everything is stored, and only a good answer keeps the platform from sending it for ever.
    except Exception as error:
        log.error("adapter_defective", adapter=type(webhook).__name__, step="acknowledge", error=type(error).__name__)
        return Answer()
