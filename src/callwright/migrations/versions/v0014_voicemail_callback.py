"""Messages that callers leave, and callbacks that keep their place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """New tables; tickets say where they come from."""
    _voicemail()
    _callback()
    _attempt()
    op.add_column("ticket", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE ticket SET source = 'call' WHERE contact_id IS NOT NULL")


def _voicemail() -> None:
    op.create_table(
        "voicemail",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("least_s", sa.Float(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("how", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("voicemail_pkey")),
    )


def _callback() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("aged_from", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("most_tries", sa.Integer(), nullable=False),
        sa.Column("retry_min", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("callback_pkey")),
        sa.UniqueConstraint("contact_id", name=op.f("callback_contact_id_key")),
    )
    op.create_index("callback_requested_at_idx", "callback", ["requested_at"])
    op.create_index(
        "callback_one_open_idx", "callback", ["caller"], unique=True,
        postgresql_where=sa.text("done_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "callback_waiting_idx", "callback", ["not_before"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip


def _attempt() -> None:
    op.create_table(
        "callback_attempt",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("callback_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("callback_attempt_pkey")),
    )
    op.create_index(op.f("callback_attempt_callback_id_idx"), "callback_attempt", ["callback_id"])
    op.create_index(
        "callback_attempt_one_open_idx", "callback_attempt", ["callback_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
