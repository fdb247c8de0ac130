"""Text to Kokoro's phonemes: Mandarin by misaki, English by espeak-ng."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

from demo.render.spoken_numbers import digits_one_by_one

Speaker = Callable[[str], str]


def phonemes(text: str, language: str) -> str:
    """The phonemes of `text`; `language` is zh or en."""
    return _speaker(language)(text)


@cache
def _speaker(language: str) -> Speaker:
    return {"zh": _mandarin, "en": _english}[language]()


def _mandarin() -> Speaker:
    from misaki.zh import ZHG2P

    convert = ZHG2P()
    return lambda text: str(convert(digits_one_by_one(text))[0])


def _english() -> Speaker:
    from misaki.espeak import EspeakFallback

    convert = EspeakFallback(british=False)
    return lambda text: str(convert(SimpleNamespace(text=text))[0])
