"""Publish calendars; ask whether we are open and when time is up."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from callwright.calendars import hours
from callwright.calendars.days import gaps, make_up_windows
from callwright.calendars.model import Calendar, Region, parse_calendar, window_text
from callwright.calendars.official import OfficialYear, official_year
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.versions import latest_settings, publish_setting, read_setting, versions_of

log = logging.getLogger(__name__)

PREFIX = "calendar:"
KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


async def publish_calendar(tx: Tx, key: str, body: dict[str, Any], author: str) -> int:
    """Check and store a calendar; return its version. The next question follows it."""
    if not KEY.fullmatch(key):
        raise invalid("key", "small letters, digits, dots and dashes, at most 40")
    parse_calendar(body)
    return await publish_setting(tx, PREFIX + key, body, author)


async def roll_back(tx: Tx, key: str, version: int, author: str) -> int:
    """Publish an earlier version again, as the next one."""
    _, body = await read_setting(tx, PREFIX + key, version)
    return await publish_calendar(tx, key, body, author)


async def published(tx: Tx, key: str, version: int | None = None) -> tuple[int, dict[str, Any]]:
    """The body of a version, the latest by default; `not_found` when there is none."""
    try:
        return await read_setting(tx, PREFIX + key, version)
    except CallwrightError as error:
        raise CallwrightError("not_found", what="calendar", key=key, version=version) from error


async def all_published(tx: Tx) -> list[dict[str, Any]]:
    """The latest version of every calendar: key, version, body, author, at."""
    rows = await latest_settings(tx, PREFIX)
    return [{**row, "key": row["key"].removeprefix(PREFIX)} for row in rows]


async def history(tx: Tx, key: str) -> list[dict[str, Any]]:
    """Version, author, at of everything published; newest first."""
    return await versions_of(tx, PREFIX + key)


async def calendar_of(tx: Tx, key: str) -> Calendar:
    """The calendar in force."""
    _, body = await published(tx, key)
    return parse_calendar(body)


async def open_at(tx: Tx, key: str, at: datetime) -> bool:
    """Whether calendar `key` is open at a moment.

    One that is missing, or that this version cannot read, is open: rather a call at night than a
    caller lost by day. The log says so each time, and `callwright doctor` does.
    """
    try:
        calendar = await calendar_of(tx, key)
    except CallwrightError as error:
        log.error("calendar %s counts as open: %s", key, error)
        return True
    return hours.is_open(calendar, at)[0]


async def due_at(tx: Tx, key: str, start: datetime, minutes: float) -> datetime:
    """When so many open minutes of calendar `key` have passed; minus = taken back from `start`."""
    calendar = await calendar_of(tx, key)
    if minutes < 0:
        return hours.back(calendar, start, -minutes)
    return hours.due(calendar, start, minutes).at


async def faults(tx: Tx) -> dict[str, list[str]]:
    """Calendar -> what somebody must be warned of today: years not known, bodies not readable."""
    found = {row["key"]: _faults(row["body"], tx.clock.now()) for row in await all_published(tx)}
    return {key: told for key, told in found.items() if told}


def _faults(body: Any, now: datetime) -> list[str]:
    try:
        calendar = parse_calendar(body)
    except CallwrightError as error:
        return [f"cannot be read, counts as open: {error}"]
    return list(map(str, gaps(calendar, now.astimezone(ZoneInfo(calendar.zone)).date())))


async def warn(tx: Tx) -> None:
    """Say in the log what is wrong with calendars, and which years are not known."""
    for key, those in (await faults(tx)).items():
        for told in those:
            log.warning("calendar %s: %s; write its days and confirm the year", key, told)


def suggestion(
    body: dict[str, Any], region: Region, year: int
) -> tuple[OfficialYear, dict[str, Any]]:
    """A calendar with a region's year written out as single days, for a person to look at.

    Days that stand there already stay. The year counts as confirmed once this is published, so
    nothing is suggested for a year of which only the law is known: people must write its days.
    """
    calendar, known = parse_calendar(body), official_year(region, year)
    if known.status == "missing":
        raise CallwrightError("no_holidays", region=region, year=year)
    days = {str(day): windows for day, windows in (body.get("days") or {}).items()}
    days = {date.fromisoformat(day).isoformat(): windows for day, windows in days.items()}
    for day in known.off:
        days.setdefault(day.isoformat(), list(map(window_text, calendar.on_holidays)))
    for day in known.make_up:
        days.setdefault(day.isoformat(), list(map(window_text, make_up_windows(calendar, day))))
    confirmed = sorted({*calendar.confirmed, year})
    return known, {**body, "days": dict(sorted(days.items())), "confirmed": confirmed}
