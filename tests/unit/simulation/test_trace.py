"""Tables of calls and agents: rules for holes, and faults that name file, row and field."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from callwright.kit.errors import CallwrightError
from callwright.routing.pool import Pool
from callwright.routing.simulation.day import level_of
from callwright.routing.simulation.engine import End, simulate
from callwright.routing.simulation.files import load_rows, load_trace
from callwright.routing.simulation.trace import Trace

CALLS = """\
id,queued_at,queue,tier,type,skills,answered_at,left_at,agent,wrap_s
1,2026-03-02T09:00:00+08:00,sales,vip,order,english:2,2026-03-02T09:00:10+08:00,2026-03-02T09:03:10+08:00,lin,20
2,2026-03-02T09:01:00+08:00,sales,,order,,,2026-03-02T09:02:30+08:00,,
3,2026-03-02T09:02:00+08:00,service,gold,,,2026-03-02T09:02:00+08:00,2026-03-02T09:04:00+08:00,wu,
4,2026-03-02T11:30:00+08:00,sales,,order,,2026-03-02T11:31:00+08:00,2026-03-02T11:32:00+08:00,lin,
"""
HEAD = "queued_at,queue,answered_at,left_at,agent,talk_s,patience_s,skills,id\n"


def _load(folder: Path, calls: str, agents: str | None = None) -> Trace:
    (folder / "calls.csv").write_text(calls, "utf-8")
    if agents is not None:
        (folder / "agents.csv").write_text(agents, "utf-8")
    return load_trace(folder / "calls.csv", folder / "agents.csv" if agents else None)


def test_a_trace_is_understood(tmp_path: Path) -> None:
    day = _load(tmp_path, CALLS).day(1)
    first, gave_up, _, last = day.callers
    assert (first.at, first.tier, first.talk_s, first.wrap_s) == (32_400.0, "vip", 180.0, 20.0)
    assert first.skills == {"english": 2}
    assert first.patience_s > 10
    assert gave_up.patience_s == 90.0
    assert last.at == 41_400.0
    lin, wu = day.seats
    assert lin.shifts == ((32_410.0, 32_610.0), (41_460.0, 41_520.0))  # a break of over an hour
    assert (lin.queues, level_of(first.skills, lin)) == (("sales",), 3)
    assert wu.queues == ("service",)
    assert "agents, their hours and skills" in day.notes[0]


def test_a_seed_draws_only_what_the_table_does_not_say(tmp_path: Path) -> None:
    trace = _load(tmp_path, CALLS)
    one, other = trace.day(1), trace.day(2)
    assert trace.day(1) == one
    assert [c.talk_s for c in one.callers[2:]] == [c.talk_s for c in other.callers[2:]]
    assert [c.patience_s for c in one.callers] != [c.patience_s for c in other.callers]
    assert one.callers[1].talk_s in {180.0, 60.0}  # of its type: order


def test_agents_of_their_own_table_every_day_and_past_midnight(tmp_path: Path) -> None:
    agents = (
        "id\tskills\tqueues\tfrom\tto\nlin\tenglish:4\tsales\t08:30\t12:00\nwu\t\t\t22:00\t06:00\n"
    )
    calls = "queued_at,queue,talk_s\n" + "".join(f"{t},sales,60\n" for t in (0, 36_000, 90_000))
    lin, wu = _load(tmp_path, calls, agents).day(1).seats
    assert lin.shifts == ((30_600.0, 43_200.0),)
    assert wu.shifts == ((0.0, 21_600.0), (79_200.0, 108_000.0))
    assert lin.skills == {"english": 4}


def test_several_shifts_of_one_agent(tmp_path: Path) -> None:
    calls = "queued_at,queue,talk_s\n0,a,60\n9000,a,60\n"
    agents = "id,skills,from,to\nx,a:5,0,100\nx,,500,900\n"
    (seat,) = _load(tmp_path, calls, agents).day(1).seats
    assert (seat.shifts, seat.skills) == (((0.0, 100.0), (500.0, 900.0)), {"a": 5})


def test_skills_that_nobody_has_are_told_and_those_callers_wait_until_they_give_up(
    tmp_path: Path,
) -> None:
    calls = "queued_at,queue,skills,talk_s,patience_s\n0,a,french:1,60,50\n1,a,,60,50\n"
    day = _load(tmp_path, calls, "id,skills\nx,english:5\n").day(1)
    told = "no agent can take 1 calls of queue a (french:1), first in row 2"
    assert any(told in note for note in day.notes)
    ends = [(f.end, f.wait_s) for f in simulate(day, Pool()).fates]
    assert ends == [(End.ABANDONED, 50.0), (End.ANSWERED, 0.0)]


def test_a_trace_without_anybody_who_gave_up_has_endless_patience(tmp_path: Path) -> None:
    day = _load(tmp_path, HEAD + "0,q,5,9,x,,,,\n").day(1)
    assert day.callers[0].patience_s == math.inf
    assert any("nobody gave up" in note for note in day.notes)


def test_a_byte_order_mark_blank_lines_and_unknown_columns_are_borne(tmp_path: Path) -> None:
    calls = "\ufeffqueued_at;queue;colour;talk_s\n\n0;q;red;5\n;;;\n"
    day = _load(tmp_path, calls, "id\nx\n").day(1)
    assert len(day.callers) == 1
    assert "columns not used: colour" in day.notes


FAULTS = [
    (HEAD + ",q,,,,,,,\n", 2, "queued_at"),
    (HEAD + "0,,,,,,,,\n", 2, "queue"),
    (HEAD + "0,q,5,9,x,,,,\n10,q,9,12,x,,,,\n", 3, "answered_at"),
    (HEAD + "0,q,5,4,x,,,,\n", 2, "left_at"),
    (HEAD + "9,q,,4,,,,,\n", 2, "left_at"),
    (HEAD + "0,q,5,9,nobody,,,,\n", 2, "agent"),
    (HEAD + "soon,q,,,,,,,\n", 2, "queued_at"),
    (HEAD + "-1,q,,,,,,,\n", 2, "queued_at"),
    (HEAD + "nan,q,,,,,,,\n", 2, "queued_at"),
    (HEAD + "0,q,,,,1e99,,,\n", 2, "talk_s"),
    (HEAD + "0,q,,,,,-3,,\n", 2, "patience_s"),
    (HEAD + "0,q,,,,,,a:9,\n", 2, "skills"),
    (HEAD + "0,q,,,,,,a:1;a:2,\n", 2, "skills"),
    (HEAD + "0,q,,,,5,,,c\n1,q,,,,5,,,c\n", 3, "id"),
    (HEAD + "0,q,,,,5,,,\n2026-03-02,q,,,,,,,\n", 3, "queued_at"),
    (HEAD + "2026-03-02T09:00,q,,,,5,,,\n2026-03-02T09:00Z,q,,,,,,,\n", 3, "queued_at"),
    (HEAD + "0,q,,,,5,,,,,,\n", 2, "row"),
    (HEAD, 1, "row"),
    ("queue\nq\n", 1, "queued_at"),
    ("queued_at,queue,queue\n0,q,q\n", 1, "queue"),
]


@pytest.mark.parametrize(("calls", "row", "field"), FAULTS)
def test_a_fault_names_file_row_and_field(tmp_path: Path, calls: str, row: int, field: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        _load(tmp_path, calls, "id\nx\n")
    params = caught.value.params
    assert (params["row"], params["field"]) == (row, field)
    assert str(params["file"]).endswith("calls.csv")


@pytest.mark.parametrize(
    ("agents", "row", "field"),
    [
        ("id,from,to\nx,9:77,10:00\n", 2, "from"),
        ("id,from,to\nx,500,100\n", 2, "to"),
        ("id,from,to\nx,0,100\nx,50,200\n", 3, "from"),
        ("id,skills\nx,a:5\nx,a:4\n", 3, "skills"),
        ("id,skills\n,a:5\n", 2, "id"),
        ("name\nx\n", 1, "id"),
    ],
)
def test_a_fault_among_the_agents_is_named_too(
    tmp_path: Path, agents: str, row: int, field: str
) -> None:
    with pytest.raises(CallwrightError) as caught:
        _load(tmp_path, HEAD + "0,q,,,,5,,,\n900,q,,,,5,,,\n", agents)
    params = caught.value.params
    assert (params["row"], params["field"]) == (row, field)
    assert str(params["file"]).endswith("agents.csv")


def test_nobody_to_answer_and_no_talk_known(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="no row names who answered"):
        _load(tmp_path, HEAD + "0,q,,,,5,,,\n")
    with pytest.raises(CallwrightError, match="no row of the trace says how long"):
        _load(tmp_path, HEAD + "0,q,,,,,,,\n", "id\nx\n").day(1)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(CallwrightError, match=r"x\.csv"):
        load_rows(tmp_path / "x.csv")
    with pytest.raises(CallwrightError, match=r"missing\.csv"):
        load_rows(tmp_path / "missing.csv")
