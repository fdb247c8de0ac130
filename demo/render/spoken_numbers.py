"""Numbers as words and as digits: read out for the voice, put together to compare speech."""

from __future__ import annotations

import re

CHINESE = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
    "幺": 1,
}
LONG_NUMBER = re.compile(r"\d[\d ]{2,}\d(?![\d元])")  # 1299元 is an amount
SERVICE_NUMBER = re.compile(r"(?<![\d ])1\d{4}(?![\d ])")
DIGITS = str.maketrans("0123456789 ", "零一二三四五六七八九，")
SERVICE_DIGITS = str.maketrans("1", "幺")  # 一 beside 三 is misheard on the line
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ENGLISH = (
    {word: value for value, word in enumerate(SMALL.split())}
    | {word: 10 * place for place, word in enumerate(TENS.split(), start=2)}
    | {"hundred": 100}
)


def digits_one_by_one(text: str) -> str:
    """Numbers of four and more digits as Mandarin speakers read them out: 12315 → 幺二三幺五."""
    text = SERVICE_NUMBER.sub(lambda number: number[0].translate(DIGITS | SERVICE_DIGITS), text)
    return LONG_NUMBER.sub(lambda number: number[0].translate(DIGITS), text)


def chinese_to_digits(text: str) -> str:
    """`三百二十九元` becomes `329元`; numbers without units are read digit by digit."""
    letters = "".join(CHINESE) + "".join(UNITS)
    return re.sub(f"[{letters}]+", lambda found: _chinese_value(found[0]), text)


def english_to_digits(text: str) -> str:
    """`four hundred and ninety nine` becomes `499`; single digits are put side by side."""
    out: list[str] = []
    value: int | None = None
    for word in re.findall(r"[a-z']+|\d+", text.lower()):
        number = ENGLISH.get(word)
        if number is not None and value is not None and _joins(value, number):
            value = value * 100 if number == 100 else value + number
        elif number is not None:
            out += [] if value is None else [str(value)]
            value = number
        elif not (word == "and" and value is not None and value % 100 == 0):
            out += ([] if value is None else [str(value)]) + [word]
            value = None
    return " ".join(out + ([] if value is None else [str(value)]))


def _joins(value: int, number: int) -> bool:
    if number == 100:
        return 0 < value < 20
    return (value >= 100 and value % 100 == 0) or (value >= 20 and value % 10 == 0 and number < 10)


def _chinese_value(number: str) -> str:
    if not any(letter in UNITS for letter in number):
        return "".join(str(CHINESE[letter]) for letter in number)
    total, pending = 0, 0
    for letter in number:
        if letter in CHINESE:
            pending = CHINESE[letter]
        elif letter == "万":
            total, pending = (total + pending) * UNITS[letter], 0
        else:
            total, pending = total + (pending or 1) * UNITS[letter], 0
    return str(total + pending)
