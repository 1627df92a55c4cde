"""What acceptance figures rest on: drafts that were seen, kinds of edits, corrections; and when a buyer rated."""

from pathlib import Path

from copilot.store.gentle import run_gently

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the SQL file beside this one step by step: it changes the largest tables while they are in use."""
    run_gently(Path(__file__).with_suffix(".sql"))
