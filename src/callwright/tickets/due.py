"""By when tickets must be answered: hours for each priority, ours or those published last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from callwright.kit.db import Tx
from callwright.kit.versions import publish_setting, setting_in_force
from callwright.tickets.model import DUE_HOURS, Hours, due, parse_hours

DUE_KEY = "tickets.due"


async def publish_hours(tx: Tx, body: Any, author: str) -> int:
    """Check the hours and store them as the next version; tickets to come follow them."""
    return await publish_setting(tx, DUE_KEY, parse_hours(body), author)


async def hours_in_force(tx: Tx) -> tuple[int, Hours]:
    """The published hours with their version, or version 0: ours."""
    version, body = await setting_in_force(tx, DUE_KEY, lambda: DUE_HOURS)
    return version, parse_hours(body)


async def due_at(tx: Tx, since: datetime, priority: str) -> datetime:
    """When a ticket of this priority, open since then, is overdue."""
    _, hours = await hours_in_force(tx)
    return due(since, priority, hours)


async def moved(tx: Tx, present: datetime, before: str, now: str) -> datetime:
    """The new moment when the priority changed: counted from the same start."""
    _, hours = await hours_in_force(tx)
    return present + timedelta(hours=hours[now] - hours[before])
