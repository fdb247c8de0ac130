"""Real phone speech from the demo calls, as PCM, and the words that were said."""

from __future__ import annotations

import re
import unicodedata
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

ROOT = Path(__file__).parents[3]
CALLS = ROOT / "demo" / "calls"
RATE = 8000
PAUSE_S = 1.0  # while the other side speaks
ULAW_FORMAT = 7
DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Leg:
    """One side of a demo call: what was said, and how it sounds with its pauses."""

    call: str
    speaker: str
    language: str
    text: str
    samples: Samples
    turns: int

    @property
    def name(self) -> str:
        """For test ids."""
        return f"{self.call}-{self.speaker}"


def legs() -> list[Leg]:
    """Every side of every demo call that has sound."""
    found = []
    for path in sorted(CALLS.glob("*.yaml")):
        call = yaml.safe_load(path.read_text("utf-8"))
        for speaker in ("agent", "customer"):
            turns = [turn for turn in call["turns"] if turn["speaker"] == speaker]
            turns = [turn for turn in turns if turn.get("file")]
            if turns:
                text = "".join(turn["text"] for turn in turns)
                sound = np.concatenate([_turn(turn) for turn in turns])
                found.append(Leg(path.stem, speaker, call["language"], text, sound, len(turns)))
    return found


def leg(name: str) -> Leg:
    """One leg by its name."""
    return next(found for found in legs() if found.name == name)


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(int(seconds * RATE), np.int16)


def noise(seconds: float, loudness: float = 0.05) -> Samples:
    """White noise, the same each time."""
    generator = np.random.default_rng(1)
    sound = generator.normal(size=int(seconds * RATE)) * loudness * 32767
    return np.clip(sound, -32768, 32767).astype(np.int16)


def write_wav(path: Path, *channels: Samples, rate: int = RATE) -> Path:
    """A 16-bit PCM file; shorter channels are filled with silence."""
    length = max(channel.size for channel in channels)
    both = np.zeros((length, len(channels)), np.int16)
    for number, channel in enumerate(channels):
        both[: channel.size, number] = channel
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(len(channels))
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(both.tobytes())
    return path


def error_rate(said: str, heard: str) -> float:
    """Character error rate; marks, case and the way of writing digits do not count."""
    wanted, got = _plain(said), _plain(heard)
    return _distance(wanted, got) / max(1, len(wanted))


def _turn(turn: dict[str, Any]) -> Samples:
    whole = _decoded(CALLS / turn["file"])
    begin, end = (int(turn[key] * RATE) for key in ("start", "end"))
    return np.concatenate([whole[begin:end], silence(PAUSE_S)])


def _decoded(path: Path) -> Samples:
    content = path.read_bytes()
    assert int.from_bytes(content[20:22], "little") == ULAW_FORMAT, path
    at = content.index(b"data") + 8
    codes = ~np.frombuffer(content[at:], np.uint8)
    exponent, mantissa = (codes >> 4) & 7, (codes & 15).astype(np.int32)
    size = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(codes & 0x80, -size, size).astype(np.int16)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\W_]", "", text).translate(DIGITS)


def _distance(wanted: str, got: str) -> int:
    row = list(range(len(got) + 1))
    for number, letter in enumerate(wanted, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(got, 1):
            change = diagonal + (letter != other)
            diagonal = row[column]
            row[column] = min(row[column] + 1, row[column - 1] + 1, change)
    return row[-1]
