"""Opening hours: weekly windows, single days, windows that pass midnight."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callwright.kit.errors import invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week` and `days` map to windows as (start, end) minutes of the day; end may pass 1440."""

    zone: str
    week: dict[str, tuple[tuple[int, int], ...]]
    days: dict[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def windows(self, day: date) -> tuple[tuple[int, int], ...]:
        """The windows that begin on a day; single days beat the week."""
        return self.days.get(day, self.week.get(WEEKDAYS[day.weekday()], ()))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether a moment lies in a window of its day or of the day before (overnight)."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return any(start <= minute < end for start, end in calendar.windows(today)) or any(
        start <= minute + MINUTES_A_DAY < end for start, end in calendar.windows(yesterday)
    )


def parse_window(text: str) -> tuple[int, int]:
    """`09:00-18:00` as minutes; an end before the start is on the next day."""
    try:
        start, end = (_minute(part) for part in text.split("-"))
    except ValueError as error:
        raise invalid("calendar", f"{text!r} is not like 09:00-18:00") from error
    return start, end if end > start else end + MINUTES_A_DAY


def _minute(text: str) -> int:
    if text.strip() == "24:00":
        return MINUTES_A_DAY
    moment = time.fromisoformat(text.strip())
    return moment.hour * 60 + moment.minute


def parse_calendar(body: dict[str, object]) -> Calendar:
    """A calendar from its file or setting: zone, week, days."""
    week, days = body.get("week"), body.get("days") or {}
    if not isinstance(week, dict) or not isinstance(days, dict):
        raise invalid("week" if not isinstance(week, dict) else "days", "must be a mapping")
    unknown = set(week) - set(WEEKDAYS)
    if unknown:
        raise invalid("week", f"unknown day {sorted(unknown)[0]!r}")
    return Calendar(
        zone=str(body.get("zone", "Asia/Shanghai")),
        week={day: tuple(parse_window(w) for w in windows) for day, windows in week.items()},
        days={_day(day): tuple(parse_window(w) for w in ws) for day, ws in days.items()},
    )


def _day(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise invalid("days", f"{value!r} is not a date") from error
