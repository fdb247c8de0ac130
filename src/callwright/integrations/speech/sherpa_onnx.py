"""The sherpa-onnx adapter: SenseVoice, or a streaming zipformer, from their usual folders."""

from __future__ import annotations

from pathlib import Path

from callwright.integrations.speech.engine import EngineConfig
from callwright.integrations.speech.worker import SpeechWorker


def sherpa_onnx(model: Path, *, threads: int = 1) -> SpeechWorker:
    """`model` = folder with tokens.txt and model[.int8].onnx, or encoder/decoder/joiner*.onnx."""
    found = (model / "tokens.txt").is_file() and any(model.glob("*.onnx"))
    missing = "" if found else f"model {model.name} lacks tokens.txt or *.onnx"
    return SpeechWorker(EngineConfig("sherpa-onnx", str(model), threads), missing)
