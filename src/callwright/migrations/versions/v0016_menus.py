"""Answers that menus gave, digits that nobody heard, and gaps of recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing of this is known of earlier calls."""
    op.create_table(
        "ivr_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ivr_answer_pkey")),
    )
    op.create_index("ivr_answer_contact_id_idx", "ivr_answer", ["contact_id"])
    op.create_table(
        "secure_capture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("sink", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("secure_capture_pkey")),
    )
    op.create_index("secure_capture_contact_id_idx", "secure_capture", ["contact_id"])
    op.create_index("secure_capture_sink_at_idx", "secure_capture", ["sink", "at"])
    op.create_table(
        "recording_gap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("recording_gap_pkey")),
    )
    op.create_index("recording_gap_contact_id_idx", "recording_gap", ["contact_id"])
