"""The pictures of the shop's people, where a platform looks at each one before it shows it to buyers."""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import Field

from copilot.domain.base import Id, Shape
from copilot.sdk.contract import Account


class AvatarState(StrEnum):
    """How far the platform's review of a picture is."""

    PENDING_REVIEW = "pending_review"
    APPROVED = "approved"
    REJECTED = "rejected"


class Avatar(Shape):
    """A picture of one of the people of ``shop``: ``agent`` as the platform names them.

    ``body`` are its bytes, ``content_type`` its media type ("image/png").
    """

    shop: Id
    agent: Id
    body: bytes = Field(repr=False)
    content_type: Id


class Reviewed(Shape):
    """What the platform said of a picture: its ``state``, and the ``reason`` in its own words where it gives one."""

    state: AvatarState
    reason: str | None = None


@runtime_checkable
class AvatarReview(Protocol):
    """Pictures of the shop's people can be handed in; the platform shows one once it has approved it.

    The core asks ``avatar_review`` before it hands a picture in, so a call that broke off makes no second one.
    """

    async def hand_in_avatar(self, account: Account, avatar: Avatar, idempotency_key: str) -> Reviewed:
        """Hand a picture in under a key of ours; how far its review is at once.

        Raises:
            SendRefused: the platform takes no such picture; its text is the reason.
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...

    async def avatar_review(self, account: Account, agent: str, idempotency_key: str) -> Reviewed | None:
        """How far the review is of what was handed in under the key; None: the platform knows of no such picture.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...
