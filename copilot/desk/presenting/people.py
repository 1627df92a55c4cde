"""Who of ours somebody in the platform's window is, and what they are called there."""

import uuid
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.names import fold_login
from copilot.access.principal import Language, Principal, Role, scopes_of
from copilot.desk.presenting.words import PRESSES
from copilot.desk.words import said
from copilot.sdk import AdapterSettings, PresentingSettings
from copilot.store.tables import PersonRow


async def person_of(session: AsyncSession, settings: AdapterSettings, agent: str | None) -> Principal | None:
    """The person whom the shop's settings tie to the platform's ``agent``; None: nobody who may act here at all."""
    login = settings.login_of(agent) if agent and isinstance(settings, PresentingSettings) else None
    if login is None:
        return None
    row = await session.scalar(select(PersonRow).where(PersonRow.login == fold_login(login)))
    if row is None or not row.active:
        return None
    return Principal(
        merchant=row.merchant,
        id=row.id,
        kind="person",
        name=row.name,
        role=Role(row.role),
        language=cast("Language", row.language),
        login=row.login,
        scopes=scopes_of(row.role, row.scopes),
    )


async def name_of(session: AsyncSession, by: str | None, language: Language) -> str:
    """The name of the person behind ``by`` of a row."""
    try:
        person = uuid.UUID(by or "")
    except ValueError:
        person = None
    name = await session.scalar(select(PersonRow.name).where(PersonRow.id == person)) if person else None
    return name or said(PRESSES, "somebody", language)
