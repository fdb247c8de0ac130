"""The faster-whisper adapter: Whisper models in CTranslate2 layout, int8 on CPU."""

from __future__ import annotations

from pathlib import Path

from callwright.integrations.speech.engine import EngineConfig
from callwright.integrations.speech.worker import SpeechWorker

NEEDED = ("model.bin", "config.json", "tokenizer.json")


def faster_whisper(model: Path, *, threads: int = 1) -> SpeechWorker:
    """`model` = its folder, as `callwright models install whisper-base` makes it."""
    lacking = [name for name in NEEDED if not (model / name).is_file()]
    missing = f"model {model.name} lacks {', '.join(lacking)}" if lacking else ""
    return SpeechWorker(EngineConfig("faster-whisper", str(model), threads), missing)
