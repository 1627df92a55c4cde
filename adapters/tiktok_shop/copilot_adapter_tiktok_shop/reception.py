"""Who of the shop's people has a conversation, and the platform's own figures of the shop's service; reads only.

Webhook 13 and the lists say that somebody joined or left; who it is stands among the participants alone.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from copilot.sdk import Account, ServiceRecord
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.wire import Conversation, Participant, Wire

_PERFORMANCE: Final = "/customer_service/202407/performance"
_AGENT: Final = "CUSTOMER_SERVICE"


def _measure(value: object) -> object:
    """A figure, of which 0 is one."""
    return None if value == "" else value


_Percent = Annotated[Annotated[float, Field(ge=0, le=100)] | None, BeforeValidator(_measure)]
_Minutes = Annotated[Annotated[float, Field(ge=0, allow_inf_nan=False)] | None, BeforeValidator(_measure)]
_Count = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_measure)]


class Performance(Wire):
    """The shop's service over days; percentages and minutes come as decimal text, "" where there are none."""

    response_percentage: _Percent = None
    response_time_mins: _Minutes = None
    satisfaction_percentage: _Percent = None
    support_session_count: _Count = None


def agent_among(participants: Iterable[Participant]) -> str | None:
    """The chat's id of the agent who has joined: the platform gives no other, and names them in the lists only."""
    return next((one.im_user_id or None for one in participants if one.role == _AGENT), None)


async def attended_by(account: Account, conversation: str) -> str | None:
    """The agent in a conversation, as the platform has it now; None: nobody has joined.

    Raises:
        AdapterError: the platform could not be asked.
    """
    path = f"/customer_service/202601/conversations/{segment(conversation)}"
    data = await Client(account).get(path)
    return agent_among(many(Conversation, [data.get("conversation")], f"GET {path}")[0].participants)


async def service_record(account: Account, first: date, last: date) -> ServiceRecord:
    """The platform's count of the days from ``first`` to ``last``; it takes its cards of questions for answers.

    Raises:
        Malformed: the answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    # The platform leaves the end out.
    days = {"support_date_ge": first.isoformat(), "support_date_lt": (last + timedelta(days=1)).isoformat()}
    data = await Client(account).get(_PERFORMANCE, days)
    found: object = data.get("performance")
    told = many(Performance, [found], f"GET {_PERFORMANCE}")[0] if found else Performance()
    return ServiceRecord(
        sessions=told.support_session_count,
        response_percent=told.response_percentage,
        response_minutes=told.response_time_mins,
        satisfied_percent=told.satisfaction_percentage,
        machines_count=True,
    )
