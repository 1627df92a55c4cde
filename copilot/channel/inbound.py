"""The webhook edge: from a platform's raw request to committed rows, and only then to its acknowledgement.

Nothing is believed before it is verified for every shop it speaks of. It waits for nobody: what does not fit into the
time goes back to the platform, which sends it again.
"""

import asyncio
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from copilot import metrics
from copilot.channel import dead_letters
from copilot.channel.accounts import Accounts, ShopNotConnected
from copilot.channel.directory import Directory
from copilot.channel.inbox import is_storable_id
from copilot.channel.taking import Taking, Told
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration, BadInput, CopilotError
from copilot.logs import get_logger
from copilot.sdk import Answer, Delivery, Event, Identity, Malformed, Webhook
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

log = get_logger(__name__)

_SECONDS: Final = 2.5
"""Until a delivery is given back to its platform; platforms wait a little longer than that."""
_KEEP: Final = timedelta(days=30)
_MOST_SHOPS: Final = 100
"""How many shops one delivery may name; each costs a look-up before anything is verified."""
_FOREIGN: Final = "foreign_shop"


class InboundError(CopilotError):
    """Why a delivery was not taken; besides these it may be ``sdk.Malformed``."""

    code = "inbound"


class AdapterMissing(InboundError):
    """No adapter of that name takes deliveries here."""

    code = "adapter_missing"

    def __init__(self) -> None:
        """The name is a stranger's and not repeated."""
        super().__init__("no adapter of that name takes deliveries here", remedy="install it")


class BadSignature(InboundError):
    """The delivery is not signed for the shops it speaks of, or they are not ours; it never says which."""

    code = "bad_signature"

    def __init__(self) -> None:
        """The same words for every cause."""
        super().__init__("the delivery is not signed for a shop that is connected here")


class TryAgain(InboundError):
    """It could not be stored now; the platform is to send it again."""

    code = "try_again"
    retryable = True

    def __init__(self) -> None:
        """No more than a stranger may know."""
        super().__init__("the delivery could not be stored", remedy="send it again")


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
    _known: Directory = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare what finds and what stores."""
        object.__setattr__(self, "_known", Directory(self.store))
        taking = Taking(self.store, self.accounts.vault, self.folders, self.clock, self.keep)
        object.__setattr__(self, "_taking", taking)

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
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._take(adapter, webhook, delivery)
            except (SQLAlchemyError, psycopg.Error, OSError, BadConfiguration) as error:
                log.error("delivery_not_stored", adapter=adapter, error=error)
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
            webhook = self._webhook(row.adapter)
            if webhook is None:
                raise AdapterMissing
            shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
            # Its signature was good when it came; a secret may have changed since.
            faults: list[str | None] = []
            delivery = dead_letters.opened(row, self.accounts.vault)
            for told in _told(webhook, delivery, _identity(webhook, delivery).shops, (shop,)):
                if told.event is None:
                    faults.append(told.fault)
                else:
                    faults.append((await self._taking.use(session, shop, told.event, uuid.uuid4().hex))[1])
            if wrong := next((fault for fault in faults if fault), None):
                row.error = wrong
                return wrong
            await dead_letters.drop(session, letter, self.clock.now())
        return None

    def _webhook(self, name: str) -> Webhook | None:
        found = self.accounts.adapters.get(name)
        return found if isinstance(found, Webhook) else None

    async def _take(self, name: str, webhook: Webhook, delivery: Delivery) -> Answer:
        begun, at, trace = self.clock.monotonic(), self.clock.now(), uuid.uuid4().hex
        identity = _identity(webhook, delivery)
        shops = await self._shops(name, identity)
        for shop in shops:
            await self._verify(webhook, delivery, shop)
        told = _told(webhook, delivery, identity.shops, shops)
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
        return _acknowledgement(webhook, delivery)

    async def _shops(self, adapter: str, identity: Identity) -> tuple[ShopRow, ...]:
        """The shops of ours that the delivery names, else one of its app's.

        Of a batch that also names shops which are not connected here the others are still taken: their events would
        be lost otherwise.
        """
        kind, names = ("shop", identity.shops) if identity.shops else ("app", (identity.app or "",))
        keys = [f"{adapter}:{name}" for name in dict.fromkeys(names) if is_storable_id(name)]
        found = await self._known.find(kind, keys, self.clock.monotonic())
        if not found:
            raise BadSignature
        return found

    async def _verify(self, webhook: Webhook, delivery: Delivery, shop: ShopRow) -> None:
        """Refuse unless this shop's own secret signed the delivery: another shop's may be another merchant's."""
        try:
            connected = await self.accounts.of(shop)
        except ShopNotConnected as error:
            if error.code == "credentials_broken":
                # Ours to mend: the platform keeps the delivery until then.
                raise TryAgain from None
            raise BadSignature from None
        try:
            signed = webhook.verify(delivery, connected.account)
        # The webhook edge: a check that fails does not let anything in.
        except Exception as error:
            log.error("adapter_defective", adapter=shop.adapter, step="verify", error=type(error).__name__)
            signed = False
        if signed is not True:
            raise BadSignature


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


def _told(webhook: Webhook, delivery: Delivery, named: Sequence[str], shops: Sequence[ShopRow]) -> list[Told]:
    """What the delivery tells each of its verified ``shops``; ``named`` are all that it was verified to speak of."""
    try:
        events = webhook.parse(delivery)
    # The webhook edge: it is signed, so it is kept, whatever is wrong with it or with the adapter.
    except Exception as error:
        return [Told(shop, None, dead_letters.fault(error)) for shop in shops]
    return [told for event in events if (told := _for_shop(event, named, shops)) is not None]


def _for_shop(event: Event, named: Sequence[str], shops: Sequence[ShopRow]) -> Told | None:
    shop = next((shop for shop in shops if shop.platform_shop_id == event.shop), None)
    if shop is not None:
        return Told(shop, event)
    # Named and not among them: it is not connected here. Not named at all: nobody verified it for that shop.
    return None if event.shop in named else Told(shops[0], None, _FOREIGN)


def _acknowledgement(webhook: Webhook, delivery: Delivery) -> Answer:
    try:
        return webhook.acknowledge(delivery)
    # The webhook edge: everything is stored, and only a good answer keeps the platform from sending it for ever.
    except Exception as error:
        log.error("adapter_defective", adapter=type(webhook).__name__, step="acknowledge", error=type(error).__name__)
        return Answer()
