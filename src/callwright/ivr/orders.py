"""Where is my parcel: which order is meant, and the pieces that speak its state. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LATEST, CHOOSE, ASK, TAIL, NOT_FOUND = (
    "order_latest", "order_choose", "order_ask", "order_tail", "order_not_found",
)  # fmt: skip
NUMBER, PLACED = "order_number", "order_placed"
STATUSES = ("paid", "shipped", "delivered", "refunding", "refunded", "cancelled")
MONTHS = tuple(f"month_{month}" for month in range(1, 13))  # English; Chinese counts them
YAO, YEAR, MONTH, DAY = "digit_1", "year", "month", "day"  # Chinese: 幺, 年, 月, 日
NUMBERS = {number: f"number_{number}" for number in (*range(21), 30)}
PROMPTS = frozenset(
    {
        LATEST, CHOOSE, ASK, TAIL, NOT_FOUND, NUMBER, PLACED, YAO, YEAR, MONTH, DAY, *MONTHS,
        *NUMBERS.values(), *(f"order_{status}" for status in STATUSES),
    }
)  # fmt: skip
SHORTEST_TAIL, TAIL_DIGITS = 4, 4
LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `placed` = the day in the company's zone."""

    no: str
    status: str
    placed: date


def digits_of(text: str) -> str:
    """The digits alone: what can be typed of an order number."""
    return "".join(char for char in text if char in "0123456789")


def meant(typed: str, own: Sequence[Order]) -> Order | None:
    """The caller's own order of this number, or the only one that ends with it (4 digits or
    more); `own` = newest first."""
    same = [order for order in own if digits_of(order.no) == typed]
    if same or len(typed) < SHORTEST_TAIL:
        return same[0] if same else None
    ending = [order for order in own if digits_of(order.no).endswith(typed)]
    return ending[0] if len(ending) == 1 else None


def has_tail(typed: str, numbers: Sequence[str]) -> bool:
    """Whether one of somebody's telephone numbers ends with these four digits."""
    return len(typed) == TAIL_DIGITS and any(digits_of(no).endswith(typed) for no in numbers)


def question(latest: Order | None, language: str) -> tuple[str, ...]:
    """What is asked: with the latest order offered first, when there is one."""
    if latest is None:
        return (ASK,)
    return (LATEST, *_named(latest.no, language), CHOOSE)


def status_of(order: Order, language: str, today: date) -> tuple[str, ...]:
    """The prompts that say it; empty when its state has no words."""
    if order.status not in STATUSES:
        return ()
    when = _day(order.placed, language, with_year=order.placed.year != today.year)
    return (NUMBER, *_named(order.no, language), PLACED, *when, f"order_{order.status}")


def _is_english(language: str) -> bool:
    return language.partition("-")[0] == "en"


def _named(text: str, language: str) -> tuple[str, ...]:
    """A number that names something, digit by digit: a one is 幺 in Chinese."""
    digits = [int(char) for char in digits_of(text)]
    one = NUMBERS[1] if _is_english(language) else YAO
    return tuple(one if digit == 1 else NUMBERS[digit] for digit in digits)


def _day(day: date, language: str, *, with_year: bool) -> tuple[str, ...]:
    year = tuple(NUMBERS[int(char)] for char in str(day.year)) if with_year else ()
    if _is_english(language):
        return (MONTHS[day.month - 1], *_english(day.day), *year)
    counted = (*_chinese(day.month), MONTH, *_chinese(day.day), DAY)
    return (*year, YEAR, *counted) if year else counted


def _english(number: int) -> tuple[str, ...]:
    """1 to 31: eleven is a word, twenty-one is two."""
    if number in NUMBERS:
        return (NUMBERS[number],)
    return (NUMBERS[number // 10 * 10], NUMBERS[number % 10])


def _chinese(number: int) -> tuple[str, ...]:
    """1 to 31: 十一 is two words, too."""
    rest = number % 10
    if number <= 10 or not rest:
        return (NUMBERS[number],)
    return (NUMBERS[number - rest], NUMBERS[rest])
