"""Golden: what the governments published for 2026, written down by hand; unknown years warn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callwright.calendars.days import gaps, plan, status_of, year_of
from callwright.calendars.hours import is_open
from callwright.calendars.model import WEEKDAYS, Calendar, parse_calendar
from callwright.calendars.official import COMPARED_UNTIL, official_year

OFFICE = {day: ["09:00-12:00", "13:30-18:00"] for day in WEEKDAYS[:5]}


def days(*written: str) -> set[date]:
    """`02-15..23` and `10-10` of 2026."""
    found: set[date] = set()
    for one in written:
        first, _, last = one.partition("..")
        begin = date.fromisoformat(f"2026-{first}")
        length = int(last or begin.day) - begin.day
        found |= {begin + timedelta(days=n) for n in range(length + 1)}
    return found


OFF = {
    "cn": days("01-01..3", "02-15..23", "04-04..6", "05-01..5", "06-19..21", "09-25..27",
               "10-01..7"),
    "hk": days("01-01", "02-17..19", "04-03..4", "04-06..7", "05-01", "05-25", "06-19", "07-01",
               "09-26", "10-01", "10-19", "12-25..26"),
    "tw": days("01-01", "02-15..20", "02-27..28", "04-03..6", "05-01", "06-19", "09-25", "09-28",
               "10-09..10", "10-25..26", "12-25"),
}  # fmt: skip
MAKE_UP = days("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def office(**more: Any) -> Calendar:
    return parse_calendar({"week": OFFICE, **more})


@pytest.mark.parametrize("region", ["cn", "hk", "tw"])
def test_every_day_of_2026(region: str) -> None:
    calendar = office(holidays=region)
    opened = {held.day for held in year_of(calendar, 2026) if held.windows}
    worked = MAKE_UP if region == "cn" else set()
    wanted = {
        date(2026, 1, 1) + timedelta(days=n)
        for n in range(365)
        if (day := date(2026, 1, 1) + timedelta(days=n)) in worked
        or (day.weekday() < 5 and day not in OFF[region])
    }
    assert opened == wanted
    assert status_of(calendar, 2026) == "official"


@pytest.mark.parametrize(
    ("day", "open_", "source"),
    [
        (date(2026, 2, 14), True, "make-up"),
        (date(2026, 2, 16), False, "holiday"),
        (date(2026, 10, 10), True, "make-up"),
        (date(2026, 10, 8), True, "week"),
        (date(2026, 10, 11), False, "week"),
    ],
)
def test_days_that_everybody_gets_wrong(day: date, open_: bool, source: str) -> None:
    calendar = office(holidays="cn")
    assert plan(calendar, day).source == source
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)  # ten in the morning
    assert is_open(calendar, at)[0] is open_
    assert is_open(calendar, at.replace(hour=4, minute=30))[0] is False, "lunch"


def test_taiwan_had_make_up_workdays_until_2025() -> None:
    calendar = office(holidays="tw", zone="Asia/Taipei")
    assert plan(calendar, date(2024, 2, 17)).source == "make-up"
    assert plan(calendar, date(2024, 2, 8)).source == "holiday"


def test_windows_of_holidays_and_of_make_up_days_can_be_their_own() -> None:
    calendar = office(holidays="cn", on_holidays=["10:00-12:00"], on_make_up=["09:00-17:00"])
    assert plan(calendar, date(2026, 10, 1)).windows == ((600, 720),)
    assert plan(calendar, date(2026, 10, 10)).windows == ((540, 1020),)
    weekend = parse_calendar({"week": {"sat": ["10:00-11:00"]}, "holidays": "cn"})
    assert plan(weekend, date(2026, 10, 10)).windows == ((600, 660),), "no working day to copy"


def test_what_people_wrote_beats_the_library() -> None:
    calendar = office(holidays="cn", days={"2026-10-10": [], "2026-10-01": ["10:00-11:00"]})
    closed, opened = plan(calendar, date(2026, 10, 10)), plan(calendar, date(2026, 10, 1))
    assert (closed.windows, closed.source) == ((), "by hand")
    assert (opened.windows, opened.source, opened.name) == (((600, 660),), "by hand", "国庆节")


def test_a_year_nobody_published_is_said_aloud_and_has_a_rule() -> None:
    year = 2090
    assert official_year("cn", year).status == "missing"
    calendar = office(holidays="cn")
    assert plan(calendar, date(year, 10, 2)).source == "holiday", "the law names this day"
    assert plan(calendar, date(year, 10, 5)).source == "week", "a day off that nobody knows yet"
    [gap] = gaps(calendar, date(year, 9, 30))
    assert (gap.year, gap.status) == (year, "missing")
    assert [one.year for one in gaps(calendar, date(year, 10, 1))] == [year, year + 1]
    assert gaps(office(), date(year, 10, 1)) == []
    confirmed = office(holidays="cn", confirmed=[year, year + 1])
    assert gaps(confirmed, date(year, 10, 1)) == []
    assert plan(confirmed, date(year, 10, 2)).source == "week"


@pytest.mark.parametrize("region", ["hk", "tw"])
def test_computed_years_are_told_from_compared_ones(region: Any) -> None:
    later = COMPARED_UNTIL[region] + 1
    assert official_year(region, later).status == "computed"
    assert official_year(region, 2150).status == "missing"
    [gap] = gaps(office(holidays=region), date(later, 1, 1))
    assert gap.status == "computed"
