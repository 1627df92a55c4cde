"""What a platform knows of how the shop receives its buyers: who has a conversation, and its own figures of service.

Both are asked for, for platforms that tell neither by themselves; they are capabilities like those of ``capabilities``.
"""

from datetime import date
from typing import Annotated, Protocol, runtime_checkable

from pydantic import Field

from copilot.domain.base import Shape
from copilot.sdk.contract import Account

Percent = Annotated[float, Field(ge=0, le=100)]


@runtime_checkable
class Attending(Protocol):
    """Says who of the shop's people has a conversation, where the platform gives them out and tells only "changed".

    The core asks after a ``ConversationChanged``; whoever is told of an assignment gives ``Assigned`` instead.
    """

    async def attended_by(self, account: Account, conversation: str) -> str | None:
        """The platform's id of the person who has it, as ``Assigned.agent``; None: nobody has.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...


class ServiceRecord(Shape):
    """The platform's own count of the shop's service over days; None where it tells no such figure.

    ``sessions`` were begun by buyers; ``response_percent`` of them were answered within the platform's time, on average
    after ``response_minutes``; ``satisfied_percent`` of the ratings were good ones. ``machines_count`` says whether
    the platform takes automatic words for an answer; None: it does not say.
    """

    sessions: Annotated[int, Field(ge=0)] | None = None
    response_percent: Percent | None = None
    response_minutes: Annotated[float, Field(ge=0)] | None = None
    satisfied_percent: Percent | None = None
    machines_count: bool | None = None


@runtime_checkable
class Service(Protocol):
    """The platform's own figures of the shop's service: what it judges the shop by."""

    async def service_record(self, account: Account, first: date, last: date) -> ServiceRecord:
        """The days from ``first`` to ``last``, both in, as the platform cuts its days.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...
