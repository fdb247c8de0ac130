"""The sound of ready replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "script_voice",
        sa.Column("script_id", sa.Uuid(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["script_id"], ["script.id"], name=op.f("script_voice_script_id_fkey")
        ),
        sa.PrimaryKeyConstraint("script_id", "text_hash", name=op.f("script_voice_pkey")),
    )
