"""Who may speak for which shop: a delivery is believed when the shop's own secret signed it, as it is now.

It finds shops and reads their settings, once for all deliveries that need them at one moment, and stores nothing.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from copilot.channel.accounts import Accounts, Connected, ShopNotConnected
from copilot.channel.directory import Directory
from copilot.channel.storable import is_storable_id
from copilot.channel.together import Together
from copilot.domain.clock import Clock
from copilot.domain.errors import CopilotError
from copilot.logs import get_logger
from copilot.sdk import Account, Delivery, Identity, Webhook
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

log = get_logger(__name__)

_MOST_CANDIDATES: Final = 200
"""How many shops' secrets are tried on a delivery that names none."""

Verified = tuple[ShopRow, Account]
"""A shop and what verified a delivery for it."""


class InboundError(CopilotError):
    """Why a delivery was not taken; besides these it may be ``sdk.Malformed``."""

    code = "inbound"


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
class Verifying:
    """Verifies the deliveries of a process; ``lanes`` is room for a connection."""

    store: Store
    accounts: Accounts
    clock: Clock
    lanes: asyncio.Semaphore
    _known: Directory = field(init=False, repr=False)
    _settings: Together[uuid.UUID, ShopRow, Connected] = field(init=False, repr=False)
    _tried: Together[str, None, Sequence[Verified]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare what finds, and what reads."""
        object.__setattr__(self, "_known", Directory(self.store))
        object.__setattr__(self, "_settings", Together(self._read_settings))
        object.__setattr__(self, "_tried", Together(self._read_candidates))

    async def verified(
        self, adapter: str, webhook: Webhook, delivery: Delivery, identity: Identity
    ) -> Sequence[Verified]:
        """Every shop that the delivery is for, with the account whose secret verified it.

        Raises:
            BadSignature: a shop that it names did not sign it, or none did that it may be for.
            TryAgain: a shop's settings cannot be opened; ours to mend, the platform keeps the delivery until then.
        """
        if identity.unnamed and not identity.shops and not identity.app:
            # Another shop that is not connected must not keep the right one's deliveries out.
            tried = await self._tried.part(adapter, None)
            verified = [(shop, one) for shop, one in tried if _is_signed(webhook, delivery, shop, one)]
        else:
            verified = [await self._signed(webhook, delivery, shop) for shop in await self._shops(adapter, identity)]
        if not verified:
            raise BadSignature
        return verified

    async def _shops(self, adapter: str, identity: Identity) -> tuple[ShopRow, ...]:
        """The shops of ours that the delivery names, else one of its app's.

        Of a batch that also names shops which are not connected here the others are still taken: their events would
        be lost otherwise.
        """
        kind, names = ("shop", identity.shops) if identity.shops else ("app", (identity.app or "",))
        keys = [f"{adapter}:{name}" for name in dict.fromkeys(names) if is_storable_id(name)]
        return await self._known.find(kind, keys, self.clock.monotonic())

    async def _candidates(self, adapter: str) -> tuple[ShopRow, ...]:
        """All shops that the adapter serves, because the delivery says of none of them that it is meant."""
        found = await self._known.of_adapter(adapter, _MOST_CANDIDATES, self.clock.monotonic())
        if len(found) == _MOST_CANDIDATES:
            # Shops behind the last one would get nothing, and nobody else would say why.
            log.error("candidates_too_many", adapter=adapter, tried=_MOST_CANDIDATES)
        return found

    async def _read_candidates(self, adapter: str, asked: Sequence[None]) -> list[Sequence[Verified]]:
        """Them with their settings, read once for all deliveries that ask at this moment."""
        async with self.lanes:
            tried = await self.accounts.of_each(await self._candidates(adapter))
        return [[(shop, connected.account) for shop, connected in tried]] * len(asked)

    async def _read_settings(self, _: uuid.UUID, shops: Sequence[ShopRow]) -> list[Connected]:
        """The settings of one shop, read once for all deliveries that ask at this moment: as they are now."""
        async with self.lanes:
            return [await self.accounts.of(shops[-1])] * len(shops)

    async def _signed(self, webhook: Webhook, delivery: Delivery, shop: ShopRow) -> Verified:
        """Refuse unless this shop's own secret signed the delivery: another shop's may be another merchant's."""
        try:
            connected = await self._settings.part(shop.id, shop)
        except ShopNotConnected as error:
            if error.code == "credentials_broken":
                raise TryAgain from None
            raise BadSignature from None
        if not _is_signed(webhook, delivery, shop, connected.account):
            raise BadSignature
        return shop, connected.account


def _is_signed(webhook: Webhook, delivery: Delivery, shop: ShopRow, account: Account) -> bool:
    try:
        return webhook.verify(delivery, account) is True
    # The webhook edge: a check that fails does not let anything in.
    except Exception as error:
        log.error("adapter_defective", adapter=shop.adapter, step="verify", error=type(error).__name__)
        return False
