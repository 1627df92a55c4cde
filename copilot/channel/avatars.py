"""Pictures of the people: handed in where a shop's platform reviews them, shown once every such platform said yes.

A picture that is approved stays until the next one is; where no platform reviews any, a picture is valid at once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts
from copilot.channel.backoff import wait_after
from copilot.channel.sendables import File
from copilot.channel.surprises import SURPRISES
from copilot.channel.tasks import AVATAR_LOOK
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import Account, AdapterError, Avatar, AvatarReview, AvatarState, Reviewed, SendRefused
from copilot.store import events, queue, timers
from copilot.store.engine import Store
from copilot.store.tables import AvatarRow, PersonRow, ReceptionRow, ShopRow

log = get_logger(__name__)

_EVERY: Final = timedelta(minutes=10)
"""How often it is asked how far a review is: people look at it, which takes hours."""
_LONGEST_REASON: Final = 500


def avatar_lock(person: uuid.UUID) -> str:
    """One job at a time hands in a person's pictures."""
    return f"avatar:{person}"


async def keep(
    session: AsyncSession, accounts: Accounts, merchant: uuid.UUID, person: uuid.UUID, given: File, clock: Clock
) -> AvatarRow:
    """Take a picture of ``person``; it takes the place of one that still waits or was refused."""
    now = clock.now()
    shops = (await session.scalars(select(ShopRow).order_by(ShopRow.created_at, ShopRow.slug))).all()
    reviewing = [str(one.id) for one in shops if isinstance(accounts.adapters.get(one.adapter), AvatarReview)]
    await session.execute(delete(AvatarRow).where(AvatarRow.person == person, AvatarRow.state != AvatarState.APPROVED))
    row = AvatarRow(
        merchant=merchant,
        id=uuid.uuid4(),
        person=person,
        content_type=given.content_type,
        body=given.body,
        state=AvatarState.PENDING_REVIEW,
        reviews={shop: {"state": AvatarState.PENDING_REVIEW, "reason": None} for shop in reviewing},
        created_at=now,
    )
    session.add(row)
    await _settle(session, row, now)
    if reviewing:
        await queue.defer(session, AVATAR_LOOK, lock=avatar_lock(person), merchant=merchant, ref=row.id)
    return row


async def of_person(session: AsyncSession, person: uuid.UUID) -> tuple[AvatarRow | None, AvatarRow | None]:
    """The picture that is shown, and the one that waits or was refused."""
    rows = (await session.scalars(select(AvatarRow).where(AvatarRow.person == person))).all()
    shown = next((one for one in rows if one.state == AvatarState.APPROVED), None)
    return shown, next((one for one in rows if one.state != AvatarState.APPROVED), None)


async def shown_of(session: AsyncSession, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The ids of the pictures that are shown, by person."""
    wanted = AvatarRow.person.in_(people) & (AvatarRow.state == AvatarState.APPROVED)
    return {person: id for person, id in await session.execute(select(AvatarRow.person, AvatarRow.id).where(wanted))}


@dataclass(frozen=True)
class Avatars:
    """Hands pictures in and asks what became of them."""

    store: Store
    accounts: Accounts
    clock: Clock

    async def look(self, merchant: uuid.UUID, avatar: uuid.UUID, tries: int = 0) -> None:
        """Ask each platform that has not ruled yet; ``tries`` is how many attempts in a row were in vain."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(AvatarRow).where(AvatarRow.id == avatar))
            if row is None or row.state != AvatarState.PENDING_REVIEW:
                return
            kept = await session.get(ReceptionRow, (merchant, row.person))
            person = await session.get_one(PersonRow, (merchant, row.person))
            name = (kept.platform_name if kept else None) or person.name
            open_in = [uuid.UUID(shop) for shop, one in row.reviews.items() if _waits(one)]
            shops = (await session.scalars(select(ShopRow).where(ShopRow.id.in_(open_in)))).all()
        told = {str(shop.id): await self._ask(shop, row, name) for shop in shops}
        async with self.store.merchant(merchant) as session:
            # Another picture may have been given meanwhile.
            found = await session.scalar(select(AvatarRow).where(AvatarRow.id == avatar).with_for_update())
            if found is None:
                return
            ruled = {shop: one.model_dump(mode="json") for shop, one in told.items() if one is not None}
            found.reviews = {**found.reviews, **ruled}
            await _settle(session, found, self.clock.now())
            if found.state == AvatarState.PENDING_REVIEW:
                failed = any(one is None for one in told.values())
                wait = min(wait_after(tries), _EVERY) if failed else _EVERY
                due, lock = self.clock.now() + wait, avatar_lock(found.person)
                attempt = tries + 1 if failed else 0
                await timers.arm(session, AVATAR_LOOK, avatar, due, merchant=merchant, attempt=attempt, lock=lock)

    async def _ask(self, shop: ShopRow, row: AvatarRow, agent: str) -> Reviewed | None:
        """How far the review is; what the platform does not know is handed in. None: it could not be asked."""
        if not isinstance(self.accounts.adapters.get(shop.adapter), AvatarReview):
            # There is nobody any more who could object.
            return Reviewed(state=AvatarState.APPROVED)
        avatar = Avatar(shop=shop.platform_shop_id, agent=agent, body=row.body, content_type=row.content_type)

        async def ask(adapter: AvatarReview, account: Account) -> Reviewed:
            # First whether it is there: an earlier call may have arrived although nobody heard that it did.
            known = await adapter.avatar_review(account, agent, str(row.id))
            return known or await adapter.hand_in_avatar(account, avatar, str(row.id))

        try:
            found: Any = await self.accounts.call(shop, ask)
        except SendRefused as error:
            return Reviewed(state=AvatarState.REJECTED, reason=str(error)[:_LONGEST_REASON])
        except (AdapterError, *SURPRISES) as error:
            log.warning("avatar_not_reviewed", shop=str(shop.id), error=type(error).__name__)
            return None
        if not isinstance(found, Reviewed):
            log.error("adapter_defective", adapter=shop.adapter, step="avatar_review", error=type(found).__name__)
            return None
        return found.model_copy(update={"reason": found.reason and found.reason[:_LONGEST_REASON]})


def _waits(review: dict[str, Any]) -> bool:
    return review["state"] == AvatarState.PENDING_REVIEW


async def _settle(session: AsyncSession, row: AvatarRow, now: datetime) -> None:
    """Write down what the reviews come to; an approved picture takes the place of the one before."""
    states = {one["state"] for one in row.reviews.values()}
    before = row.state
    if AvatarState.REJECTED in states:
        row.state = AvatarState.REJECTED
    elif states <= {AvatarState.APPROVED}:
        row.state = AvatarState.APPROVED
        await session.execute(delete(AvatarRow).where(AvatarRow.person == row.person, AvatarRow.id != row.id))
    if row.state != before:
        await events.append(session, merchant=row.merchant, topic="reception.changed", ref=str(row.person), at=now)
