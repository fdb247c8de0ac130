"""Numbers in real sentences, from the private test data; never part of the repository."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from callwright.masking import mask

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("CALLWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
REAL = DATA / "development" / "masking_zh_real_context" / "masking_dev.jsonl"
SPOKEN = DATA / "development" / "aishell_spoken_numbers_S0150" / "text.tsv"


def _need(path: Path) -> list[str]:
    if not path.exists():
        pytest.skip(f"NO TEST DATA: {path.parent.name} is not under CALLWRIGHT_TEST_DATA")
    return path.read_text("utf-8").splitlines()


def test_real_mobile_numbers_are_all_found_and_service_numbers_kept() -> None:
    missed, wrong = [], []
    for line in _need(REAL):
        row = json.loads(line)
        found = mask(row["text"]).spans
        for gold in row["spans"]:
            hit = any(s.start < gold["end"] and s.end > gold["start"] for s in found)
            if gold["type"] in ("MOBILE", "ID_CARD") and not hit:
                missed.append(row["id"])
            if gold["type"] == "SERVICE_NUMBER" and hit:
                wrong.append(row["id"])
    assert (missed, wrong) == ([], [])


def test_read_mobile_numbers_are_found_whole() -> None:
    for line in _need(SPOKEN):
        said = line.split("\t")[1]
        (span,) = mask(said).spans
        assert (span.start, span.end, span.kind) == (0, len(said), "mobile")
