"""What holds on a day, in a year, and which years are not known yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from callwright.calendars.model import WEEKDAYS, Calendar, DayPlan, Windows
from callwright.calendars.official import Status, official_year

ASK_FOR_NEXT_YEAR_FROM = 10  # October: the list of the next year comes out in the autumn


@dataclass(frozen=True, slots=True)
class Gap:
    """A year whose holidays are not official, and what is done on its days meanwhile."""

    year: int
    status: Status
    region: str

    def __str__(self) -> str:
        """What people must know."""
        told = {
            "missing": "has no official holiday list: only days that the law names are closed, and"
            " there are no make-up workdays",
            "computed": "has computed holidays, not compared with the official list",
        }
        return f"{self.year} {told[self.status]} ({self.region})"


def plan(calendar: Calendar, day: date) -> DayPlan:
    """Single days beat make-up workdays and holidays, which beat the week."""
    if day in calendar.days:
        return DayPlan(day, calendar.days[day], "by hand", _name(calendar, day))
    if calendar.holidays != "none" and day.year not in calendar.confirmed:
        known = official_year(calendar.holidays, day.year)
        if day in known.make_up:
            return DayPlan(day, make_up_windows(calendar, day), "make-up", known.make_up[day])
        if day in known.off:
            return DayPlan(day, calendar.on_holidays, "holiday", known.off[day])
    return DayPlan(day, of_weekday(calendar, day), "week")


def of_weekday(calendar: Calendar, day: date) -> Windows:
    """What the week alone says."""
    return calendar.week.get(WEEKDAYS[day.weekday()], ())


def make_up_windows(calendar: Calendar, day: date) -> Windows:
    """As said for make-up days, else as on Monday, or the first working day after it."""
    if calendar.on_make_up is not None:
        return calendar.on_make_up
    workdays = (calendar.week.get(name, ()) for name in WEEKDAYS[:5])
    return next(filter(None, workdays), of_weekday(calendar, day))


def year_of(calendar: Calendar, year: int) -> list[DayPlan]:
    """Every day of a year."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return [plan(calendar, first + timedelta(days=number)) for number in range(length)]


def status_of(calendar: Calendar, year: int) -> Status:
    """How sure the holidays of a year are; without holidays, or confirmed by hand, they are."""
    if calendar.holidays == "none" or year in calendar.confirmed:
        return "official"
    return official_year(calendar.holidays, year).status


def gap_of(calendar: Calendar, year: int) -> Gap | None:
    """The warning for a year, None when its holidays are sure."""
    status = status_of(calendar, year)
    return None if status == "official" else Gap(year, status, calendar.holidays)


def gaps(calendar: Calendar, today: date) -> list[Gap]:
    """What must be said today: about this year always, from October on about the next too."""
    years = [today.year]
    if today.month >= ASK_FOR_NEXT_YEAR_FROM:
        years.append(today.year + 1)
    return [gap for year in years if (gap := gap_of(calendar, year))]


def _name(calendar: Calendar, day: date) -> str:
    if calendar.holidays == "none":
        return ""
    known = official_year(calendar.holidays, day.year)
    return known.off.get(day) or known.make_up.get(day) or ""
