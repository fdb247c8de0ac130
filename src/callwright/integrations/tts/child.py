"""The process that holds the model: a wrong file ends it, and not the platform.

Reads a JSON line for each text, answers with a JSON line and the sound behind it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

NEEDED = ("model.onnx", "tokens.txt")


def main(folder: Path, threads: int, source: BinaryIO, answers: BinaryIO) -> None:
    """Speak until there is nothing more to read."""
    model: Any = None
    for line in source:
        asked = json.loads(line)
        try:
            model = model or load(folder, threads)
            rate, pcm = speak(model, asked["text"], asked["speaker"])
        except LookupError as error:
            answer(answers, b"", why=str(error.args[0]))
        else:
            answer(answers, pcm, rate=rate, bytes=len(pcm))


def answer(answers: BinaryIO, pcm: bytes, **head: str | int) -> None:
    """Write one answer."""
    answers.write(json.dumps(head).encode() + b"\n" + pcm)
    answers.flush()


def speak(model: Any, text: str, speaker: int) -> tuple[int, bytes]:
    """Rate and 32-bit float samples of a text."""
    import numpy as np

    sound = model.generate(text, sid=speaker)
    pcm = np.asarray(sound.samples, dtype=np.float32).tobytes()
    if not pcm:
        raise LookupError("the model says nothing for this text")
    return int(sound.sample_rate), pcm


def load(folder: Path, threads: int) -> Any:
    """The model of a folder; what is missing is named."""
    import sherpa_onnx

    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise LookupError(f"not installed: {', '.join(missing)}")
    config = sherpa_onnx.OfflineTtsConfig(
        model=_model_config(sherpa_onnx, folder, threads), rule_fsts=_all(folder, "*.fst")
    )
    if not config.validate():
        raise LookupError("the files do not fit together")
    return sherpa_onnx.OfflineTts(config)


def _model_config(sherpa: Any, folder: Path, threads: int) -> Any:
    """Kokoro has a file of voices, VITS has not."""
    files = {"model": _path(folder, "model.onnx"), "tokens": _path(folder, "tokens.txt")}
    words = {"lexicon": _all(folder, "lexicon*.txt"), "data_dir": _path(folder, "espeak-ng-data")}
    voices = _path(folder, "voices.bin")
    if voices:
        kokoro = sherpa.OfflineTtsKokoroModelConfig(**files, **words, voices=voices)
        return sherpa.OfflineTtsModelConfig(kokoro=kokoro, num_threads=threads)
    vits = sherpa.OfflineTtsVitsModelConfig(**files, **words)
    return sherpa.OfflineTtsModelConfig(vits=vits, num_threads=threads)


def _path(folder: Path, name: str) -> str:
    return str(folder / name) if (folder / name).exists() else ""


def _all(folder: Path, pattern: str) -> str:
    return ",".join(str(path) for path in sorted(folder.glob(pattern)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.stdin.buffer, sys.stdout.buffer)
