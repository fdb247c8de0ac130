"""Queues say when they are open, what callers hear, and what becomes of those who cannot wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

EXITS = {"no_agents": "no_agent", "lost": "system"}


def upgrade() -> None:
    """Stays that ended before keep their meaning under the field's own words."""
    for column in _queue_columns():
        op.add_column("queue", column)
    moment = sa.DateTime(timezone=True)
    op.add_column("queue_visit", sa.Column("speak_at", moment, nullable=True))
    op.add_column("segment", sa.Column("wrapped_at", moment, nullable=True))
    op.create_index("segment_wrapped_at_idx", "segment", ["wrapped_at"])
    op.create_index("segment_agent_id_started_at_idx", "segment", ["agent_id", "started_at"])
    visit = sa.table("queue_visit", sa.column("exit", sa.Text))
    for before, word in EXITS.items():
        op.execute(sa.update(visit).where(visit.c.exit == before).values(exit=word))


def _queue_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("calendar", sa.Text(), nullable=False, server_default=""),
        sa.Column("greeting", sa.Text(), nullable=False, server_default="queue_greeting"),
        sa.Column("music", sa.Text(), nullable=False, server_default=""),
        sa.Column("max_waiting", sa.Integer(), nullable=True),
        sa.Column("announce", JSONB(), nullable=False, server_default="{}"),
        sa.Column("overflow", JSONB(), nullable=False, server_default="{}"),
    ]
