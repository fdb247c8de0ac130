"""docs/reference says what the code does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import proofs  # noqa: E402
import reference  # noqa: E402


@pytest.mark.parametrize("page", reference.PAGES)
def test_reference_is_current(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text("utf-8")
    assert written == reference.PAGES[page](), "run: python tools/reference.py"


def test_proofs_say_what_was_seen_and_name_known_rows() -> None:
    for proof in proofs.proofs():
        assert proof.seen, f"{proof.place} has no docstring"
        assert set(proof.rows) <= proofs.ROWS.keys(), proof.place


def test_every_row_has_a_test() -> None:
    shown = {row for proof in proofs.proofs() for row in proof.rows}
    assert sorted(proofs.ROWS.keys() - shown) == []
