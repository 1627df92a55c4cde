"""Alembic's entry: runs on the connection that ``upgrade`` hands over, never on one of its own."""

from alembic import context

from copilot.store.tables import SCHEMA, Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table_schema=SCHEMA,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
