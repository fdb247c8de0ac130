"""Business time against a reference that walks minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.calendars.hours import back, due, is_open, next_close, next_open
from callwright.calendars.model import WEEKDAYS, Calendar, parse_calendar
from callwright.kit.errors import CallwrightError

MINUTE = timedelta(minutes=1)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
# Within three days of each begins or ends summer time somewhere, a holiday, or a make-up workday.
BEGINS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((2, 13), (3, 7), (3, 28), (4, 4), (10, 3), (10, 9), (10, 24), (10, 31))
]
WALK_MINUTES = 4 * 24 * 60


@st.composite
def windows(draw: st.DrawFn, *, overnight: bool) -> list[str]:
    """One to three windows of a day; the last may pass midnight, up to six in the morning."""
    first = 25 if overnight else 0
    quarters = draw(st.lists(st.integers(first, 95), min_size=2, max_size=6, unique=True))
    edges = sorted(quarters)[: len(quarters) // 2 * 2]
    found = [(edges[i] * 15, edges[i + 1] * 15) for i in range(0, len(edges), 2)]
    if overnight and draw(st.booleans()):
        found[-1] = (found[-1][0], draw(st.integers(0, 24)) * 15 + 24 * 60)
    return [f"{_clock(start)}-{_clock(end % 1440 or 1440)}" for start, end in found]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    overnight = draw(st.booleans())
    one: st.SearchStrategy[list[str]] = st.one_of(st.just([]), windows(overnight=overnight))
    body: dict[str, Any] = {
        "zone": draw(st.sampled_from(ZONES)),
        "week": {day: draw(one) for day in WEEKDAYS},
        "holidays": draw(st.sampled_from(["none", "cn"])),
        "days": {
            str(draw(st.sampled_from(BEGINS)).date() + timedelta(days=draw(st.integers(0, 3)))):
            draw(one)
        },
    }  # fmt: skip
    return parse_calendar(body)


OFF = {date(2026, 10, n) for n in range(1, 8)} | {date(2026, 4, n) for n in (4, 5, 6)}
OFF |= {date(2026, 2, n) for n in range(15, 24)}
MAKE_UP = {date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10)}


def holds(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    """What the law of China says about these weeks of 2026, written down by hand."""
    week = [calendar.week[name] for name in WEEKDAYS]
    if day in calendar.days:
        return calendar.days[day]
    if calendar.holidays == "cn" and day in OFF:
        return ()
    if calendar.holidays == "cn" and day in MAKE_UP:
        return next(filter(None, week[:5]), week[day.weekday()])
    return week[day.weekday()]


def wall_open(calendar: Calendar, at: datetime) -> bool:
    """As the clock on the wall says."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute, today = local.hour * 60 + local.minute, local.date()
    late = minute + 1440
    return any(s <= minute < e for s, e in holds(calendar, today)) or any(
        s <= late < e for s, e in holds(calendar, today - timedelta(days=1))
    )


moments = st.builds(
    lambda begin, minutes: begin + minutes * MINUTE,
    st.sampled_from(BEGINS),
    st.integers(0, 3 * 24 * 60),
)


@settings(max_examples=50, deadline=None)
@given(calendars(), moments, st.integers(1, 2000))
def test_it_is_what_a_walk_through_the_minutes_finds(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    opened = [wall_open(calendar, start + n * MINUTE) for n in range(WALK_MINUTES)]
    assert is_open(calendar, start)[0] == opened[0]
    if True in opened:
        assert next_open(calendar, start) == start + opened.index(True) * MINUTE
    if True in opened and False in opened:
        assert next_close(calendar, start) == start + opened.index(False) * MINUTE
    counted = 0
    for number, one in enumerate(opened):
        counted += one
        if counted == minutes:
            assert due(calendar, start, minutes).at == start + (number + 1) * MINUTE
            break


@settings(max_examples=50, deadline=None)
@given(calendars(), moments, st.integers(1, 1500), st.integers(1, 1500))
def test_minutes_add_up_and_can_be_taken_back(
    calendar: Calendar, start: datetime, first: int, second: int
) -> None:
    if not any(calendar.week.values()):
        return
    half = due(calendar, start, first).at
    whole = due(calendar, half, second).at
    assert whole == due(calendar, start, first + second).at
    assert back(calendar, whole, second) == half


@pytest.mark.parametrize(
    "body",
    [
        {"week": {}},
        {"week": {"sat": [], "sun": None}},
        {"week": {}, "days": {"2026-01-02": ["09:00-10:00"]}},
        {"week": {}, "holidays": "cn", "confirmed": [2026]},
    ],
)
def test_a_calendar_that_never_opens_is_refused_where_a_time_is_sought(body: Any) -> None:
    calendar = parse_calendar(body)
    at = datetime(2026, 1, 5, tzinfo=UTC)
    for ask in (lambda: due(calendar, at, 1), lambda: next_open(calendar, at)):
        with pytest.raises(CallwrightError) as caught:
            ask()
        assert caught.value.params["field"] == "calendar"
    with pytest.raises(CallwrightError):
        back(calendar, datetime(2026, 1, 1, tzinfo=UTC), 1)
    assert is_open(calendar, at)[0] is False
    assert next_close(calendar, at) == at


def test_open_for_ever_has_no_close_in_sight_and_counts_like_the_clock() -> None:
    calendar = parse_calendar({"week": {day: ["00:00-24:00"] for day in WEEKDAYS}})
    at = datetime(2026, 1, 5, 12, 34, 56, tzinfo=UTC)
    assert next_close(calendar, at) is None
    assert due(calendar, at, 120 * 60).at == at + timedelta(hours=120)
    assert due(calendar, at, 0).at == at


def test_a_year_of_minutes_is_no_walk_and_too_many_are_refused() -> None:
    calendar = parse_calendar({"week": {"mon": ["09:00-09:01"]}, "holidays": "cn"})
    at = datetime(2026, 1, 5, tzinfo=UTC)
    late = due(calendar, at, 100)
    assert len(late.reasons) <= 61
    assert any("2027" in one for one in late.warnings)
    for minutes in (-1, float("nan"), 10**12, 2_000_000):
        with pytest.raises(CallwrightError) as caught:
            due(calendar, at, minutes)
        assert caught.value.params["field"] == "minutes"
    with pytest.raises(CallwrightError) as caught:
        due(calendar, datetime(2026, 1, 5), 1)  # noqa: DTZ001 - the point of the test
    assert caught.value.params["field"] == "start"


def test_reasons_tell_the_day_its_source_and_what_counted() -> None:
    calendar = parse_calendar(
        {"week": {day: ["09:00-12:00", "13:30-18:00"] for day in WEEKDAYS[:5]}, "holidays": "cn"}
    )
    start = datetime.combine(date(2026, 2, 13), time(17), ZoneInfo("Asia/Shanghai"))
    answer = due(calendar, start, 60 + 450 + 30)
    assert answer.at.isoformat() == "2026-02-24T09:30:00+08:00"
    assert answer.reasons[0] == "2026-02-13 fri, week, 09:00-12:00, 13:30-18:00: 60 min"
    assert "2026-02-14 sat, make-up 春节, 09:00-12:00, 13:30-18:00: 450 min" in answer.reasons
    assert "2026-02-16 mon, holiday 春节, closed: 0 min" in answer.reasons
    assert is_open(calendar, start.replace(day=16)) == (
        False,
        "closed: 2026-02-16 mon, holiday 春节, closed",
    )
