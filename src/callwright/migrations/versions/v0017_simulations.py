"""Simulations of routing, and queue visits found by the time they began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routing_simulation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wish", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("running_version", sa.Integer(), nullable=False),
        sa.Column("running", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("progress", sa.Float(), server_default="0", nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("routing_simulation_pkey")),
    )
    op.create_index(
        op.f("routing_simulation_requested_at_idx"), "routing_simulation", ["requested_at"]
    )
    op.create_index("queue_visit_entered_at_idx", "queue_visit", ["entered_at"])
