"""Text to speech by sherpa-onnx: a Kokoro or VITS model from a folder below `models`."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import numpy as np

from callwright.kit.errors import CallwrightError
from callwright.ports.tts import Speech

NEEDED = ("model.onnx", "tokens.txt")


class SherpaSpeech:
    """Loads the model with the first text; one text at a time, in a thread of its own."""

    def __init__(self, folder: Path, *, speaker: int = 0, threads: int = 1) -> None:
        self.voice = f"{folder.name}/{speaker}"
        self._folder, self._speaker, self._threads = folder, speaker, threads
        self._lock = threading.Lock()
        self._model: Any = None

    async def speak(self, text: str, language: str) -> Speech:
        """Render a text; see the port."""
        return await asyncio.to_thread(self._speak, text)

    def _speak(self, text: str) -> Speech:
        with self._lock:
            if self._model is None:
                self._model = self._load()
            sound = self._model.generate(text, sid=self._speaker)
        samples = np.asarray(sound.samples, dtype=np.float32)
        if not len(samples):
            raise CallwrightError("no_tts", why="the model says nothing for this text")
        return Speech(samples.tobytes(), int(sound.sample_rate))

    def _load(self) -> Any:
        import sherpa_onnx

        missing = [name for name in NEEDED if not (self._folder / name).is_file()]
        if missing:
            raise CallwrightError(
                "no_tts", model=self._folder.name, why=f"not installed: {', '.join(missing)}"
            )
        config = sherpa_onnx.OfflineTtsConfig(
            model=self._model_config(sherpa_onnx), rule_fsts=self._all("*.fst")
        )
        if not config.validate():
            raise CallwrightError("no_tts", model=self._folder.name, why="files do not fit")
        return sherpa_onnx.OfflineTts(config)

    def _model_config(self, sherpa: Any) -> Any:
        files = {"model": self._path("model.onnx"), "tokens": self._path("tokens.txt")}
        shared = {"lexicon": self._all("lexicon*.txt"), "data_dir": self._path("espeak-ng-data")}
        if (self._folder / "voices.bin").is_file():
            voices = self._path("voices.bin")
            kokoro = sherpa.OfflineTtsKokoroModelConfig(**files, **shared, voices=voices)
            return sherpa.OfflineTtsModelConfig(kokoro=kokoro, num_threads=self._threads)
        vits = sherpa.OfflineTtsVitsModelConfig(**files, **shared)
        return sherpa.OfflineTtsModelConfig(vits=vits, num_threads=self._threads)

    def _path(self, name: str) -> str:
        path = self._folder / name
        return str(path) if path.exists() else ""

    def _all(self, pattern: str) -> str:
        return ",".join(str(path) for path in sorted(self._folder.glob(pattern)))


class NoSpeech:
    """Where no model is named in the settings."""

    voice = ""

    async def speak(self, text: str, language: str) -> Speech:
        """Say which setting is empty."""
        raise CallwrightError("no_tts", field="tts.model", why="no model is named in the settings")
