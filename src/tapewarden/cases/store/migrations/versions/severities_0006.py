"""Signals by their severity."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_RANKS = "CASE severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END"


def upgrade() -> None:
    """Give each signal the rank of its severity, and make the index."""
    op.add_column("signals", sa.Column("severity_rank", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE signals SET severity_rank = {_RANKS}")
    columns = ["severity_rank", "score", "end_ns", "id"]
    op.create_index(op.f("ix_signals_severity_rank_score_end_ns_id"), "signals", columns)
