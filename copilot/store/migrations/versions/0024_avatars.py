"""Pictures of the people, each with what the platforms of the shops say of it."""

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the SQL file beside this one as it stands, in the migration's transaction."""
    # Without parameters the driver sends all statements at once; SQLAlchemy would always pass some.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
