"""How long a warm `callwright run` takes until it is ready, and what the idle platform holds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.platform_process import PlatformProcess

from bench import house
from bench.table import percentile, write_table

STARTS, QUICK_STARTS = 5, 1
IDLE_S = 10.0  # after a start, before memory is read
GOAL_S, GOAL_MB = 15, 700
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of some processes: resident (shared pages count in each), and their fair share."""

    processes: int
    resident: int
    proportional: int


def timed(work: Callable[[], None]) -> float:
    """Seconds that something takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def measure_starts(process: PlatformProcess, starts: int) -> list[dict[str, object]]:
    """Start again and again: with database and PBX still running, and with both ended."""
    adopted, anew = [], []
    for _ in range(starts):
        process.stop()
        adopted.append(timed(process.start))
    for _ in range(starts):
        process.stop()
        process.pbx.stop()
        process.database.stop()
        anew.append(timed(process.start))
    return [
        _start_row("platform alone; database and PBX are adopted", adopted),
        _start_row("everything: platform, database, PBX", anew),
    ]


def measure_memory(process: PlatformProcess) -> list[dict[str, object]]:
    """Memory of the idle platform, part by part, then together."""
    time.sleep(IDLE_S)
    roots = {
        "platform and its children": process.process.pid if process.process else None,
        "PBX": running.pid if (running := process.pbx.adopted()) else None,
        "PostgreSQL": process.database.pid(),
    }
    parts = {name: memory_of(pid) for name, pid in roots.items() if pid is not None}
    whole = Memory(
        sum(part.processes for part in parts.values()),
        sum(part.resident for part in parts.values()),
        sum(part.proportional for part in parts.values()),
    )
    return [_memory_row(name, part) for name, part in {**parts, "all together": whole}.items()]


def memory_of(pid: int) -> Memory:
    """A process and everything below it."""
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    return Memory(
        len(family),
        sum(one.memory_info().rss for one in family),
        sum(_proportional(one.pid) for one in family),
    )


def _proportional(pid: int) -> int:
    """A shared page counts in parts, one for each process that has it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    raise ValueError(f"the system does not tell the memory of process {pid}")


def _start_row(name: str, seconds: list[float]) -> dict[str, object]:
    return {
        "what": f"warm start: {name}",
        "starts": len(seconds),
        "p50": f"{percentile(seconds, 50):.1f} s",
        "longest": f"{max(seconds):.1f} s",
        "goal": f"{GOAL_S} s",
        "machine load": house.machine_load(),
    }


def _memory_row(name: str, found: Memory) -> dict[str, object]:
    return {
        "idle, no model loaded": name,
        "processes": found.processes,
        "PSS": f"{found.proportional / MEGABYTE:.0f} MB",
        "RSS": f"{found.resident / MEGABYTE:.0f} MB",
        "goal": f"{GOAL_MB} MB" if name == "all together" else "",
    }


def main(arguments: list[str]) -> int:
    """Measure and write the tables; 1 when a goal was missed."""
    with house.platform() as process:
        starts = measure_starts(process, QUICK_STARTS if "--quick" in arguments else STARTS)
        memory = measure_memory(process)
    write_table("start", "Warm start of `callwright run`", starts)
    write_table("memory", "Memory of the idle platform", memory)
    slow = any(float(str(row["longest"]).split()[0]) > GOAL_S for row in starts)
    heavy = float(str(memory[-1]["PSS"]).split()[0]) > GOAL_MB
    return int(slow or heavy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
