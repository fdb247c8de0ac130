"""Hold, consult, transfer and calls out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in _columns():
        op.add_column(table, column)
    op.alter_column("offer", "visit_id", nullable=True)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("hold_pkey")),
    )
    op.create_table(
        "consult",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=False),
        sa.Column("bridge", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("target_agent_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("consult_pkey")),
    )
    for table, end in (("hold", "ended_at"), ("consult", "closed_at")):
        op.create_index(op.f(f"{table}_contact_id_idx"), table, ["contact_id"], unique=False)
        op.create_index(
            f"{table}_one_open_idx",
            table,
            ["contact_id"],
            unique=True,
            postgresql_where=sa.text(f"{end} IS NULL"),
        )


def _columns() -> list[tuple[str, sa.Column[object]]]:
    """What tables that exist gain."""
    return [
        ("contact", sa.Column("direction", sa.Text(), nullable=False, server_default="in")),
        ("queue_visit", sa.Column("aged_from", sa.DateTime(timezone=True), nullable=True)),
        ("agent", sa.Column("back_to", sa.Text(), nullable=False, server_default="ready")),
        ("line", sa.Column("trunk", sa.Text(), nullable=False, server_default="")),
        ("offer", sa.Column("kind", sa.Text(), nullable=False, server_default="queue")),
        ("offer", sa.Column("from_agent_id", sa.Uuid(), nullable=True)),
        ("offer", sa.Column("note", sa.Text(), nullable=False, server_default="")),
    ]
