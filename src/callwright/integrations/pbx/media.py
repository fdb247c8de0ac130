"""Checks a sound file before a PBX is asked to play it."""

from __future__ import annotations

import wave
from pathlib import Path

RATE_HZ = 8000


def unplayable(path: str) -> str:
    """Why the file cannot be played, or an empty string. Wanted: mono 16-bit 8 kHz WAV."""
    file = Path(path)
    if not file.is_absolute() or file.suffix.lower() != ".wav":
        return f"not the absolute path of a .wav file: {path}"
    if "," in path:
        return f"a comma in a path: {path}"
    try:
        with wave.open(str(file), "rb") as sound:
            shape = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
    except FileNotFoundError:
        return f"no such file: {path}"
    except (wave.Error, EOFError, OSError) as error:
        return f"not a sound file: {path} ({error})"
    return "" if shape == (1, 2, RATE_HZ) else f"not mono, 16 bit, 8 kHz: {path} is {shape}"


def seconds(path: str) -> float:
    """How long the file sounds."""
    with wave.open(path, "rb") as sound:
        return sound.getnframes() / sound.getframerate()
