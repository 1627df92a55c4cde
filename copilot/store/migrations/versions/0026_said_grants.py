"""What colleagues gave in the platform's own window counts against ceilings."""

from pathlib import Path

from copilot.store.gentle import run_gently

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the SQL file beside this one step by step: the table is in use."""
    run_gently(Path(__file__).with_suffix(".sql"))
