"""Tickets have a time by which they must be answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
FILL = """
UPDATE ticket SET due_at = created_at + make_interval(
    hours => CASE priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 8 WHEN 'low' THEN 72 ELSE 24 END
)
"""


def upgrade() -> None:
    """The tickets that are there are due by the hours that come with the software."""
    op.add_column("ticket", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(FILL)
    op.alter_column("ticket", "due_at", nullable=False)
    op.create_index("ticket_state_due_at_idx", "ticket", ["state", "due_at"])
