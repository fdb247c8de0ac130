"""Tickets that people work on, and columns by which customers, contacts and tickets are found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from callwright.customers.names import words_of
from callwright.kit.find import number_pieces, pieces, plain

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
BATCH = 5000


def upgrade() -> None:
    for table, column in (
        ("contact", "pieces"),
        ("customer", "search"),
        ("customer_phone", "pieces"),
        ("ticket", "search"),
    ):
        kind = postgresql.ARRAY(sa.Text())
        op.add_column(table, sa.Column(column, kind, server_default="{}", nullable=False))
    op.add_column("customer", sa.Column("key", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("customer_key_key"), "customer", ["key"])
    _ticket_columns()
    _fill()
    for table, column in (
        ("contact", "pieces"),
        ("customer", "search"),
        ("customer_phone", "pieces"),
        ("ticket", "search"),
    ):
        op.create_index(f"{table}_{column}_idx", table, [column], postgresql_using="gin")
    op.create_index("contact_agent_id_id_idx", "contact", ["agent_id", "id"])
    op.create_index("contact_queue_id_idx", "contact", ["queue", "id"])
    op.create_index("ticket_state_no_idx", "ticket", ["state", "no"])
    op.create_index("ticket_agent_id_no_idx", "ticket", ["agent_id", "no"])
    _notes("ticket_comment", sa.Column("text", sa.Text(), nullable=False))
    _notes(
        "ticket_change",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
    )


def _ticket_columns() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("ticket", sa.Column("updated_at", moment, nullable=True))
    op.execute("UPDATE ticket SET updated_at = created_at")
    op.alter_column("ticket", "updated_at", nullable=False)
    op.add_column("ticket", sa.Column("solved_at", moment, nullable=True))
    op.add_column("ticket", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("ticket", sa.Column("agent_id", sa.Uuid(), nullable=True))
    op.add_column("ticket", sa.Column("key", sa.Text(), nullable=True))
    op.add_column("ticket", sa.Column("words", sa.Text(), server_default="", nullable=False))
    op.create_unique_constraint(op.f("ticket_key_key"), "ticket", ["key"])


def _notes(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f(f"{name}_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{name}_pkey")),
    )
    op.create_index(op.f(f"{name}_ticket_id_idx"), name, ["ticket_id"])


def _fill() -> None:
    """Rows that were there before are found as well."""
    _change(
        "SELECT id, coalesce(e164, from_number) FROM contact",
        "UPDATE contact SET pieces = :pieces WHERE id = :id",
        lambda row: {"id": row[0], "pieces": number_pieces(row[1])},
    )
    _change(
        "SELECT customer_id, number FROM customer_phone",
        "UPDATE customer_phone SET pieces = :pieces WHERE customer_id = :id AND number = :number",
        lambda row: {"id": row[0], "number": row[1], "pieces": number_pieces(row[1])},
    )
    _change(
        "SELECT id, name FROM customer",
        "UPDATE customer SET search = :search WHERE id = :id",
        lambda row: {"id": row[0], "search": words_of(row[1])},
    )
    _change(
        "SELECT id, subject, type, evidence FROM ticket",
        "UPDATE ticket SET words = :words, search = :search WHERE id = :id",
        _ticket,
    )


def _ticket(row: Any) -> dict[str, Any]:
    words = [plain(text) for text in (row[1], row[2] or "", *(e["text"] for e in row[3]))]
    return {"id": row[0], "words": "\n".join(words), "search": pieces(words)}


def _change(read: str, write: str, values: Any) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(read)).all()
    for start in range(0, len(rows), BATCH):
        batch = [values(row) for row in rows[start : start + BATCH]]
        connection.execute(sa.text(write), batch)
