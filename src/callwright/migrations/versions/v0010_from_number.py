"""Calls of one number are found by an index, also where the number is none of the plan."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("contact_from_number_idx", "contact", ["from_number"])
