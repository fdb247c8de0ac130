"""A calendar and its file: weekly windows, holidays, single days. Values and their checks; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callwright.kit.errors import invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
DEFAULT_ZONE = "Asia/Shanghai"
MOST_WINDOWS, MOST_DAYS = 24, 4000  # of one day, and of all single days: a slip, not a plan
FIELDS = frozenset({"zone", "week", "holidays", "on_holidays", "on_make_up", "days", "confirmed"})

Region = Literal["cn", "hk", "tw"]
Holidays = Literal["none", "cn", "hk", "tw"]
Source = Literal["week", "holiday", "make-up", "by hand"]
Window = tuple[int, int]  # minutes of the day; an end past 1440 is on the next day
Windows = tuple[Window, ...]

_WINDOW = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When we are open. `days` beat the holidays, the holidays beat the week.

    `on_holidays` = windows of every holiday; `on_make_up` = windows of make-up workdays, None =
    those of the first weekday from Monday that has any. `confirmed` = years whose holidays stand in
    `days` by hand: nothing is added for them and nobody is warned.
    """

    zone: str
    week: Mapping[str, Windows]
    holidays: Holidays = "none"
    on_holidays: Windows = ()
    on_make_up: Windows | None = None
    days: Mapping[date, Windows] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The windows that begin on a day, and where they come from. `name` = the holiday's."""

    day: date
    windows: Windows
    source: Source
    name: str = ""

    def __str__(self) -> str:
        """As reasons say it: 2026-02-14 sat, make-up 春节, 09:00-18:00."""
        what = f"{self.source} {self.name}".strip()
        times = ", ".join(map(window_text, self.windows)) or "closed"
        return f"{self.day} {WEEKDAYS[self.day.weekday()]}, {what}, {times}"


def window_text(window: Window) -> str:
    """A window as people write it; midnight at the end is 24:00."""
    start, end = window
    shown = end if end <= MINUTES_A_DAY else end - MINUTES_A_DAY
    return f"{start // 60:02}:{start % 60:02}-{shown // 60:02}:{shown % 60:02}"


def parse_window(text: Any, where: str = "window") -> Window:
    """`09:00-18:00` as minutes; an end that is not after the start is on the next day."""
    found = _WINDOW.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise invalid(where, f"{text!r} is not like 09:00-18:00")
    hours, minutes, end_hours, end_minutes = map(int, found.groups())
    start, end = hours * 60 + minutes, end_hours * 60 + end_minutes
    if max(minutes, end_minutes) > 59 or start >= MINUTES_A_DAY or end > MINUTES_A_DAY:
        raise invalid(where, f"{text!r} is no time of a day")
    if start == end:
        raise invalid(where, f"{text!r} has no length; a whole day is 00:00-24:00")
    return start, end if end > start else end + MINUTES_A_DAY


def parse_windows(body: Any, where: str) -> Windows:
    """Windows of one day in order of time; two that overlap are refused."""
    if body is None:
        return ()
    if not isinstance(body, list) or len(body) > MOST_WINDOWS:
        raise invalid(where, f"must be a list of at most {MOST_WINDOWS} windows, [] = closed")
    read = [(parse_window(one, f"{where}[{at}]"), at) for at, one in enumerate(body)]
    read.sort()
    for (before, first), (window, second) in pairwise(read):
        if window[0] < before[1]:
            late = max(first, second)
            raise invalid(
                f"{where}[{late}]",
                f"{window_text(window)} overlaps {window_text(before)}; is one of them reversed?",
            )
    return tuple(window for window, _ in read)


def parse_calendar(body: Any) -> Calendar:
    """A calendar from its file or setting (DESIGN §1); `invalid` names the field that is wrong."""
    if not isinstance(body, dict):
        raise invalid("calendar", "must be a mapping with zone, week, holidays, days")
    unknown = sorted(str(name) for name in body if name not in FIELDS)
    if unknown:
        raise invalid(unknown[0], f"unknown; a calendar has {', '.join(sorted(FIELDS))}")
    make_up = body.get("on_make_up")
    return Calendar(
        zone=_zone(body.get("zone", DEFAULT_ZONE)),
        week=_week(body.get("week")),
        holidays=_holidays(body.get("holidays")),
        on_holidays=parse_windows(body.get("on_holidays"), "on_holidays"),
        on_make_up=None if make_up is None else parse_windows(make_up, "on_make_up"),
        days=_days(body.get("days")),
        confirmed=_years(body.get("confirmed")),
    )


def _zone(value: Any) -> str:
    try:
        return str(ZoneInfo(value).key)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise invalid("zone", f"{value!r} is no time zone such as Asia/Shanghai") from error


def _holidays(value: Any) -> Holidays:
    """Without a word, or with YAML's own `no`, there are none."""
    if value in (None, False, ""):
        return "none"
    if not isinstance(value, str) or value not in get_args(Holidays):
        raise invalid("holidays", f"must be one of {', '.join(get_args(Holidays))}")
    return cast(Holidays, value)


def _week(body: Any) -> dict[str, Windows]:
    if not isinstance(body, dict):
        raise invalid("week", "must be a mapping of mon … sun to windows")
    unknown = [str(day) for day in body if day not in WEEKDAYS]
    if unknown:
        raise invalid(f"week.{unknown[0]}", f"unknown; a week has {', '.join(WEEKDAYS)}")
    week = {day: parse_windows(windows, f"week.{day}") for day, windows in body.items()}
    for day, following in zip(WEEKDAYS, (*WEEKDAYS[1:], "mon"), strict=True):
        night, morning = week.get(day, ()), week.get(following, ())
        if night and morning and night[-1][1] - MINUTES_A_DAY > morning[0][0]:
            raise invalid(
                f"week.{following}",
                f"{window_text(morning[0])} overlaps {window_text(night[-1])} of {day}",
            )
    return week


def _days(body: Any) -> dict[date, Windows]:
    if body is None:
        return {}
    if not isinstance(body, dict) or len(body) > MOST_DAYS:
        raise invalid("days", f"must be a mapping of at most {MOST_DAYS} dates to windows")
    days: dict[date, Windows] = {}
    for written, windows in body.items():
        day = _day(written)
        if day in days:
            raise invalid(f"days.{day}", "stands there twice")
        days[day] = parse_windows(windows, f"days.{day}")
    return days


def _day(value: Any) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise invalid(f"days.{value}", "is no date such as 2026-10-10") from error


def _years(body: Any) -> frozenset[int]:
    if body is None:
        return frozenset()
    if not isinstance(body, list) or any(type(year) is not int for year in body):
        raise invalid("confirmed", "must be a list of years")
    return frozenset(body)
