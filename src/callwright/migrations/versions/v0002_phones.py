"""Agents have phones: the SIP phone that they had, and one in the browser."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry existing phones over, with their passwords; make the browser phones."""
    phone = op.create_table(
        "phone",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("phone_pkey")),
        sa.UniqueConstraint("agent_id", "kind", name=op.f("phone_agent_id_key")),
    )
    op.add_column("agent", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("agent", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    carry = (
        "INSERT INTO phone SELECT endpoint, id, 'sip', phone_password, reachable, state_since"
        " FROM agent"
    )
    op.execute(carry)
    op.execute("UPDATE agent SET phone = 'sip' WHERE reachable")
    rows = op.get_bind().execute(sa.text("SELECT id, endpoint, state_since FROM agent")).all()
    taken = {row.endpoint for row in rows}
    for row in rows:
        name = f"{row.endpoint}-web"
        while name in taken:
            name += "-web"
        taken.add(name)
        values = {
            "endpoint": name, "agent_id": row.id, "kind": "browser",
            "password": secrets.token_urlsafe(18), "online": False, "since": row.state_since,
        }  # fmt: skip
        op.execute(sa.insert(phone).values(**values))
    op.drop_column("agent", "phone_password")
