"""How figures are said aloud on the telephone: digits one by one, money as money, dates as dates.

Mainland speech says 幺 for a one among digits; Taiwan and Hong Kong say 一. Pure.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

LARGEST = 10**12 - 1
CENT = Decimal("0.01")
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_SECTIONS = ("", "万", "亿")
_TRADITIONAL = str.maketrans("两万亿点负号", "兩萬億點負號")
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_STARS = re.compile(r"^[0-9+ -]*\*+(?P<tail>[0-9]+)$")


def is_english(language: str) -> bool:
    """Whether a text's figures are said in English."""
    return language.partition("-")[0] == "en"


def digits(text: str, language: str) -> str:
    """A number that names something, character by character: 46801 → 四六八零幺."""
    kept = [char for char in text if char.isalnum()]
    if is_english(language):
        return " ".join(_ONES[int(char)] if char.isdecimal() else char for char in kept)
    one = "一" if language == "zh-Hant" else "幺"
    said = (
        (one if char == "1" else _DIGITS[int(char)]) if char.isdecimal() else char for char in kept
    )
    return re.sub(r"([A-Za-z])(?=[A-Za-z])", r"\1 ", "".join(said))


def telephone(text: str, language: str) -> str:
    """A telephone number digit by digit; of a masked one its tail: 138****5678 → 尾号五六七八."""
    masked = _STARS.match(text)
    if masked is None:
        return digits(text, language)
    tail = digits(masked["tail"], language)
    return f"ending in {tail}" if is_english(language) else _in_script(f"尾号{tail}", language)


def money(amount: Decimal, language: str) -> str:
    """128.50 → 一百二十八元五角; one hundred and twenty-eight point five yuan."""
    cents = int((amount.quantize(CENT, ROUND_HALF_UP) * 100).copy_abs())
    below = amount < 0 and cents > 0
    if is_english(language):
        return f"{'minus ' if below else ''}{_english_money(cents)}"
    return _in_script(("负" if below else "") + _chinese_money(cents), language)


def _english_money(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    if not rest:
        return f"{cardinal_en(whole)} yuan"
    point = " ".join(_ONES[int(digit)] for digit in f"{rest:02d}".rstrip("0"))
    return f"{cardinal_en(whole)} point {point} yuan"


def _chinese_money(cents: int) -> str:
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    parts = [f"{_counted(yuan)}元"] if yuan or not rest else []
    if jiao:
        parts.append(f"{_DIGITS[jiao] if yuan else _counted(jiao)}角")
    if fen:
        gap = "零" if yuan and not jiao else ""
        parts.append(f"{gap}{_DIGITS[fen] if parts else _counted(fen)}分")
    return "".join(parts)


def _counted(number: int) -> str:
    """Two of something is 两."""
    return "两" if number == 2 else cardinal(number)


def cardinal(number: int) -> str:
    """A whole number from 0 to LARGEST in simplified Chinese: 10050 → 一万零五十."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"not between 0 and {LARGEST}: {number}")
    if number < 10:
        return _DIGITS[number]
    said, gap = "", False
    for place in (2, 1, 0):
        section = number // 10000**place % 10000
        if not section:
            gap = gap or bool(said)
            continue
        if said and (gap or section < 1000):
            said += "零"
        said += _section(section, alone=bool(place)) + _SECTIONS[place]
        gap = False
    return said[1:] if said.startswith("一十") else said


def _section(number: int, *, alone: bool) -> str:
    """One to four digits; `alone` = a section of just 2 is 两 (两万, 两亿)."""
    if alone and number == 2:
        return "两"
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + ("两" if digit == 2 and place > 1 else _DIGITS[digit])
        said += _UNITS[place]
        gap = False
    return said


def cardinal_en(number: int) -> str:
    """A whole number from 0 to LARGEST in English: 128 → one hundred and twenty-eight."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"not between 0 and {LARGEST}: {number}")
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")
    for size, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= size:
            high, low = divmod(number, size)
            link = " and " if low and low < 100 else " "
            rest = f"{link}{cardinal_en(low)}" if low else ""
            return f"{cardinal_en(high)} {name}{rest}"
    raise AssertionError(number)


def ordinal_en(number: int) -> str:
    """21 → twenty-first."""
    head, dash, last = cardinal_en(number).rpartition("-")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    else:
        last = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{head}{dash}{last}"


def day(when: date, language: str, *, with_year: bool) -> str:
    """十一月二十七日; the twenty-seventh of November."""
    if is_english(language):
        said = f"the {ordinal_en(when.day)} of {MONTHS[when.month - 1]}"
        return f"{said}, {_year_en(when.year)}" if with_year else said
    said = f"{cardinal(when.month)}月{cardinal(when.day)}日"
    year = "".join(_DIGITS[int(digit)] for digit in str(when.year))
    return f"{year}年{said}" if with_year else said


def _year_en(year: int) -> str:
    high, low = divmod(year, 100)
    if high == 20 and low < 10:
        return cardinal_en(year)
    return f"{cardinal_en(high)} {cardinal_en(low) if low else 'hundred'}"


def _in_script(text: str, language: str) -> str:
    return text.translate(_TRADITIONAL) if language == "zh-Hant" else text
