"""What all the desk's shapes share, as the HTTP interface prints it (docs/api.md); times in UTC, ids as text."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator

from copilot.domain.base import Shape


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A point in time, printed in UTC."""


class BuyerShown(Shape):
    """A buyer, by the platform's id; empty when the platform named none."""

    id: str = ""
    nickname: str | None = None
    tags: tuple[str, ...] = ()


class ProfileShown(BuyerShown):
    """A buyer beside the conversation: ``level`` as the platform tells it, and the ``tags`` that hold."""

    level: str | None = None


class PersonShown(Shape):
    """A person of the merchant."""

    id: str
    name: str


class TranslationShown(Shape):
    """What a text says in ``language``: ``text`` once ``state`` is ``ready``.

    The other states are ``no_model``, ``pending``, ``differs`` (a translation that stated something else was refused;
    ``differing`` are the kinds of it) and ``failed``; ``state_text`` says the state to a person.
    """

    state: str
    language: str
    text: str | None = None
    state_text: str
    differing: tuple[str, ...] = ()
