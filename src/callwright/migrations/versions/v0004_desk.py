"""The agent's desk: notes, edited drafts, wrap-ups; an agent's events found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "event_agent_at_idx", "event", [sa.text("(subjects ->> 'agent_id')"), "at"], unique=False
    )
    op.create_table(
        "contact_note",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "agent_id", name=op.f("contact_note_pkey")),
    )
    op.create_table(
        "ticket_draft",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("edited", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("ticket_draft_pkey")),
    )
    op.create_table(
        "wrap_up",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("extended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("ticket_wanted", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column(
            "ticket",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("by_timer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("contact_id", "agent_id", name=op.f("wrap_up_pkey")),
    )
