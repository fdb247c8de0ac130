"""Whisper on CTranslate2, given only as much context as there is sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from callwright.integrations.speech.audio import Samples, resampled, to_floats
from callwright.integrations.speech.text import (
    is_invented,
    is_looping,
    is_said_twice,
    simplified,
    tidy,
)
from callwright.ports.speech import Utterance, Word

RATE = 16000
FRAME = 160  # samples per spectrogram frame
FULL_CONTEXT = 3000  # frames (30 s): what Whisper was trained with
TAIL = 200  # frames of silence after the speech; with less, short stretches tend to loop
BEAM = 5
# Brings punctuation and Simplified characters, and the words that a customer service hears most:
# without them 快递 became 快地. No number may ever stand here: Whisper would give it back.
PROMPT = {
    "zh": "以下是普通话的客服电话：快递、物流、退款、退货、投诉、维修、发票、订单号、手机号。"
}
TOKENS_PER_SECOND, TOKENS_AT_LEAST = 14, 24  # more is not speech but a loop
LETTERS_PER_SECOND, LETTERS_AT_LEAST = 12, 8
NO_SPEECH_ABOVE, DOUBTFUL_BELOW, HOPELESS_BELOW = 0.6, -0.8, -1.3  # log probabilities per token


@dataclass(frozen=True, slots=True)
class _Guess:
    """One decoding. `score` = mean log probability per token."""

    tokens: list[int]
    text: str
    score: float
    no_speech: float
    encoded: Any
    language: str
    prompt: str


class WhisperEngine:
    """The model in `folder` (CTranslate2 layout), int8 on `threads` cores."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._model: Any = None
        self._tokenizers: dict[str, Any] = {}

    def load(self) -> None:
        """About a second; nothing is looked up on any network."""
        from faster_whisper import WhisperModel

        if self._model is None:
            self._model = WhisperModel(
                str(self._folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=self._threads,
                local_files_only=True,
            )

    def recognise(
        self, samples: Samples, rate: int, language: str, hotwords: tuple[str, ...]
    ) -> Utterance | None:
        """Decode with a short context; when that went astray, once more with the full one."""
        sound = to_floats(resampled(samples, rate, RATE))
        frames = math.ceil(sound.size / FRAME)
        guess = self._decode(sound, frames + TAIL, language, hotwords)
        if _astray(guess, sound.size / RATE):
            guess = self._decode(sound, FULL_CONTEXT, language, hotwords)
        if _nothing_said(guess, sound.size / RATE):
            return None
        return self._utterance(guess, min(frames, FULL_CONTEXT))

    def _decode(self, sound: Any, frames: int, language: str, hotwords: tuple[str, ...]) -> _Guess:
        frames = min(FULL_CONTEXT, frames + frames % 2)  # the encoder halves them
        padded = np.zeros(frames * FRAME, np.float32)
        padded[: min(sound.size, padded.size)] = sound[: padded.size]
        features = self._model.feature_extractor(padded, padding=0)[:, :frames]
        encoded = self._model.encode(features)
        language = language or self._detect(encoded)
        tokenizer = self._tokenizer(language)
        prompt = PROMPT.get(language, "") + "，".join(hotwords)
        start = self._model.get_prompt(tokenizer, tokenizer.encode(prompt) if prompt else [])
        budget = TOKENS_AT_LEAST + int(TOKENS_PER_SECOND * sound.size / RATE)
        result = self._model.model.generate(
            encoded,
            [start],
            beam_size=BEAM,
            max_length=min(self._model.max_length, len(start) + budget),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        text = tokenizer.decode(tokens)
        score, no_speech = result.scores[0], result.no_speech_prob
        return _Guess(tokens, text, score, no_speech, encoded, language, prompt)

    def _detect(self, encoded: Any) -> str:
        token, _ = self._model.model.detect_language(encoded)[0][0]
        return str(token)[2:-2]  # "<|zh|>"

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, multilingual=True, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _utterance(self, guess: _Guess, frames: int) -> Utterance | None:
        tokenizer = self._tokenizer(guess.language)
        found = self._model.find_alignment(tokenizer, [guess.tokens], guess.encoded, frames)[0]
        texts = [str(entry["word"]) for entry in found]
        if guess.language == "zh":
            texts = simplified(texts)
        words = _words(found, texts)
        text = tidy("".join(texts))
        if not words:
            return None
        confidence = min(1.0, math.exp(guess.score))
        return Utterance(
            text, words[0].start, words[-1].end, words, guess.language, round(confidence, 3)
        )


def _astray(guess: _Guess, seconds: float) -> bool:
    too_much = len(guess.text) > LETTERS_AT_LEAST + LETTERS_PER_SECOND * seconds
    lost = too_much or is_looping(guess.text) or is_said_twice(guess.text)
    return lost or guess.score < DOUBTFUL_BELOW


def _nothing_said(guess: _Guess, seconds: float) -> bool:
    silent = guess.no_speech > NO_SPEECH_ABOVE and guess.score < DOUBTFUL_BELOW
    return silent or guess.score < HOPELESS_BELOW or is_invented(guess.text, guess.prompt)


def _words(found: list[dict[str, Any]], texts: list[str]) -> tuple[Word, ...]:
    """Times never run backwards, and a mark belongs to the word before it."""
    words: list[Word] = []
    for entry, raw in zip(found, texts, strict=True):
        text = raw.strip()
        if not text:
            continue
        if words and not any(letter.isalnum() for letter in text):
            last = words[-1]
            words[-1] = Word(tidy(last.text + text), last.start, last.end, last.p)
            continue
        start = max(float(entry["start"]), words[-1].end if words else 0.0)
        end = max(float(entry["end"]), start)
        words.append(Word(text, round(start, 3), round(end, 3), float(entry["probability"])))
    return tuple(words)
