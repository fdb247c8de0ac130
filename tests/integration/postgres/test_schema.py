"""The migrations make exactly the tables that the code speaks to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from callwright.kit.db import sqlalchemy_url
from callwright.migrations.tables import metadata


def test_tables_and_migrations_agree(database_url: str) -> None:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and (name or "").startswith("procrastinate"))

    engine = sa.create_engine(sqlalchemy_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert [change for change in differences if "alembic_version" not in str(change)] == []
