"""The twelve scripted calls: whole, in the agreed format, small, and by the company's people."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from tests.unit.demo.demo_material import CALL_NAMES, CALLS, DEMO, call, table, wav

ULAW = 7
SPOKEN = [name for name in CALL_NAMES if call(name)["turns"]]
SIX_MEGABYTES = 6 * 1024 * 1024


def tail(number: str) -> str:
    """The last eight digits: the same in every way of writing one number."""
    return re.sub(r"\D", "", number)[-8:]


def stored(number: str) -> list[str]:
    """Each number of one untidy cell, extension cut off, full-width digits made plain."""
    plain = "".join(str(int(letter)) if letter.isdigit() else letter for letter in number)
    return re.split(r"[/，;、或]|转|分机|ext", plain)


def test_ten_mandarin_and_two_english_calls() -> None:
    languages = [call(name)["language"] for name in CALL_NAMES]
    assert sorted(languages) == ["en"] * 2 + ["zh"] * 10


def test_all_sound_of_the_demo_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*.wav")) <= SIX_MEGABYTES


def test_no_sound_file_is_left_over() -> None:
    used = {turn["file"] for name in CALL_NAMES for turn in call(name)["turns"]}
    assert used == {f"audio/{path.name}" for path in (CALLS / "audio").iterdir()}


@pytest.mark.parametrize("name", CALL_NAMES)
def test_names_and_people_exist(name: str) -> None:
    script = call(name)
    logins = {row["login"] for row in table("agents.csv")}
    second = script.get("second_agent")
    assert script["name"] == name
    assert script["agent"] is None or script["agent"] in logins
    assert second is None or second["login"] in logins - {script["agent"]}


@pytest.mark.parametrize("name", CALL_NAMES)
def test_caller_is_a_customer_whose_number_is_stored_otherwise(name: str) -> None:
    number = call(name)["caller"]["number"]
    cells = [row["phones"] for row in table("customers.csv")]
    owners = [cell for cell in cells if tail(number) in map(tail, stored(cell))]
    assert number not in cells
    assert bool(owners) == (name != "wrong-number")


@pytest.mark.parametrize("name", SPOKEN)
def test_sound_is_telephone_sound(name: str) -> None:
    for file in {turn["file"] for turn in call(name)["turns"]}:
        sound = wav(CALLS / file)
        assert (sound.form, sound.channels, sound.rate, sound.bits) == (ULAW, 1, 8000, 8)


@pytest.mark.parametrize("name", SPOKEN)
@pytest.mark.parametrize("speaker", ["agent", "customer"])
def test_turns_lie_apart_inside_their_file(name: str, speaker: str) -> None:
    turns = [turn for turn in call(name)["turns"] if turn["speaker"] == speaker]
    assert turns
    assert {turn["file"] for turn in turns} == {f"audio/{name}-{speaker}.wav"}
    assert turns[-1]["end"] <= wav(CALLS / turns[-1]["file"]).seconds
    assert all(after["start"] - before["end"] >= 0.1 for before, after in pairwise(turns))


@pytest.mark.parametrize("name", SPOKEN)
def test_a_call_is_neither_a_word_nor_a_lecture(name: str) -> None:
    assert 20 <= sum(turn["end"] - turn["start"] for turn in call(name)["turns"]) <= 45


@pytest.mark.parametrize("name", SPOKEN)
def test_nobody_says_more_than_a_breath_at_once(name: str) -> None:
    turns: list[dict[str, Any]] = call(name)["turns"]
    assert max(turn["end"] - turn["start"] for turn in turns) <= 10


def test_the_spoken_card_number_is_a_valid_one() -> None:
    said = next(t["text"] for t in call("spoken-numbers")["turns"] if "卡号是" in t["text"])
    digits = [int(digit) for digit in re.sub(r"\D", "", said)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    assert len(digits) == 16
    assert (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def test_the_diamond_customer_is_the_one_of_the_vip_call() -> None:
    number = call("vip")["caller"]["number"]
    owner = next(
        r for r in table("customers.csv") if tail(number) in map(tail, stored(r["phones"]))
    )
    assert owner["tier"] == "diamond"
    assert call("vip")["expect"]["priority"] == "high"
