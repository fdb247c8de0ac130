"""What a caller is asked who may be called back, and what follows each answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

CONFIRM, OTHER, STAY, END = "1", "2", "*", "#"
MOST_MISSES = 3
LONGEST_NUMBER = 20
SAID_DIGITS = 4  # of the number that they call from; one that they typed is read back whole

Then = Literal["ask", "promise", "stay"]


@dataclass(frozen=True, slots=True)
class Asking:
    """Where the caller is. `number` = what would be dialled, empty = they must type one.

    `typed` = they typed it; `misses` = answers that were none.
    """

    number: str
    typed: bool = False
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: ask again (after the prompts `say`), promise `asking.number`, or stay."""

    then: Then
    asking: Asking
    say: tuple[str, ...] = ()


def question(asking: Asking) -> tuple[str, ...]:
    """The prompts of the question; digits are prompts of their own."""
    if not asking.number:
        return ("callback_type",)
    digits = [char for char in asking.number if char.isdigit()]
    shown = digits if asking.typed else digits[-SAID_DIGITS:]
    known = "callback_number" if asking.typed else "callback_number_ends"
    return (known, *(f"number_{digit}" for digit in shown), "callback_confirm")


def answer(asking: Asking, keys: str) -> Step:
    """What follows when a question about a known number was answered with `keys` (empty = nothing).

    A number that was typed is judged by `typed` instead.
    """
    if keys == CONFIRM:
        return Step("promise", asking)
    if keys == STAY:
        return Step("stay", asking)
    if keys == OTHER:
        return Step("ask", Asking("", misses=asking.misses))
    return _missed(asking, "no_input" if not keys else "invalid")


def typed(asking: Asking, keys: str, number: str) -> Step:
    """What follows typed `keys`; `number` = as it may be dialled, empty when it may not."""
    if STAY in keys:
        return Step("stay", asking)
    if number:
        return Step("ask", Asking(number, typed=True, misses=asking.misses))
    return _missed(asking, "no_input" if not keys else "callback_wrong_number")


def _missed(asking: Asking, prompt: str) -> Step:
    after = replace(asking, misses=asking.misses + 1)
    return Step("stay" if after.misses >= MOST_MISSES else "ask", after, (prompt,))
