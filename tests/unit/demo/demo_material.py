"""Where the demo company lies, and readers for its files."""

from __future__ import annotations

import csv
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "demo"
CALLS = DEMO / "calls"
COMPANY = DEMO / "company"
PROMPTS = DEMO / "prompts"
CALL_NAMES = sorted(path.stem for path in CALLS.glob("*.yaml"))


@dataclass(frozen=True, slots=True)
class Wav:
    """Header facts and the sound's bytes."""

    form: int
    channels: int
    rate: int
    bits: int
    data: bytes

    @property
    def seconds(self) -> float:
        return len(self.data) * 8 / self.bits / self.rate

    @property
    def samples(self) -> NDArray[np.int16]:
        return np.frombuffer(self.data, dtype="<i2")


def table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the company."""
    with (COMPANY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(path: Path) -> Any:
    """A YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def call(name: str) -> dict[str, Any]:
    """A call's script."""
    return dict(document(CALLS / f"{name}.yaml"))


def wav(path: Path) -> Wav:
    """Reads the chunks by their sizes, without help of the code under test."""
    content = path.read_bytes()
    place, chunks = 12, {}
    while place < len(content):
        size = struct.unpack_from("<I", content, place + 4)[0]
        chunks[content[place : place + 4]] = content[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    return Wav(form, channels, rate, bits, chunks[b"data"])
