"""Renders demo/calls: one sound file for each speaker, and each turn's place in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from demo.render import line
from demo.render.studio import Part, speak
from demo.render.wav import write_ulaw

CALLS = Path(__file__).parents[1] / "calls"
BETWEEN_S = 0.15  # silence between two turns in the file
Turn = dict[str, Any]


def render_call(name: str, cast: dict[str, Part]) -> float:
    """Write both sound files and the turns' times of a call; seconds of speech."""
    path = CALLS / f"{name}.yaml"
    head, turns = _read(path)
    for speaker, part in cast.items():
        _render_speaker(name, speaker, part, turns)
    _write(path, head, turns)
    return float(sum(turn["end"] - turn["start"] for turn in turns))


def _render_speaker(name: str, speaker: str, part: Part, turns: list[Turn]) -> None:
    pieces: list[line.Pcm] = []
    file = f"audio/{name}-{speaker}.wav"
    for turn in turns:
        if turn["speaker"] != speaker:
            continue
        start = sum(map(len, pieces)) / line.LINE_RATE
        pieces += [speak(turn["text"], part), line.silence(BETWEEN_S)]
        end = start + len(pieces[-2]) / line.LINE_RATE
        turn.update(file=file, start=round(start, 3), end=round(end, 3))
    if pieces:
        (CALLS / "audio").mkdir(exist_ok=True)
        write_ulaw(CALLS / file, np.concatenate(pieces))


def _read(path: Path) -> tuple[str, list[Turn]]:
    """The text before `turns:`, kept word for word, and the turns, which end the file."""
    text = path.read_text("utf-8")
    head, found, _ = text.partition("\nturns:")
    if not found:
        raise SystemExit(f"{path.name}: turns: missing")
    return head, yaml.safe_load(text)["turns"] or []


def _write(path: Path, head: str, turns: list[Turn]) -> None:
    body = "".join(f"  - {_turn_line(turn)}\n" for turn in turns)
    partial = path.with_suffix(".partial")
    partial.write_text(f"{head}\nturns:{'' if turns else ' []'}\n{body}", "utf-8")
    partial.replace(path)


def _turn_line(turn: Turn) -> str:
    names = ("speaker", "text", "file", "start", "end", "gap_s")
    fields = [f"{name}: {_value(turn[name])}" for name in names if name in turn]
    return "{" + ", ".join(fields) + "}"


def _value(value: object) -> str:
    plain = isinstance(value, str) and value.isascii() and value.replace("-", "").isalnum()
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
