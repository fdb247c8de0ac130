"""Business time: open or not and why, the next change, and minutes counted in windows. Pure.

A window holds every moment at which a clock on the wall of its zone shows a time inside it: an hour
that summer time skips does not exist, one that comes twice counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callwright.calendars.days import gap_of, plan
from callwright.calendars.model import Calendar, DayPlan
from callwright.kit.errors import CallwrightError, invalid

Span = tuple[datetime, datetime]  # UTC, the end not included

LONGEST_CLOSED_DAYS = 800  # longer without an opening is never
FARTHEST_DAYS = 50 * 366  # a due time farther away is a slip
EARLIEST, LATEST = 1901, 2200  # years
MOST_STEPS = 60  # what reasons list
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When the minutes are over, in the calendar's zone, and how they were counted.

    `warnings` = years on the way whose holidays are not official.
    """

    at: datetime
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def is_open(calendar: Calendar, at: datetime) -> tuple[bool, str]:
    """Whether a moment lies in a window of its day or, after midnight, of the day before; why."""
    today = _local(calendar, at).date()
    for day in (today - DAY, today):
        held = plan(calendar, day)
        if any(start <= at < end for start, end in spans(calendar, held)):
            return True, f"open: {held}"
    return False, f"closed: {plan(calendar, today)}"


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The first moment from `at` on that is open; `invalid` when there is none."""
    start, _ = next(_openings(calendar, at), (None, None))
    if start is None:
        raise never_open()
    return start.astimezone(ZoneInfo(calendar.zone))


def next_close(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment from `at` on that is closed; None when that is not in sight."""
    closes = at
    for start, end in _openings(calendar, at):
        if start > closes:
            break
        closes = end
        if closes - at > DAY * LONGEST_CLOSED_DAYS:
            return None
    return closes.astimezone(ZoneInfo(calendar.zone))


def due(calendar: Calendar, start: datetime, minutes: float) -> Due:
    """The first moment by which so many open minutes have passed since `start`.

    No minutes: `start` itself. `invalid` names minutes or the calendar when there is none.
    """
    _check(start, minutes)
    left, at = timedelta(minutes=minutes), start.astimezone(UTC)
    first = _local(calendar, start).date()
    steps: list[str] = []
    years: dict[int, None] = {}
    for held, opened in _days(calendar, start) if left else ():
        counted = timedelta(0)
        for begin, end in opened:
            if counted < left:
                part = min(end - begin, left - counted)
                counted, at = counted + part, begin + part
        if counted or held.day >= first:  # the evening before counts if its window lasts so long
            years.setdefault(held.day.year)
            _note(steps, held, counted)
        left -= counted
        if not left:
            break
    told = tuple(str(gap) for year in years if (gap := gap_of(calendar, year)))
    return Due(at.astimezone(ZoneInfo(calendar.zone)), tuple(steps), told)


def back(calendar: Calendar, end: datetime, minutes: float) -> datetime:
    """The other way: the first moment after which so many open minutes are left until `end`."""
    _check(end, minutes)
    left, at = timedelta(minutes=minutes), end.astimezone(UTC)
    if not left:
        return end
    day, idle = _local(calendar, end).date(), 0
    bound = at
    while left:
        opened = [
            (begin, min(over, bound))
            for begin, over in spans(calendar, plan(calendar, day))
            if begin < bound
        ]
        for begin, over in reversed(opened):
            if left and over > begin:
                part = min(over - begin, left)
                left, at, bound = left - part, over - part, begin
        idle = 0 if opened else idle + 1
        day -= DAY
        if idle > LONGEST_CLOSED_DAYS:
            raise never_open()
    return _as_early_as_counts(calendar, at).astimezone(ZoneInfo(calendar.zone))


def spans(calendar: Calendar, held: DayPlan) -> list[Span]:
    """The windows that begin on a day, as moments."""
    zone = ZoneInfo(calendar.zone)
    midnight = datetime.combine(held.day, time(), UTC)
    before, after = _offset(zone, midnight - DAY), _offset(zone, midnight + 3 * DAY)
    pieces = [(midnight - DAY * 9, midnight + DAY * 9, before)]
    if before != after:
        turn = _turn(zone, midnight - DAY, midnight + 3 * DAY, before)
        pieces = [(pieces[0][0], turn, before), (turn, pieces[0][1], after)]
    found = []
    for first, last in held.windows:
        begin, end = midnight + timedelta(minutes=first), midnight + timedelta(minutes=last)
        for since, until, offset in pieces:
            span = max(begin - offset, since), min(end - offset, until)
            if span[0] < span[1]:
                found.append(span)
    return sorted(found)


def never_open() -> CallwrightError:
    """The error of every question for a time that the calendar has not."""
    return invalid("calendar", f"has no open window within {LONGEST_CLOSED_DAYS} days")


def _days(calendar: Calendar, since: datetime) -> Iterator[tuple[DayPlan, list[Span]]]:
    """Day by day from a moment on: what holds, and what is left to count, nothing twice."""
    day = _local(calendar, since).date() - DAY
    reached, idle = since.astimezone(UTC), 0
    for _ in range(FARTHEST_DAYS):
        held, opened = plan(calendar, day), []
        for begin, end in spans(calendar, held):
            if end > reached:
                opened.append((max(begin, reached), end))
                reached = end
        yield held, opened
        idle = 0 if opened else idle + 1
        if idle > LONGEST_CLOSED_DAYS:
            raise never_open()
        day += DAY
    raise invalid("minutes", f"would take longer than {FARTHEST_DAYS // 366} years")


def _openings(calendar: Calendar, since: datetime) -> Iterator[Span]:
    """What is open from a moment on, as long as something follows."""
    with suppress(CallwrightError):
        for _, opened in _days(calendar, since):
            yield from opened


def _note(steps: list[str], held: DayPlan, counted: timedelta) -> None:
    if len(steps) < MOST_STEPS:
        steps.append(f"{held}: {counted / timedelta(minutes=1):g} min")
    elif len(steps) == MOST_STEPS:
        steps.append("and so on")


def _as_early_as_counts(calendar: Calendar, at: datetime) -> datetime:
    """At an opening the count has stood still since the last closing: that is the first moment."""
    today = _local(calendar, at).date()
    ends: list[datetime] = []
    for days in range(LONGEST_CLOSED_DAYS):
        for begin, end in spans(calendar, plan(calendar, today - DAY * days)):
            if begin < at <= end:
                return at
            if end < at:
                ends.append(end)
        if ends and days:
            return max(ends)
    return at


def _check(start: datetime, minutes: float) -> None:
    if start.tzinfo is None:
        raise invalid("start", "needs an offset, such as 2026-02-14T09:00:00+08:00")
    if not EARLIEST <= start.year <= LATEST:
        raise invalid("start", f"must lie in the years {EARLIEST} to {LATEST}")
    if not 0 <= minutes <= FARTHEST_DAYS * 24 * 60:
        raise invalid("minutes", f"must be 0 to {FARTHEST_DAYS * 24 * 60}")


def _local(calendar: Calendar, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(calendar.zone))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _turn(zone: ZoneInfo, low: datetime, high: datetime, before: timedelta) -> datetime:
    """The second from which the clocks show another offset."""
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
