"""Signals by their score."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_signals_score_end_ns_id"), "signals", ["score", "end_ns", "id"])
