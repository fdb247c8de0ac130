"""The database: there, reachable, at this version's schema."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from callwright.cli._doctor.findings import Finding, checks
from callwright.cli._doctor.reach import database_url_if_running
from callwright.kit.db import psycopg_url
from callwright.kit.settings import Settings

_TIMEOUT_S = 5


@checks.register("database")
def check_database(settings: Settings) -> Iterator[Finding]:
    """Connect for real."""
    url = database_url_if_running(settings)
    if url is None:
        yield Finding("database", "warn", "the embedded PostgreSQL does not run", "callwright run")
        return
    try:
        with psycopg.connect(psycopg_url(url), connect_timeout=_TIMEOUT_S) as connection:
            row = connection.execute(
                "select current_setting('server_version'),"
                " pg_size_pretty(pg_database_size(current_database()))"
            ).fetchone()
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[-1]
        remedy = "check CALLWRIGHT_DATABASE_URL" if settings.database_url else "callwright run"
        yield Finding("database", "bad", why, remedy)
        return
    version, size = row or ("?", "?")
    yield Finding("database", "ok", f"PostgreSQL {version}, {size}")
    yield _schema(url)


def _schema(url: str) -> Finding:
    from callwright.migrations.run import current, newest

    found, wanted = current(url), newest()
    if found == wanted:
        return Finding("database", "ok", f"schema {found}")
    return Finding(
        "database", "bad", f"schema {found or 'empty'}, this version needs {wanted}",
        "callwright migrate",
    )  # fmt: skip
