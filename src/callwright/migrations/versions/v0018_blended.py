"""Callers who hung up while waiting are called back when nobody is delayed by it, for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "callback", sa.Column("blended", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("callback", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
