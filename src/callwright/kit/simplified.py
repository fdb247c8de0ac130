"""Traditional characters to simplified ones: one converter for everybody, loaded when needed."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def to_simplified(text: str) -> str:
    """The whole text, phrases first: the length may change."""
    converted: str = _converter().convert(text)
    return converted


@lru_cache(maxsize=8192)
def simplified_letter(letter: str) -> str:
    """One character by itself, whatever stands around it; it stays one."""
    converted = to_simplified(letter)
    return converted if len(converted) == 1 else letter
