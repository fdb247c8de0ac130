"""Where the database is, without starting it."""

from __future__ import annotations

from callwright.bootstrap import DATABASE
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.settings import Settings


def database_url_if_running(settings: Settings) -> str | None:
    """The configured server's URL, or the embedded one's when it runs."""
    if settings.database_url:
        return settings.database_url
    if not (settings.home / "db.lock").exists():
        return None
    server = PostgresServer(settings.home, settings.ports.database)
    return server.url(DATABASE) if server.pid() else None
