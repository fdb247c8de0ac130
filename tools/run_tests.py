"""Runs the tests in lanes side by side, or just those that are named.

    .venv/bin/python tools/run_tests.py [PYTEST ARGUMENTS] [PATHS]

Real calls mostly wait for people to finish speaking; meanwhile the other lanes use the processor.
The last line is the total of all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUBBED = "console"  # this folder of tests/e2e needs a browser, but no calls
JOINED = "integration"  # rooms with a real database or PBX
# Long ones, each on a platform of its own; the other journeys share one.
LONG = ("calls", "routing")
LANE = "CALLWRIGHT_TEST_LANE"  # which one of how many: no two take each other's ports
_TOTALS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.MULTILINE)


def lanes() -> list[list[str]]:
    """What runs one after another: small tests and the stubbed console, rooms with a real database
    or PBX, each long folder of whole calls, and the other journeys."""
    rooms = [path.name for path in sorted((ROOT / "tests").iterdir()) if _has_tests(path)]
    journeys = [path.name for path in sorted((ROOT / "tests" / "e2e").iterdir()) if path.is_dir()]
    others = [name for name in journeys if name[0] not in "._" and name not in (STUBBED, *LONG)]
    small = [f"tests/{name}" for name in rooms if name not in ("e2e", JOINED)]
    return [
        [*small, f"tests/e2e/{STUBBED}"],
        [f"tests/{JOINED}"],
        *([f"tests/e2e/{name}"] for name in LONG),
        [f"tests/e2e/{name}" for name in others],
    ]


def _has_tests(path: Path) -> bool:
    return path.is_dir() and next(path.rglob("test_*.py"), None) is not None


def run(arguments: list[str], *, shown: bool, lane: str = "0/1") -> tuple[int, str]:
    """Exit code and output of one pytest; `shown` = its output is passed on while it runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {LANE: lane},
    )  # fmt: skip
    pieces: list[bytes] = []
    assert process.stdout is not None  # noqa: S101 - asked for above
    while piece := process.stdout.read1():  # type: ignore[attr-defined]
        pieces.append(piece)
        if shown:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    return process.wait(), b"".join(pieces).decode("utf-8", "replace")


def total(outputs: list[str]) -> str:
    """The sum of the last line of each; a lane that ended without one counts as a failure."""
    counts = [0, 0, 0]
    for output in outputs:
        found = _TOTALS.findall(output)
        one = [int(number) for number in found[-1]] if found else [0, 1, 0]
        counts = [before + more for before, more in zip(counts, one, strict=True)]
    return "{} passed, {} failed, {} skipped".format(*counts)


def main(argv: list[str]) -> int:
    """0 when all passed. Named paths run in one lane."""
    if any(argument and (ROOT / argument.partition("::")[0]).exists() for argument in argv):
        return run(argv, shown=True)[0]
    every = lanes()
    with ThreadPoolExecutor(len(every)) as pool:
        running = [
            pool.submit(run, [*argv, *lane], shown=number == 0, lane=f"{number}/{len(every)}")
            for number, lane in enumerate(every)
        ]
        results = [one.result() for one in running]
    for _, output in results[1:]:
        print(output)
    print(total([output for _, output in results]), flush=True)
    return max(code for code, _ in results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
