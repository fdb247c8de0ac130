"""Calendars: every one can be read, and the holidays of the year are known."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from callwright.calendars import service
from callwright.cli._doctor.findings import Finding, checks
from callwright.cli._doctor.reach import database_url_if_running
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database
from callwright.kit.settings import Settings
from callwright.queues import service as queues

_REMEDY = "update Callwright, or write the year's days into the calendar and confirm the year"


@checks.register("calendars")
def check_calendars(settings: Settings) -> Iterator[Finding]:
    """Years without an official list; from October on the next year too."""
    url = database_url_if_running(settings)
    if url is None:
        return
    try:
        count, found, lines = asyncio.run(_look(url))
    except (SQLAlchemyError, psycopg.Error):
        return  # the database's own check says what is wrong with it
    for line, key in lines:
        told = f"line {line} names calendar {key!r}, which is not there: it is always open"
        yield Finding("calendars", "bad", told, "publish it, or give the line another")
    for key, faults in found.items():
        for told in faults:
            yield Finding("calendars", "warn", f"{key}: {told}", _REMEDY)
    if count and not found and not lines:
        yield Finding("calendars", "ok", f"{count}, all holidays known")


async def _look(url: str) -> tuple[int, dict[str, list[str]], list[tuple[str, str]]]:
    """How many there are, what is wrong with each, and lines without theirs."""
    database = Database(url, SystemClock(), Bus(), pool_size=1)
    try:
        async with database.begin() as tx:
            known = {row["key"] for row in await service.all_published(tx)}
            named = [(line.number, line.calendar) for line in await queues.lines(tx)]
            lost = [pair for pair in named if pair[1] not in known]
            return len(known), await service.faults(tx), lost
    finally:
        await database.close()
