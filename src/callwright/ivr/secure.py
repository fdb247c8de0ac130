"""Digits that nobody may learn: is what was typed possible, and what may be kept of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from callwright.ivr.model import Secure

CARD_DIGITS = range(12, 20)
TAIL_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """`outcome` = captured, empty, wrong_length or wrong_number. `tail` = the last four digits,
    only of what was captured and is at least twice as long."""

    outcome: str
    tail: str = field(default="", repr=False)

    @property
    def right(self) -> bool:
        """Whether it may be gone on with."""
        return self.outcome == "captured"


def judge(typed: str, secure: Secure) -> Judged:
    """The decision; the digits themselves are in no answer of it."""
    if not typed:
        return Judged("empty")
    if any(_fits(typed, shape) for shape in secure.shapes):
        return Judged("captured", tail_of(typed))
    lengths = any(_length_fits(typed, shape) for shape in secure.shapes)
    return Judged("wrong_number" if lengths else "wrong_length")


def tail_of(typed: str) -> str:
    """The last four; of a short number nothing, it would be half of it."""
    return typed[-TAIL_DIGITS:] if len(typed) >= 2 * TAIL_DIGITS else ""


def luhn(digits: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _fits(typed: str, shape: str) -> bool:
    if not typed.isdecimal() or not _length_fits(typed, shape):
        return False
    if shape == "card":
        return luhn(typed)
    return all(wanted in ("#", char) for wanted, char in zip(shape, typed, strict=True))


def _length_fits(typed: str, shape: str) -> bool:
    return len(typed) in CARD_DIGITS if shape == "card" else len(typed) == len(shape)


def stars(count: int) -> str:
    """What an agent sees of it."""
    return "*" * count
