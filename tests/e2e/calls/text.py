"""How far a transcript is from the script, with numbers written one way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from demo.render.spoken_numbers import chinese_to_digits, english_to_digits
from tests.contract.speech.sounds import error_rate

# Our own: identifiers, hashes, and moments, whose fractions of a second are anybody's digits.
IDENTIFIER = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)
RUN = 5  # as many digits of somebody's number as nobody may see


def leg_error(language: str, said: Sequence[str], heard: Sequence[str]) -> float:
    """Character error rate of one speaker, 0 = word for word."""
    return error_rate(written(language, " ".join(said)), written(language, " ".join(heard)))


def written(language: str, text: str) -> str:
    """The text with all numbers as digits."""
    plain = unicodedata.normalize("NFKC", text)
    return english_to_digits(plain) if language == "en" else chinese_to_digits(plain)


def runs_of(number: str) -> set[str]:
    """Every stretch of `RUN` digits of a number."""
    return {number[at : at + RUN] for at in range(len(number) - RUN + 1)}


def digits_of(text: str) -> str:
    """The digits of a text in any writing, with what people put between them taken out."""
    return re.sub(r"[\s,，.。、\-—]", "", written("zh", text))


def texts_in(value: Any) -> Iterator[str]:
    """Every piece of text anywhere in an answer of the API; word lists also put together."""
    if isinstance(value, str):
        yield IDENTIFIER.sub("", value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        if value and all(isinstance(part, dict) and "text" in part for part in value):
            yield "".join(str(part["text"]) for part in value)
        for part in value:
            yield from texts_in(part)
