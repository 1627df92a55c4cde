"""How the desk calls a person: by sound, by vibration, or not at all; and which messages call whom.

A message calls whoever has its conversation, and everybody while nobody has it. Read with every look of an event
stream, so that a choice holds from the next message on.
"""

import uuid
from collections.abc import Collection
from typing import Literal

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.principal import MAY, Action, Principal, Role, scopes_of
from copilot.access.scopes import Scope
from copilot.domain.base import StrictShape
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import PersonRow

Sound = Literal["off", "deadline", "message"]


class Alert(StrictShape):
    """How the desk calls its person.

    ``sound``: never, once when an answer is nearly late, or with every message of a buyer; always only for what is not
    on their screen. ``vibration`` goes with the sound's moments, or with those of ``deadline`` where there is none.
    """

    sound: Sound = "deadline"
    vibration: bool = False


_ALERTING = Direct(
    text(
        "SELECT c.id FROM conversations c JOIN people p ON p.merchant = c.merchant AND p.id = :person"
        " WHERE c.id = ANY(:talks) AND (p.alert_sound <> 'off' OR p.alert_vibration)"
        " AND (c.assignee IS NULL OR c.assignee = p.id)"
        # What a colleague or the platform wrote is told by the same topic and calls nobody.
        " AND (SELECT m.role FROM messages m WHERE m.merchant = c.merchant AND m.conversation = c.id AND m.visible"
        " ORDER BY m.position DESC LIMIT 1) = 'buyer'"
    )
)


async def of_person(session: AsyncSession, person: uuid.UUID) -> Alert:
    """What the person chose; the default for whoever is none."""
    row = await session.scalar(select(PersonRow).where(PersonRow.id == person))
    if row is None:
        return Alert()
    return Alert.model_validate({"sound": row.alert_sound, "vibration": row.alert_vibration})


async def choose(session: AsyncSession, person: uuid.UUID, alert: Alert) -> None:
    """Call the person like this from now on."""
    values = {"alert_sound": alert.sound, "alert_vibration": alert.vibration}
    await session.execute(update(PersonRow).where(PersonRow.id == person).values(**values))


async def silent(session: AsyncSession) -> tuple[tuple[str, ...], int]:
    """Of the merchant's people who answer buyers: the logins of whom their desk never calls, and how many answer."""
    rows = await session.scalars(select(PersonRow).where(PersonRow.active.is_(True)).order_by(PersonRow.login))
    answer = [row for row in rows if _answers(row)]
    off = tuple(row.login for row in answer if row.alert_sound == "off" and not row.alert_vibration)
    return off, len(answer)


def _answers(row: PersonRow) -> bool:
    return Action.REPLY in MAY[Role(row.role)] and Scope.MESSAGE_REPLY in scopes_of(row.role, row.scopes)


async def alerting(session: Transaction, principal: Principal, talks: Collection[uuid.UUID]) -> frozenset[str]:
    """Of the conversations whose buyers just wrote, those that call the reader; none for who answers nobody."""
    if not talks or principal.kind != "person" or not principal.can(Action.REPLY):
        return frozenset()
    rows = await _ALERTING.all(session, {"person": principal.id, "talks": list(talks)})
    return frozenset(str(talk) for (talk,) in rows)
