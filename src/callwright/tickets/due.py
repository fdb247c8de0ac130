"""By when tickets must be answered: hours for each priority, ours or those published last.

With a calendar they are hours of its open time, without one hours of the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from callwright.calendars import service as calendars
from callwright.kit.db import Tx
from callwright.kit.versions import publish_setting, setting_in_force
from callwright.tickets.model import DUE_HOURS, DueRule, due, parse_due

DUE_KEY = "tickets.due"


async def publish_hours(tx: Tx, body: Any, author: str) -> int:
    """Check the rule and store it as the next version; tickets to come follow it."""
    rule = parse_due(body)
    if rule.calendar:
        # A calendar that never opens has no time to give: refused here, not at the next ticket.
        await calendars.due_at(tx, rule.calendar, tx.clock.now(), max(rule.hours.values()) * 60)
    return await publish_setting(tx, DUE_KEY, rule.body(), author)


async def rule_in_force(tx: Tx) -> tuple[int, DueRule]:
    """The published rule with its version, or version 0: ours."""
    version, body = await setting_in_force(tx, DUE_KEY, lambda: DUE_HOURS)
    return version, parse_due(body)


async def due_at(tx: Tx, since: datetime, priority: str) -> datetime:
    """When a ticket of this priority, open since then, is overdue."""
    _, rule = await rule_in_force(tx)
    if rule.calendar:
        return await calendars.due_at(tx, rule.calendar, since, rule.hours[priority] * 60)
    return due(since, priority, rule.hours)


async def moved(tx: Tx, present: datetime, before: str, now: str) -> datetime:
    """The new moment when the priority changed: counted from the same start."""
    _, rule = await rule_in_force(tx)
    hours = rule.hours[now] - rule.hours[before]
    if rule.calendar:
        return await calendars.due_at(tx, rule.calendar, present, hours * 60)
    return present + timedelta(hours=hours)
