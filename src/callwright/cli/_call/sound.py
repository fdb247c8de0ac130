"""The sound of a script's turns, read and checked before anything is placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from callwright.cli._call.script import GAP_S, Script, Speaker, Turn
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.wav import RATE, read_wav
from callwright.kit.errors import CallwrightError

SLACK_S = 0.05  # an `end` may lie this far behind the end of its file


@dataclass(frozen=True, slots=True)
class Line:
    """One turn ready to be spoken: 8 kHz samples after `gap_s` of silence."""

    speaker: Speaker
    text: str
    gap_s: float
    pcm: Pcm


def load_lines(script: Script, say: Sequence[Path] = ()) -> list[Line]:
    """All turns of a script in order. `say` replaces what the customer says, file by file.

    With `say` the agent's turns stay, one before each file, the rest behind the last.
    Raises `CallwrightError("audio_missing" | "audio_format" | "script_invalid", …)`.
    """
    spoken = [
        _line(script, turn, number)
        for number, turn in enumerate(script.turns)
        if not (say and turn.speaker == "customer")
    ]
    if not say:
        return spoken
    lines: list[Line] = []
    for number, path in enumerate(say):
        lines += spoken[number : number + 1]
        lines.append(Line("customer", "", GAP_S, _not_empty(path, read_wav(path))))
    return lines + spoken[len(say) :]


def said_by(lines: Sequence[Line], speaker: Speaker) -> list[Pcm]:
    """What one side says, turn by turn."""
    return [line.pcm for line in lines if line.speaker == speaker]


def is_silent(turns: Sequence[Pcm]) -> bool:
    """Whether there is nothing that could be heard."""
    return not any(int(np.abs(pcm.astype(np.int32)).max()) > 0 for pcm in turns)


def _line(script: Script, turn: Turn, number: int) -> Line:
    path = script.folder / turn.file
    pcm = read_wav(path)
    seconds = len(pcm) / RATE
    end = seconds if turn.end is None else turn.end
    if end > seconds + SLACK_S or turn.start >= end:
        raise CallwrightError(
            "script_invalid",
            file=str(script.folder / f"{script.name}.yaml"),
            field=f"turns.{number}",
            why=f"{turn.start}…{end} s is not inside {path.name}, which has {seconds:.2f} s",
        )
    piece = pcm[round(turn.start * RATE) : round(end * RATE)]
    return Line(turn.speaker, turn.text, turn.gap_s, piece)


def _not_empty(path: Path, pcm: Pcm) -> Pcm:
    if not len(pcm):
        raise CallwrightError("audio_format", file=str(path), why="it has no samples")
    return pcm
