"""Recordings: files and rows agree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from callwright.cli._doctor.findings import Finding, checks
from callwright.cli._doctor.reach import database_url_if_running
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database
from callwright.kit.settings import Settings
from callwright.recordings import service

_SHOWN = 3


@checks.register("recordings")
def check_recordings(settings: Settings) -> Iterator[Finding]:
    """The nightly audit, now. Without a database there is nothing to compare."""
    url = database_url_if_running(settings)
    if url is None:
        return
    try:
        missing, unknown = asyncio.run(_audit(settings, url))
    except (SQLAlchemyError, psycopg.Error):
        return  # the database's own check says what is wrong with it
    if missing:
        yield Finding("recordings", "bad", _told("lost their file", missing), "restore a backup")
    if unknown:
        remedy = "look at them; delete what no call needs"
        yield Finding("recordings", "warn", _told("are known to no call", unknown), remedy)
    if not missing and not unknown:
        yield Finding("recordings", "ok", "files and rows agree")


async def _audit(settings: Settings, url: str) -> tuple[list[str], list[str]]:
    database = Database(url, SystemClock(), Bus(), pool_size=1)
    try:
        async with database.begin() as tx:
            return await service.audit_files(tx, settings.home)
    finally:
        await database.close()


def _told(what: str, paths: list[str]) -> str:
    shown = ", ".join(paths[:_SHOWN])
    return f"{len(paths)} {what}: {shown}" + (", …" if len(paths) > _SHOWN else "")
