"""With which frame of the journal, and when, a signal was observed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of arrivals; signals filed before have none."""
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("frame", sa.BigInteger(), nullable=False),
        sa.Column("detected_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["signals.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
