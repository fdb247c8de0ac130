"""A real bank's week of calls: ordinary callers under ours and under strict priority.

Callers of high priority must not wait longer than under strict priority; the question is how long
the others wait. The call log (9,274 calls, 3 to 9 January 1999, of the "anonymous bank") is read
from CALLWRIGHT_TEST_DATA. It tells when callers came, how long they were willing to wait where
they gave up, how long each talk was and with whom. Agents know the types that they took that day,
all equally well, and are on duty from the first call to the last, but for breaks of over ten
minutes; so neither matched skills nor slower talks play a part here, only who is sent where.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bench.dispatch.peers import Fifo, StrictPriority
from bench.table import write_table
from callwright.routing.policy import Gate, Policy
from callwright.routing.pool import Pool
from callwright.routing.simulation.compare import MakeDispatcher
from callwright.routing.simulation.engine import simulate
from callwright.routing.simulation.measures import Interval, interval, measure
from callwright.routing.simulation.table import Row, Rows
from callwright.routing.simulation.trace import Trace, read_trace

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("CALLWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
LOG = DATA / "public" / "anonymous_bank" / "january_week_3to9.tsv"
BREAK_S, SEEDS = 600.0, 20
HIGH = "2"  # the log's highest priority
NOBODY = "NO_SERVER"
STRICT, OURS = "strict priority", "Callwright"
# high priority overtakes everybody, as under strict priority
POLICY = Policy(
    tier_value={"vip": 50.0}, type_value={}, repeat_value=1.0, open_ticket_value=1.0,
    guarantee_s=7200.0, own_first_s=0.0, gate=Gate(share=0.0),
)  # fmt: skip
WAYS: dict[str, MakeDispatcher] = {
    OURS: partial(Pool, POLICY), STRICT: StrictPriority, "first come first served": Fifo,
}  # fmt: skip
FIGURES = {
    "VIP s": "mean_wait_s.vip", "ordinary s": "mean_wait_s.normal", "all s": "mean_wait_s",
    "P90 s": "p90_wait_s", "longest ordinary s": "longest_ordinary_wait_s",
}  # fmt: skip


def cells_of(line: dict[str, str]) -> dict[str, str] | None:
    """A line of the log in the columns of `callwright simulate`; None = asked for no human.

    Times of day that pass midnight are counted on from the start.
    """
    waited, answered = int(line["q_time"]), line["server"] != NOBODY
    if line["outcome"] == "PHANTOM" or (
        not answered and not (waited and line["outcome"] == "HANG")
    ):
        return None
    clock = line["q_start"] if waited else line["vru_exit"]
    start = datetime.strptime(f"19{line['date']} {clock}", "%Y%m%d %H:%M:%S")  # noqa: DTZ007
    kind = line["type"]
    cells = {
        "queued_at": start.isoformat(), "queue": kind, "type": kind, "skills": kind,
        "tier": "vip" if line["priority"] == HIGH else "normal",
        "agent": line["server"] if answered else "",
        "talk_s": line["ser_time"] if answered and int(line["ser_time"]) else "",
    }  # fmt: skip
    end = (start + timedelta(seconds=waited)).isoformat()
    return {**cells, "answered_at" if answered else "left_at": end}


def days() -> dict[str, Trace]:
    """Each day of the log."""
    by_day: dict[str, list[Row]] = {}
    with LOG.open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(csv.DictReader(file, delimiter="\t"), start=2):
            cells = cells_of(line)
            if cells is not None:
                by_day.setdefault(line["date"], []).append(Row(LOG.name, number, cells))
    return {
        date: read_trace(Rows(LOG.name, tuple(rows[0].cells), tuple(rows)), break_s=BREAK_S)
        for date, rows in by_day.items()
    }


def weeks(traces: dict[str, Trace], make: MakeDispatcher, seeds: int) -> Iterator[dict[str, float]]:
    """The week's figures for each seed: means over its callers; the longest of all waits."""
    for seed in range(1, seeds + 1):
        found = [measure(simulate(trace.day(seed), make())) for trace in traces.values()]
        calls = [day["calls"] or 0.0 for day in found]
        week = {
            name: sum((day[name] or 0.0) * n for day, n in zip(found, calls, strict=True))
            / sum(calls)
            for name in FIGURES.values()
        }
        longest = "longest_ordinary_wait_s"
        yield {**week, longest: max(day[longest] or 0.0 for day in found)}


def main(options: list[str]) -> int:
    """0 when others wait less and high priority not longer; 0 too, loudly, without the data."""
    if not LOG.is_file():
        print(f"SKIPPED, NO TEST DATA: {LOG.parent.name} is not under CALLWRIGHT_TEST_DATA")
        return 0
    traces = days()
    seeds = 3 if "--quick" in options else SEEDS
    found = {way: list(weeks(traces, make, seeds)) for way, make in WAYS.items()}
    rows: list[dict[str, object]] = [
        {
            "way": way,
            **{column: _words(_over(found[way], name)) for column, name in FIGURES.items()},
            "VIP - strict s": _words(_over(found[way], FIGURES["VIP s"], found[STRICT])),
            "ordinary - strict s": _words(_over(found[way], FIGURES["ordinary s"], found[STRICT])),
        }
        for way in WAYS
    ]
    callers = sum(len(trace.records) for trace in traces.values())
    write_table("bank", f"A bank's week, {callers} callers, {seeds} draws of the unknown", rows)
    vip = _over(found[OURS], FIGURES["VIP s"], found[STRICT])
    ordinary = _over(found[OURS], FIGURES["ordinary s"], found[STRICT])
    reached = vip.low is not None and vip.low <= 0 and (ordinary.high or 0.0) < 0
    print(f"ordinary callers wait less, VIP not longer: {'yes' if reached else 'NO'}")
    return int(not reached)


Week = dict[str, float]


def _over(weeks: list[Week], name: str, less: list[Week] | None = None) -> Interval:
    base = less or [{name: 0.0}] * len(weeks)
    return interval([week[name] - other[name] for week, other in zip(weeks, base, strict=True)])


def _words(found: Interval) -> str:
    return f"{found.mean:.2f} ± {(found.high or found.mean) - found.mean:.2f}"
