"""Who gives out a shop's conversations: the platform or the desk, and what the shop chose for it."""

from datetime import timedelta
from typing import Any, Literal

from copilot.channel.queueing import SETTING
from copilot.clock import Profile
from copilot.domain.base import StrictShape
from copilot.store.tables import ShopRow


class ShopQueue(StrictShape):
    """``by`` whom conversations are given out; for how long a group is asked first, None: as the profile says."""

    by: Literal["desk", "platform"] = "desk"
    group_first_seconds: int | None = None


def queue_of(shop: ShopRow) -> ShopQueue:
    """What the shop chose; the desk gives out unless it says otherwise."""
    kept: dict[str, Any] | None = shop.settings.get(SETTING)
    return ShopQueue.model_validate(kept) if kept else ShopQueue()


def first_for(queue: ShopQueue, profile: Profile | None) -> timedelta:
    """For how long a conversation is offered to the group of its matter before anybody gets it."""
    if queue.group_first_seconds is not None:
        return timedelta(seconds=queue.group_first_seconds)
    number = profile.queue.group_first_seconds if profile else None
    return timedelta(seconds=number.value) if number else timedelta(0)
