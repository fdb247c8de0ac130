"""Calendars over HTTP: read, publish, roll back; open now?; a year day by day; its holidays."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Depends, Path, Request
from pydantic import AwareDatetime, Field

from callwright.accounts import service as accounts
from callwright.accounts.guard import allowed
from callwright.accounts.model import User
from callwright.calendars import hours, service
from callwright.calendars.days import gap_of, gaps, plan, year_of
from callwright.calendars.model import Calendar, DayPlan, Region, parse_calendar, window_text
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.http import BackTo, InTx

router = APIRouter(tags=["calendars"])
Editor = Annotated[User, Depends(allowed("settings.edit"))]
Reader = Annotated[User, Depends(allowed("queues.read"))]
Key = Annotated[str, Path(max_length=40)]
Year = Annotated[int, Path(ge=2000, le=2100)]
Version = Annotated[int | None, Field(ge=1, le=2**31 - 1)]


@router.get("/calendars")
async def list_calendars(tx: InTx, _: Reader) -> Any:
    """Every calendar as it is now; `warnings` = years whose holidays are not official."""
    rows = await service.all_published(tx)
    return {"items": [_view(tx, row.pop("key"), row.pop("body"), **row) for row in rows]}


@router.get("/calendars/{key}")
async def get_calendar(key: Key, tx: InTx, _: Reader, version: Version = None) -> Any:
    """One calendar, the latest version by default, and who published which."""
    found, body = await service.published(tx, key, version)
    return {**_view(tx, key, body, version=found), "versions": await service.history(tx, key)}


@router.put("/calendars/{key}")
async def publish_calendar(
    key: Key, body: Annotated[dict[str, Any], Body()], request: Request, tx: InTx, user: Editor
) -> Any:
    """Publish the next version; the next call follows it. A field written twice is refused."""
    json.loads(await request.body(), object_pairs_hook=_once)
    version = await service.publish_calendar(tx, key, body, user.login)
    await accounts.audit(tx, user, "calendar.publish", f"{key} version {version}")
    return _view(tx, key, body, version=version)


@router.post("/calendars/{key}/roll-back")
async def roll_back(key: Key, body: BackTo, tx: InTx, user: Editor) -> Any:
    """Publish an earlier version again, as the next one."""
    version = await service.roll_back(tx, key, body.version, user.login)
    await accounts.audit(tx, user, "calendar.roll_back", f"{key} version {body.version}")
    _, found = await service.published(tx, key)
    return _view(tx, key, found, version=version)


@router.get("/calendars/{key}/open")
async def is_open(key: Key, tx: InTx, _: Reader, at: AwareDatetime | None = None) -> Any:
    """Whether it is open (now by default), why, and when that changes; null = not in sight."""
    calendar = await service.calendar_of(tx, key)
    moment = at or tx.clock.now()
    if not hours.EARLIEST <= moment.year <= hours.LATEST:
        raise invalid("at", f"must lie in the years {hours.EARLIEST} to {hours.LATEST}")
    opened, why = hours.is_open(calendar, moment)
    local = moment.astimezone(ZoneInfo(calendar.zone))
    return {
        "open": opened, "why": why, "at": local, "zone": calendar.zone,
        "day": _day(plan(calendar, local.date())), "next_change": _change(calendar, opened, local),
    }  # fmt: skip


@router.get("/calendars/{key}/year/{year}")
async def get_year(key: Key, year: Year, tx: InTx, _: Reader) -> Any:
    """Each day: windows, source (week, holiday, make-up, by hand), the holiday's name."""
    calendar = await service.calendar_of(tx, key)
    gap = gap_of(calendar, year)
    return {
        "key": key, "year": year, "zone": calendar.zone, "warning": str(gap) if gap else None,
        "days": [_day(held) for held in year_of(calendar, year)],
    }  # fmt: skip


@router.get("/calendars/{key}/holidays/{year}")
async def suggest_holidays(
    key: Key, year: Year, tx: InTx, _: Editor, region: Region | None = None
) -> Any:
    """A body with the year's holidays as single days: look through it, then PUT it.

    `region` = the calendar's own by default. 409 `no_holidays` when the list is not known yet.
    """
    _version, body = await service.published(tx, key)
    own = parse_calendar(body).holidays
    if region is None and own == "none":
        raise invalid("region", "the calendar has none of its own: cn, hk or tw")
    chosen: Region = region or own  # type: ignore[assignment]  # not none: refused above
    known, suggested = service.suggestion(body, chosen, year)
    return {
        "region": chosen, "year": year, "status": known.status, "body": suggested,
        "off": {str(day): name for day, name in known.off.items()},
        "make_up": {str(day): name for day, name in known.make_up.items()},
    }  # fmt: skip


def _view(tx: Tx, key: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    calendar, now = parse_calendar(body), tx.clock.now()
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    return {
        "key": key, **more, "body": body, "open": hours.is_open(calendar, now)[0],
        "warnings": [
            {"year": gap.year, "status": gap.status, "region": gap.region, "text": str(gap)}
            for gap in gaps(calendar, today)
        ],
    }  # fmt: skip


def _day(held: DayPlan) -> dict[str, Any]:
    return {
        "day": held.day, "windows": list(map(window_text, held.windows)), "source": held.source,
        "name": held.name,
    }  # fmt: skip


def _change(calendar: Calendar, opened: bool, at: datetime) -> datetime | None:
    if opened:
        return hours.next_close(calendar, at)
    try:
        return hours.next_open(calendar, at)
    except CallwrightError:
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two fields of one name, and nobody would notice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise invalid(name, "stands there twice")
        found[name] = value
    return found
