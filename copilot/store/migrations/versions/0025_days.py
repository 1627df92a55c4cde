"""An agent's day is counted over all shops of a merchant."""

from pathlib import Path

from copilot.store.gentle import run_gently

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the SQL file beside this one step by step: its indexes are built while they are in use."""
    run_gently(Path(__file__).with_suffix(".sql"))
