"""A session on a transaction that was begun past it: it takes it over with its first object or statement.

As long as only ``Direct`` statements are sent the session does nothing, and costs nothing; its own way to begin and to
end a transaction costs more than either does.
"""

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, AsyncSessionTransaction
from sqlalchemy.pool import PoolProxiedConnection

from copilot.store.direct import Driver, hand_driver

BEGUN = "begun"
"""The execution option of a connection whose transaction is begun already: the engine sends no BEGIN."""


class Session(AsyncSession):
    """Whoever ends the transaction or marks a place in it by the session does so whatever was sent before."""

    async def commit(self) -> None:
        """End the transaction; what was changed stays."""
        await self.connection()
        await super().commit()

    async def rollback(self) -> None:
        """End the transaction; nothing that was changed stays."""
        await self.connection()
        await super().rollback()

    def begin_nested(self) -> AsyncSessionTransaction:
        """A place in the transaction to which a failing block returns."""
        return _Savepoint(self, nested=True)


class _Savepoint(AsyncSessionTransaction):
    async def start(self, is_ctxmanager: bool = False) -> AsyncSessionTransaction:
        started = await super().start(is_ctxmanager)
        # Without that it would be marked with the session's next statement, behind those that are sent past it.
        await self.session.connection()
        return started


def session_on(engine: AsyncEngine, pooled: PoolProxiedConnection, driver: Driver) -> Session:
    """A session on a connection of the engine's pool, which is ``driver``'s, whose transaction is begun."""
    begun = Connection(engine.sync_engine, pooled).execution_options(**{BEGUN: True})
    session = Session(AsyncConnection(engine, begun), expire_on_commit=False)
    hand_driver(session, driver)
    return session
