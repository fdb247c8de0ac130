"""Call scripts and their sound: read strictly, refused by file and field, before any call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.phones import tone

from callwright.cli._call.script import Script, read_script
from callwright.cli._call.sound import is_silent, load_lines, said_by
from callwright.integrations.sipphone.wav import write_wav
from callwright.kit.errors import CallwrightError

GOOD: dict[str, Any] = {
    "name": "good",
    "language": "zh",
    "caller": {"number": "13912345678"},
    "to": "4008001234",
    "agent": "lin.xiao",
    "digits": [{"after": "prompt", "press": "1"}, {"after": 2.5, "press": "2#"}],
    "turns": [
        {"speaker": "agent", "text": "您好", "file": "a.wav", "start": 0.0, "end": 0.5},
        {"speaker": "customer", "text": "退款", "file": "a.wav", "start": 0.5, "gap_s": 1.0},
        {"speaker": "agent", "text": "再见", "file": "a.wav", "end": 0.25},
    ],
    "expect": {"type": None, "priority": "normal"},
}


def _write(folder: Path, **changes: Any) -> Path:
    write_wav(folder / "a.wav", tone(400, 1.0), codec="ulaw")
    path = folder / "good.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}, allow_unicode=True), "utf-8")
    return path


def _read(folder: Path, **changes: Any) -> Script:
    return read_script(_write(folder, **changes))


def test_a_script_with_its_defaults(tmp_path: Path) -> None:
    script = _read(tmp_path)
    assert [key.after for key in script.digits] == ["prompt", "2.5"]
    assert [turn.gap_s for turn in script.turns] == [0.35, 1.0, 0.35]
    assert script.expect.model_dump(exclude_unset=True) == {"type": None, "priority": "normal"}
    assert script.is_answered
    lines = load_lines(script)
    assert [len(line.pcm) for line in lines] == [4000, 4000, 2000]
    assert [len(pcm) for pcm in said_by(lines, "agent")] == [4000, 2000]


@pytest.mark.parametrize(
    ("changes", "answered"),
    [
        ({"agent": None}, False),
        ({"agent_answers_after_s": None}, False),
        ({"agent_answers_after_s": None, "second_agent": {"login": "gao.lei"}}, True),
        ({"hang_up_in_queue_after_s": 5}, False),
        ({"agent": None, "expect": {"answered": True}}, True),
    ],
)
def test_whether_somebody_should_answer(
    tmp_path: Path, changes: dict[str, Any], answered: bool
) -> None:
    assert _read(tmp_path, **changes).is_answered is answered


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"caller": {"number": 13912345678}}, "caller.number"),
        ({"digits": [{"after": "later", "press": "1"}]}, "digits.0.after"),
        ({"digits": [{"after": "prompt", "press": "x"}]}, "digits.0.press"),
        ({"turns": [{"speaker": "robot", "file": "a.wav"}]}, "turns.0.speaker"),
        ({"turns": [{"speaker": "agent", "file": "a.wav", "start": -1}]}, "turns.0.start"),
        ({"surprise": 1}, "surprise"),
        ({"name": "other"}, "name"),
        ({"to": None}, "to"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    path = _write(tmp_path, **changes)
    with pytest.raises(CallwrightError) as caught:
        read_script(path)
    assert caught.value.code == "script_invalid"
    assert caught.value.params["file"] == str(path)
    assert caught.value.params["field"] == field


@pytest.mark.parametrize("text", ["", "- a", "a: [", "1: 2"])
def test_what_is_no_script(tmp_path: Path, text: str) -> None:
    (tmp_path / "good.yaml").write_text(text)
    with pytest.raises(CallwrightError, match="script_invalid"):
        read_script(tmp_path / "good.yaml")


def test_an_unknown_script_lists_those_that_there_are(tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(CallwrightError) as caught:
        read_script(tmp_path / "goood.yaml")
    assert caught.value.code == "script_missing"
    assert caught.value.params["there_are"] == ["good"]


def test_a_cut_outside_the_file_is_refused(tmp_path: Path) -> None:
    script = _read(tmp_path, turns=[{"speaker": "agent", "file": "a.wav", "end": 1.5}])
    with pytest.raises(CallwrightError, match=r"turns\.0") as caught:
        load_lines(script)
    assert "1.00 s" in str(caught.value.params["why"])


def test_missing_sound_is_named(tmp_path: Path) -> None:
    script = _read(tmp_path, turns=[{"speaker": "agent", "file": "b.wav"}])
    with pytest.raises(CallwrightError, match=r"b\.wav"):
        load_lines(script)


@pytest.mark.parametrize(
    ("count", "speakers"),
    [
        (1, ["agent", "customer", "agent"]),
        (3, ["agent", "customer", "agent", "customer", "customer"]),
    ],
)
def test_other_speech_takes_the_customers_place(
    tmp_path: Path, count: int, speakers: list[str]
) -> None:
    files = [tmp_path / f"say{number}.wav" for number in range(count)]
    for number, file in enumerate(files):
        write_wav(file, tone(600, 0.1 * (number + 1)))
    lines = load_lines(_read(tmp_path), files)
    assert [line.speaker for line in lines] == speakers
    assert [len(pcm) for pcm in said_by(lines, "customer")] == [
        800 * (number + 1) for number in range(count)
    ]


def test_empty_sound_is_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "empty.wav", np.zeros(0, dtype=np.int16))
    with pytest.raises(CallwrightError, match="no samples"):
        load_lines(_read(tmp_path), [tmp_path / "empty.wav"])


def test_silence_is_told_from_speech() -> None:
    assert is_silent([np.zeros(800, dtype=np.int16)])
    assert not is_silent([np.zeros(800, dtype=np.int16), tone(400, 0.1)])
