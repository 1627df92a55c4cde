"""The database of a running demonstration, for what its agent may not do: an owner, and a tool that shows the panel."""

from pathlib import Path

import psycopg
from sqlalchemy import select

from copilot.access import people
from copilot.access.principal import Role
from copilot.desk.embedding import SETTING
from copilot.domain.clock import SystemClock
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, ShopRow

LOGIN, PASSWORD = "boss", "a long enough password"


async def prepare(data_dir: Path, language: str, origin: str) -> str:
    """An owner who reads ``language``, and every shop shown by the tool at ``origin``; the merchant's slug.

    ``data_dir`` is that of one demonstration, which is running.
    """
    with EmbeddedPostgres.start(data_dir / "demo") as server:
        with psycopg.connect(server.url("postgres")) as connection:
            ((name,),) = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'demo_%'").fetchall()
        async with await Store.open(server.url(name)) as store:
            async with store.system() as session:
                found = await session.execute(
                    select(DirectoryRow.key, DirectoryRow.merchant).where(DirectoryRow.kind == "merchant")
                )
                slug, merchant = found.one()
            await people.add_person(store, merchant, LOGIN, "Demo", Role.OWNER, language, PASSWORD, SystemClock())
            async with store.merchant(merchant) as session:
                for row in await session.scalars(select(ShopRow)):
                    row.settings = {**row.settings, SETTING: {"origins": [origin]}}
    return slug
