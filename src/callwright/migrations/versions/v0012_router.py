"""One router per site holds a lease; an offer says why this agent and not the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Offers from before have no explanation beside their reasons."""
    op.create_table(
        "router_lease",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("term", sa.BigInteger(), nullable=False),
        sa.Column("beats", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", name="router_lease_pkey"),
    )
    op.add_column("offer", sa.Column("explained", JSONB(), nullable=True))
