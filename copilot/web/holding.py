"""Whether the person may act in a conversation: one of two answers a buyer, and the other is told who does."""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.principal import Action, Principal
from copilot.desk.queue.holding import require_held
from copilot.desk.queue.moves import HeldByOther
from copilot.store.tables import PersonRow
from copilot.web.errors import WithOther
from copilot.web.parts import Parts


def bound(principal: Principal) -> uuid.UUID | None:
    """Who must hold a conversation to act in it; None: a machine, or somebody above the agents, who need not."""
    if principal.kind != "person" or principal.can(Action.ASSIGN):
        return None
    return principal.id


async def require_mine(session: AsyncSession, parts: Parts, principal: Principal, conversation: uuid.UUID) -> None:
    """Let the person act, in the session's transaction; what is with nobody becomes theirs.

    Raises:
        WithOther: it is with somebody else.
    """
    person = bound(principal)
    if person is None:
        return
    try:
        await require_held(session, conversation, person, parts.clock.now())
    except HeldByOther as error:
        raise await with_other(session, error) from None


async def with_other(session: AsyncSession, error: HeldByOther) -> WithOther:
    """The refusal, with the holder's name."""
    name = None
    if error.holder is not None:
        name = await session.scalar(select(PersonRow.name).where(PersonRow.id == error.holder))
    return WithOther(holder={"id": str(error.holder), "name": name or ""} if error.holder else None)
