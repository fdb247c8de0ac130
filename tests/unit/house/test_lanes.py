"""The lanes of `make test`: every test is in exactly one, and the total is their sum."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import run_tests  # noqa: E402


def test_every_test_file_is_in_one_lane() -> None:
    folders = [ROOT / name for lane in run_tests.lanes() for name in lane]
    for file in (ROOT / "tests").rglob("test_*.py"):
        assert sum(folder in file.parents for folder in folders) == 1, file


def test_the_total_is_the_sum_of_the_last_lines() -> None:
    outputs = ["1 passed, 9 failed, 9 skipped\nmore\n3 passed, 1 failed, 0 skipped\n",
               "7 passed, 0 failed, 2 skipped\n"]  # fmt: skip
    assert run_tests.total(outputs) == "10 passed, 1 failed, 2 skipped"


def test_a_lane_that_broke_off_is_a_failure() -> None:
    assert run_tests.total(["3 passed, 0 failed, 0 skipped\n", "Killed\n"]) == (
        "3 passed, 1 failed, 0 skipped"
    )
