"""The two roles: ``copilot_owner`` owns the schemas and migrates, ``copilot_app`` is what everything else acts as.

It creates them when the login may, and otherwise says which statements a database administrator has to run.
"""

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.connect import APP_ROLE, OWNER_ROLE, Connection, unreachable
from copilot.store.url import DatabaseUrl

SCHEMAS = ("app", "jobs", "flow")


async def missing(connection: Connection) -> list[sql.Composed]:
    """The statements that are still to be run on this server and database; empty when all is well."""
    row = await (await connection.execute("SELECT session_user::text, current_database()::text")).fetchone()
    assert row is not None
    login, database = sql.Identifier(str(row[0])), sql.Identifier(str(row[1]))
    found: list[sql.Composed] = []
    for role in (OWNER_ROLE, APP_ROLE):
        name = sql.Identifier(role)
        exists = await _true(connection, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", role)
        if not exists:
            found.append(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        if not exists or not await _true(connection, "SELECT pg_has_role(session_user, %s, 'SET')", role):
            found.append(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(name, login))
        if role == OWNER_ROLE and not (exists and await _may_create(connection)):
            found.append(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, name))
    return found


async def _may_create(connection: Connection) -> bool:
    schemas = "SELECT count(*) = %s FROM pg_namespace WHERE nspname = ANY(%s)"
    if await _true(connection, schemas, len(SCHEMAS), list(SCHEMAS)):
        return True  # nothing is left to create
    return await _true(connection, "SELECT has_database_privilege(%s, current_database(), 'CREATE')", OWNER_ROLE)


async def _true(connection: Connection, query: str, *values: object) -> bool:
    row = await (await connection.execute(query.encode(), values)).fetchone()
    return row is not None and row[0] is True


async def ensure(connection: Connection) -> None:
    """Create what is missing.

    Raises:
        DatabaseUnavailable: the login may not; the remedy is the list of statements.
    """
    statements = await missing(connection)
    for statement in statements:
        try:
            await connection.execute(statement)
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            continue  # roles belong to the server: an upgrade of another database was quicker
        except psycopg.errors.InsufficientPrivilege:
            text = " ".join(f"{each.as_string(connection)};" for each in statements)
            raise DatabaseUnavailable(
                "the login of DATABASE_URL may not create the roles it needs",
                remedy=f"let a database administrator run: {text}",
            ) from None


async def create_schemas(connection: Connection) -> None:
    """The three schemas, and what the application may do with everything that will stand in them; act as the owner."""
    app = sql.Identifier(APP_ROLE)
    for name in SCHEMAS:
        schema = sql.Identifier(name)
        for statement in (
            "CREATE SCHEMA IF NOT EXISTS {schema}",
            "GRANT USAGE ON SCHEMA {schema} TO {app}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        ):
            await connection.execute(sql.SQL(statement).format(schema=schema, app=app))


_TOO_MIGHTY = text(
    "SELECT rolsuper OR rolbypassrls OR EXISTS ("
    " SELECT FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE n.nspname = 'app' AND relkind = 'r' AND pg_has_role(current_user, relowner, 'USAGE'))"
    " FROM pg_roles WHERE rolname = current_user"
)


async def check_role(engine: AsyncEngine, url: DatabaseUrl) -> None:
    """Refuse to work as somebody whom row-level security does not bind.

    Raises:
        DatabaseUnavailable: nobody answers, or the role is too mighty.
    """
    try:
        async with engine.connect() as connection:
            mighty = (await connection.execute(_TOO_MIGHTY)).scalar_one()
    except DBAPIError as error:
        raise unreachable(url, error.orig or error) from None
    if mighty:
        raise DatabaseUnavailable(
            f"the role {APP_ROLE} is a superuser, may bypass row-level security, or owns the tables",
            remedy=f"take that away from it: ALTER ROLE {APP_ROLE} NOSUPERUSER NOBYPASSRLS, and give the tables to "
            "copilot_owner",
        )
