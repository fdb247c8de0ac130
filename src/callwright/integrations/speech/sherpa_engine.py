"""sherpa-onnx's recognisers: SenseVoice, and streaming zipformers fed one utterance at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from callwright.integrations.speech.audio import Floats, Samples, resampled, to_floats
from callwright.integrations.speech.text import is_invented, simplified, tidy
from callwright.kit.errors import CallwrightError
from callwright.ports.speech import Utterance, Word

RATE = 16000  # Hz; given this, the engine does not resample, nor talk about it
SENSE_VOICE_LANGUAGES = ("zh", "en", "ja", "ko", "yue")  # others: let the model find out
LAST_TOKEN_S = 0.2  # the engine gives starts only; a last token is taken to last this long
TAIL_S = 0.8  # of silence, so that a streaming model says its last words
WORD_BEGINS = "▁"  # how subword vocabularies mark a space


class SherpaEngine:
    """The model in `folder`, of the kind its files tell."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._recognisers: dict[str, Any] = {}
        self._streaming = False

    def load(self) -> None:
        """Load for the language most likely to come: detection."""
        self._streaming = _file(self._folder, "encoder") is not None
        self._recogniser("")

    def recognise(
        self, samples: Samples, rate: int, language: str, hotwords: tuple[str, ...]
    ) -> Utterance | None:
        """One stretch. Hotwords are not supported by these models' greedy search."""
        recogniser = self._recogniser(language)
        stream = recogniser.create_stream()
        sound = to_floats(resampled(samples, rate, RATE))
        if self._streaming:
            tokens, starts, spoken = _stream(recogniser, stream, sound)
        else:
            stream.accept_waveform(RATE, sound)
            recogniser.decode_stream(stream)
            tokens, starts = list(stream.result.tokens), list(stream.result.timestamps)
            spoken = _language(str(stream.result.lang))
        return _utterance(tokens, starts, sound.size / RATE, spoken or language)

    def _recogniser(self, language: str) -> Any:
        known = language if language in SENSE_VOICE_LANGUAGES and not self._streaming else ""
        if known not in self._recognisers:
            # One language at a time in memory: the model is the same, its size is not small.
            self._recognisers = {known: self._make(known)}
        return self._recognisers[known]

    def _make(self, language: str) -> Any:
        import sherpa_onnx

        tokens = str(self._folder / "tokens.txt")
        if self._streaming:
            return sherpa_onnx.OnlineRecognizer.from_transducer(
                tokens=tokens,
                encoder=self._needed("encoder"),
                decoder=self._needed("decoder"),
                joiner=self._needed("joiner"),
                num_threads=self._threads,
            )
        return sherpa_onnx.OfflineRecognizer.from_sense_voice(
            model=self._needed("model"),
            tokens=tokens,
            num_threads=self._threads,
            language=language,
            use_itn=False,  # spoken digits stay as spoken: masking needs each with its time
        )

    def _needed(self, part: str) -> str:
        found = _file(self._folder, part)
        if found is None:
            raise CallwrightError("speech_failed", why=f"no {part}*.onnx in {self._folder.name}")
        return str(found)


def _file(folder: Path, part: str) -> Path | None:
    """Int8 before full precision: the same words at a third of the work."""
    found = sorted(folder.glob(f"{part}*.onnx"), key=lambda path: ("int8" not in path.name, path))
    return found[0] if found else None


def _stream(recogniser: Any, stream: Any, sound: Floats) -> tuple[list[str], list[float], str]:
    stream.accept_waveform(RATE, sound)
    stream.accept_waveform(RATE, np.zeros(int(TAIL_S * RATE), np.float32))
    stream.input_finished()
    while recogniser.is_ready(stream):
        recogniser.decode_stream(stream)
    return list(recogniser.tokens(stream)), list(recogniser.timestamps(stream)), ""


def _language(token: str) -> str:
    """SenseVoice says `<|zh|>`; anything else is not a language."""
    return token[2:-2] if token.startswith("<|") and token.endswith("|>") else ""


def _utterance(
    tokens: list[str], starts: list[float], seconds: float, language: str
) -> Utterance | None:
    raw = [token.replace(WORD_BEGINS, " ") for token in tokens]
    texts = simplified(raw) if language in ("zh", "yue", "") else raw
    text = tidy("".join(texts))
    if is_invented(text):
        return None
    ends = [*starts[1:], min(seconds, starts[-1] + LAST_TOKEN_S)]
    words: list[Word] = []
    for token, start, end in zip(texts, starts, ends, strict=True):
        if token.strip():
            begin = max(start, words[-1].end if words else 0.0)
            words.append(Word(token.strip(), round(begin, 3), round(max(begin, end), 3)))
    return Utterance(text, words[0].start, words[-1].end, tuple(words), language)
