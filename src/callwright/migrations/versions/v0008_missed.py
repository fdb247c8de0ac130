"""Missed callers; contacts from before the platform; single characters in spoken words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callwright.kit.find import pieces, plain

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "customer_past",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("customer_past_customer_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("customer_past_pkey")),
    )
    op.create_index("customer_past_customer_id_at_idx", "customer_past", ["customer_id", "at"])
    _missed()
    _spoken_words()


def _missed() -> None:
    op.create_table(
        "missed_call",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("last_contact_id", sa.Uuid(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("waited_s", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_try_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_how", sa.Text(), nullable=True),
        sa.Column("done_text", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("missed_call_pkey")),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("missed_call_at_idx", "missed_call", ["at"])
    op.create_index("missed_call_open_idx", "missed_call", ["at"], postgresql_where=is_open)
    op.create_index(
        "missed_call_one_open_idx", "missed_call", ["caller"], unique=True, postgresql_where=is_open
    )


def _spoken_words() -> None:
    connection = op.get_bind()
    read = "SELECT contact_id, string_agg(masked, ' ') FROM turn GROUP BY contact_id"
    rows = connection.execute(sa.text(read)).all()
    if rows:
        connection.execute(
            sa.text(
                "UPDATE transcript SET search = :search WHERE contact_id = :id AND state = 'final'"
            ),
            [{"id": row[0], "search": pieces([plain(row[1])])} for row in rows],
        )
