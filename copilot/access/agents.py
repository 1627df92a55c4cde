"""How many agents a merchant may have: the smallest cap that a platform of one of its shops sets.

An agent answers for all shops of their merchant, so the strictest platform decides. Nobody who is there is sent away
when a cap falls; one more is refused.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.errors import AgentLimit, NotVerified
from copilot.access.principal import Role
from copilot.assets import policy_folders
from copilot.clock import Profile, load_profile
from copilot.domain.errors import BadConfiguration
from copilot.store.tables import PersonRow, ShopRow

ProfileOf = Callable[[str, datetime], Profile | None]
"""A platform's numbers by the profile's name, at a moment."""

VERIFIED: Final = ("phone_bound", "name_verified")
"""What an owner says of an agent's account on the platform."""

# Two who are let in at the same moment must not both take the last place.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('agents:' || CAST(:merchant AS text), 0))")


def shipped_profile(name: str, at: datetime) -> Profile | None:
    """The profile as it ships; None where there is none that can be read."""
    try:
        return load_profile(name, policy_folders(), at)
    except BadConfiguration:
        return None


async def require_place(
    session: AsyncSession, merchant: uuid.UUID, now: datetime, profile_of: ProfileOf | None = None
) -> None:
    """Say whether one more agent may become active, in the transaction that makes them so.

    Raises:
        AgentLimit: as many are active as the platform lets a shop have.
    """
    await session.execute(_ONE_AT_A_TIME, {"merchant": merchant})
    names = set(await session.scalars(select(ShopRow.profile)))
    found = [(profile_of or shipped_profile)(name, now) for name in sorted(names)]
    caps = [one.limits.agents.whole for one in found if one is not None and one.limits.agents is not None]
    if not caps:
        return
    active = await session.scalar(select(func.count()).where(PersonRow.active, PersonRow.role == Role.AGENT))
    if (active or 0) >= min(caps):
        raise AgentLimit(min(caps))


async def require_verified(
    session: AsyncSession, flags: Mapping[str, bool | None], now: datetime, profile_of: ProfileOf | None = None
) -> None:
    """Say whether an agent of whom ``flags`` are said may be active.

    A platform of the merchant's shops may want them true. What nobody has said keeps nobody out: the platform itself
    looks, and we repeat what the owner sees there.

    Raises:
        NotVerified: one that is wanted is said to be false.
    """
    names = sorted(set(await session.scalars(select(ShopRow.profile))))
    rules = [profile.agents for name in names if (profile := (profile_of or shipped_profile)(name, now)) is not None]
    for flag in VERIFIED:
        if flags[flag] is False and any(getattr(one, flag) for one in rules):
            raise NotVerified(flag)
