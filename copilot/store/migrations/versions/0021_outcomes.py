"""What figures need of a text that is gone: if it was late and what it was about; what became of erased drafts."""

from pathlib import Path

from copilot.store.gentle import run_gently

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the SQL file beside this one step by step: it changes the largest tables while they are in use."""
    run_gently(Path(__file__).with_suffix(".sql"))
