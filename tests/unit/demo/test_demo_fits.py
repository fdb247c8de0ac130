"""The demo's files are understood by the platform, and its words mean what the calls expect."""

from __future__ import annotations

import json

import pytest
from tests.unit.demo.demo_material import (
    CALL_NAMES,
    CALLS,
    COMPANY,
    PROMPTS,
    ROOT,
    call,
    document,
)

from callwright.cli._call.script import read_script
from callwright.ivr.checks import check
from callwright.ivr.parse import parse_ivr
from callwright.ivr.trees import prompts_in
from callwright.tickets.classify import classify
from callwright.tickets.model import Said, parse_table

TYPES = ROOT / "src" / "callwright" / "tickets" / "types.zh.yaml"
TYPED = [name for name in CALL_NAMES if "type" in call(name)["expect"]]


@pytest.mark.parametrize("name", CALL_NAMES)
def test_call_scripts_are_read(name: str) -> None:
    script = read_script(CALLS / f"{name}.yaml")
    assert len(script.turns) == len(call(name)["turns"])
    assert script.is_answered == call(name)["expect"]["answered"]


def test_the_menu_is_read() -> None:
    ivr = parse_ivr(json.loads((COMPANY / "ivr.json").read_text("utf-8")))
    check(ivr, prompts_in(PROMPTS))
    assert set(ivr.menus) == {"main", "after_sales", "parcel_more"}
    assert ivr.menus["main"].keys["9"].language == "en"


@pytest.mark.parametrize("name", TYPED)
def test_the_words_alone_give_the_expected_ticket(name: str) -> None:
    expected = call(name)["expect"]
    said = [Said(turn["speaker"], turn["text"]) for turn in call(name)["turns"]]
    tier = "diamond" if name == "vip" else "normal"
    found = classify(said, parse_table(document(TYPES)), tier=tier)
    got = {"type": found.type, "priority": found.priority, "department": found.department}
    assert got == got | {key: expected[key] for key in got if key in expected}
