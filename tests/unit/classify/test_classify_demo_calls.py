"""The scripted demo calls, word for word: each gets the ticket that its script promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from callwright.cli.try_ import load_types
from callwright.masking import mask_turns
from callwright.tickets.classify import classify
from callwright.tickets.model import Said

CALLS = Path(__file__).parents[3] / "demo" / "calls"
SCRIPTS = sorted(CALLS.glob("*.yaml"))
TIERS = {"vip": "diamond"}


def _read(path: Path) -> dict[str, Any]:
    script: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return script


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_script_gets_its_ticket(path: Path) -> None:
    script = _read(path)
    turns = [Said(turn["speaker"], turn["text"]) for turn in script["turns"]]
    answer = classify(turns, load_types(None), tier=TIERS.get(path.stem))
    expected = script["expect"]
    assert answer.type == expected.get("type")
    if "priority" in expected:
        assert answer.priority == expected["priority"]
    if "department" in expected:
        assert answer.department == expected["department"]


def test_departments_of_the_table_exist_in_the_demo_company() -> None:
    company = yaml.safe_load((CALLS.parent / "company" / "company.yaml").read_text("utf-8"))
    known = {department["name"] for department in company["departments"]}
    assert {rule.department for rule in load_types(None)} <= known


def test_no_digits_of_the_spoken_numbers_stay_whole() -> None:
    script = _read(CALLS / "spoken-numbers.yaml")
    texts = [turn["text"] for turn in script["turns"]]
    masked = "".join(result.text for result in mask_turns(texts))
    figures = "".join(char if char.isdigit() else " " for char in masked).split()
    assert max(map(len, figures), default=0) <= 4
