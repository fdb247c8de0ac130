"""What the child asks of a recogniser, and how it finds the one it was told to use."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import msgspec

from callwright.integrations.speech.audio import Samples
from callwright.kit.errors import invalid
from callwright.ports.speech import Utterance


class EngineConfig(msgspec.Struct, frozen=True):
    """Handed to the child. `model` = the model's folder."""

    engine: str
    model: str
    threads: int = 1


class Engine(Protocol):
    """Recognises one stretch at a time; called from one thread."""

    def load(self) -> None:
        """Bring the model into memory; a fault is raised here."""
        ...

    def recognise(
        self, samples: Samples, rate: int, language: str, hotwords: tuple[str, ...]
    ) -> Utterance | None:
        """What was said, with seconds from the stretch's start; None when nothing was."""
        ...


def make_engine(config: EngineConfig) -> Engine:
    """The engine by its name; only its own libraries are imported."""
    if config.engine == "faster-whisper":
        from callwright.integrations.speech.whisper_engine import WhisperEngine

        return WhisperEngine(Path(config.model), config.threads)
    if config.engine == "sherpa-onnx":
        from callwright.integrations.speech.sherpa_engine import SherpaEngine

        return SherpaEngine(Path(config.model), config.threads)
    raise invalid("speech.engine", f"unknown: {config.engine}")
