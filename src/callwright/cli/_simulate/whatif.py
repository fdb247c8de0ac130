"""A past day from the database, advice and the staffing hint of `callwright simulate`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from callwright.bootstrap import database_url
from callwright.cli._tx import transaction
from callwright.kit.errors import invalid
from callwright.kit.settings import load_settings
from callwright.routing.policy import Policy
from callwright.routing.simulation.day import Day
from callwright.routing.whatif.advice import advise
from callwright.routing.whatif.half_hours import DAY_S, half_hours
from callwright.routing.whatif.staffing import Target
from callwright.routing.whatif.wish import Source
from callwright.routing.whatif.work import Scene, plain_advice, plain_hour, scene_of

STAFFING_DAYS = 5
MakeDay = Callable[[int], Day]


def past_day(day: str) -> MakeDay:
    """The days like one of this company's past; `invalid` names `--day`."""
    try:
        source = Source(kind="day", date=date.fromisoformat(day))
    except ValueError as error:
        raise invalid("--day", "must be a date like 2026-11-23") from error
    return asyncio.run(_scene(source)).day


async def _scene(source: Source) -> Scene:
    settings = load_settings()
    async with transaction(database_url(settings)) as tx:
        zone = ZoneInfo(settings.company.zone)
        return await scene_of(tx, source, zone, tx.clock.now())


def more(make_day: MakeDay, policy: Policy, *, advice: bool, staffing: bool) -> dict[str, Any]:
    """What was asked for beyond the figures: `advice`, `staffing`."""
    found: dict[str, Any] = {}
    if advice:
        found["advice"] = plain_advice(advise(make_day, policy))
    if staffing:
        days = [make_day(seed) for seed in range(1, STAFFING_DAYS + 1)]
        long = max(1, math.ceil(max(day.end for day in days) / DAY_S))
        hours = half_hours(days, Target(), stretch_days=long)
        found["staffing"] = [plain_hour(hour) for hour in hours]
    return found


def lines(found: Mapping[str, Any]) -> list[str]:
    """The same for people."""
    told: list[str] = []
    if advice := found.get("advice"):
        told += ["", f"advice: {advice['tried']} of {advice['possible']} lessons tried"]
        told += [_effect(effect) for effect in advice["effects"]]
        told += [] if advice["helps"] else ["none of them is sure to shorten the wait"]
    if staffing := found.get("staffing"):
        told += ["", "agents for 80 % within 20 s: all share all … queues apart (on duty)"]
        told += [_hour(hour) for hour in staffing]
    return told


def _effect(effect: Mapping[str, Any]) -> str:
    lesson, wait = effect["lesson"], effect["mean_wait_s"]
    skills = ", ".join(f"{name} to {level}" for name, level in lesson["skills"].items())
    doubt = f"{wait['mean']:+.1f} s [{wait['low']:+.1f}, {wait['high']:+.1f}]"
    word = "helps" if effect["helps"] else "no difference proven"
    return f"{lesson['agent']}: {skills or 'join'} for {lesson['queue']}: wait {doubt}, {word}"


def _hour(hour: Mapping[str, Any]) -> str:
    clock = f"{hour['start'] // 3600:02}:{hour['start'] % 3600 // 60:02}"
    need = f"{hour['pooled']['agents']} … {hour['separate']}"
    return f"{clock}  {hour['calls']:7.1f} calls  {need}  ({hour['on_duty']:.1f})"
