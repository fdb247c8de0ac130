"""Alembic's entry: runs on the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from callwright.migrations.tables import metadata

connection = context.config.attributes["connection"]


def _ours(name: str | None, kind: str, _: object) -> bool:
    """Leave the job queue's own tables alone."""
    return not (kind == "table" and (name or "").startswith("procrastinate"))


context.configure(connection=connection, target_metadata=metadata, include_name=_ours)
with context.begin_transaction():
    context.run_migrations()
