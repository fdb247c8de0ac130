"""A calendar's file: what is wrong is refused and named."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from callwright.calendars.model import parse_calendar, parse_window, window_text
from callwright.calendars.service import suggestion
from callwright.cli.try_ import app
from callwright.kit.errors import CallwrightError

GOOD = {"zone": "Asia/Shanghai", "week": {"mon": ["09:00-18:00"]}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Asia/Nowhere"}, "zone"),
        ({"zone": 8}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"holidays": "jp"}, "holidays"),
        ({"holydays": "cn"}, "holydays"),
        ({"week": None}, "week"),
        ({"week": {"mo": []}}, "week.mo"),
        ({"week": {"mon": "09:00-18:00"}}, "week.mon"),
        ({"week": {"mon": ["09:00"]}}, "week.mon[0]"),
        ({"week": {"mon": ["09:00-12:00", "11:59-18:00"]}}, "week.mon[1]"),
        ({"week": {"mon": ["13:30-18:00", "12:00-09:00"]}}, "week.mon[1]"),
        ({"week": {"mon": ["09:00-09:00"]}}, "week.mon[0]"),
        ({"week": {"mon": ["24:00-09:00"]}}, "week.mon[0]"),
        ({"week": {"mon": ["09:00-25:00"]}}, "week.mon[0]"),
        ({"week": {"mon": ["09:60-10:00"]}}, "week.mon[0]"),
        ({"week": {"sun": ["22:00-06:00"], "mon": ["05:00-09:00"]}}, "week.mon"),
        ({"on_holidays": ["x"]}, "on_holidays[0]"),
        ({"on_make_up": [None]}, "on_make_up[0]"),
        ({"days": []}, "days"),
        ({"days": {"10 Oct": []}}, "days.10 Oct"),
        ({"days": {"2026-10-10": ["9-18"]}}, "days.2026-10-10[0]"),
        ({"days": {"2026-10-10": [], "20261010": []}}, "days.2026-10-10"),
        ({"days": {date(2026, 10, 10): [], "2026-10-10": []}}, "days.2026-10-10"),
        ({"confirmed": 2026}, "confirmed"),
        ({"confirmed": ["2026"]}, "confirmed"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        parse_calendar({**GOOD, **change})
    assert (caught.value.code, caught.value.params["field"]) == ("invalid", field)


@pytest.mark.parametrize("body", [None, [], "x", 3])
def test_what_is_no_calendar_is_refused(body: Any) -> None:
    with pytest.raises(CallwrightError):
        parse_calendar(body)


@pytest.mark.parametrize("text", ["09:00-18:00", "22:00-06:00", "00:00-24:00", "18:00-24:00"])
def test_a_window_is_written_as_it_was_read(text: str) -> None:
    assert window_text(parse_window(text)) == text


def test_windows_may_stand_in_any_order_and_touch() -> None:
    calendar = parse_calendar({"week": {"mon": ["12:00-18:00", " 9:00 - 12:00 "], "tue": None}})
    assert calendar.week == {"mon": ((540, 720), (720, 1080)), "tue": ()}


def run(file: Path, lines: str) -> tuple[Result, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, ["due", "--calendar", str(file)], input=lines)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def line(start: str, minutes: float) -> str:
    return json.dumps({"id": start, "start": start, "minutes": minutes}) + "\n"


@pytest.mark.row("6.3", "6.4", "6.14")
def test_due_over_lunch_night_holiday_and_make_up_saturday(tmp_path: Path) -> None:
    """Minutes of open time over lunch, midnight, a holiday Monday, a make-up Saturday, 120 h."""
    file = tmp_path / "calendar.yaml"
    file.write_text(
        "zone: Asia/Shanghai\nweek: {mon: ['09:00-12:00', '13:30-18:00']}\nholidays: cn\n"
        "days: {2026-01-05: ['22:00-06:00'], 2026-10-10: ['09:00-18:00'], 2026-10-12: []}\n",
        "utf-8",
    )
    asked = {
        "2026-01-12T11:30:00+08:00": (60, "2026-01-12T14:00:00+08:00"),  # lunch
        "2026-01-05T13:00:00Z": (120, "2026-01-06T00:00:00+08:00"),  # overnight
        "2026-10-05T10:00:00+08:00": (1, "2026-10-10T09:01:00+08:00"),  # Monday, a holiday
        "2026-10-10T17:00:00+08:00": (61, "2026-10-19T09:01:00+08:00"),  # Monday closed by hand
        "2026-01-12T09:00:00+08:00": (0.5, "2026-01-12T09:00:30+08:00"),
        "2026-03-02T00:00:00+08:00": (120 * 60, "2026-06-22T18:00:00+08:00"),  # 120 h
    }
    result, answers = run(file, "".join(line(at, n) for at, (n, _) in asked.items()))
    assert result.exit_code == 0, result.output
    assert {one["id"]: one["due"] for one in answers} == {a: d for a, (_, d) in asked.items()}
    assert all(one["reasons"] and one["warnings"] == [] for one in answers)


@pytest.mark.row("6.4")
def test_a_year_from_a_file(tmp_path: Path) -> None:
    """Days nobody knew before: the file alone decides, as a list from the government would."""
    random, year = Random(7), 2031
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = set(random.sample([day for day in every if day.weekday() < 5], 20))
    worked = set(random.sample([day for day in every if day.weekday() > 4], 6))
    days = {**dict.fromkeys(off, "[]"), **dict.fromkeys(worked, "['09:00-18:00']")}
    week = ", ".join(f"{day}: ['09:00-18:00']" for day in ("mon", "tue", "wed", "thu", "fri"))
    text = "\n".join(f"  {day}: {windows}" for day, windows in days.items())
    file = tmp_path / "calendar.yaml"
    told = f"zone: Asia/Hong_Kong\nweek: {{{week}}}\nholidays: cn\ndays:\n{text}\n"
    file.write_text(f"{told}confirmed: [{year}]\n", "utf-8")
    lines = "".join(line(f"{day}T09:00:00+08:00", 1) for day in every[:-31])
    _, answers = run(file, lines)
    opened = [day for day in every if (day.weekday() < 5 and day not in off) or day in worked]
    for day, answer in zip(every, answers, strict=False):
        following = next(one for one in opened if one >= day)
        assert answer["due"] == f"{following}T09:01:00+08:00"
        assert answer["warnings"] == []
    file.write_text(told, "utf-8")
    _, [warned] = run(file, line(f"{year}-03-03T09:00:00+08:00", 1))
    assert str(year) in warned["warnings"][0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("week: {mon: ['09:00-08:00', '10:00-11:00']}", "week.mon[1]"),
        ("week: {}\nweek: {}", "week: stands there twice"),
        ("week: {}\ndays: {2026-10-10: [], 2026-10-10: []}", "2026-10-10: stands there twice"),
        ("week: {}\ndays: {2026-13-45: []}", "is no YAML"),
        ("week: &a {}\ndays: *a", "references"),
        ("- {", "is no YAML"),
        ("", "must be a mapping"),
    ],
)
def test_a_wrong_file_stops_before_the_first_answer(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(text, "utf-8")
    result, answers = run(file, line("2026-01-01T00:00:00Z", 1))
    assert (result.exit_code, answers) == (2, [])
    assert told in result.stderr
    assert str(file) in result.stderr or "references" in told


def test_wrong_lines_are_named_and_a_calendar_that_never_opens_ends(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("week: {}", "utf-8")
    lines = [
        {"id": 1, "start": "2026-01-01T00:00:00", "minutes": 1},
        {"id": 2, "start": "noon", "minutes": 1},
        {"id": 3, "minutes": 1},
        {"id": 4, "start": "2026-01-01T00:00:00Z", "minutes": "1"},
        {"id": 5, "start": "2026-01-01T00:00:00Z", "minutes": -1},
        {"id": 6, "start": "2026-01-01T00:00:00Z"},
        {"id": 7, "start": "2026-01-01T00:00:00Z", "minutes": 1},
        {"id": 8, "start": "2026-01-01T00:00:00Z", "minutes": True},
    ]
    result, answers = run(file, "\n".join(map(json.dumps, lines)))
    assert result.exit_code == 1
    fields = ["start", "start", "start", "minutes", "minutes", "minutes", "calendar", "minutes"]
    assert [one["error"]["field"] for one in answers] == fields


def test_a_suggestion_writes_the_year_out_and_keeps_what_people_wrote() -> None:
    body = {
        "week": {"mon": ["09:00-18:00"]}, "holidays": "cn", "on_holidays": ["10:00-11:00"],
        "days": {"2026-10-01": []},
    }  # fmt: skip
    known, suggested = suggestion(body, "cn", 2026)
    assert known.status == "official"
    assert suggested["days"]["2026-10-01"] == []
    assert suggested["days"]["2026-10-02"] == ["10:00-11:00"]
    assert suggested["days"]["2026-10-10"] == ["09:00-18:00"]
    assert suggested["confirmed"] == [2026]
    assert body["days"] == {"2026-10-01": []}, "only a suggestion"
    with pytest.raises(CallwrightError) as caught:
        suggestion(body, "cn", 2090)
    assert caught.value.code == "no_holidays"
