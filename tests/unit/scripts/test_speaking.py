"""How figures are said: golden tables, and what is said can be understood again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.scripts.speaking import (
    LARGEST,
    cardinal,
    cardinal_en,
    day,
    digits,
    money,
    ordinal_en,
    telephone,
)

HANS, HANT, EN = "zh-Hans", "zh-Hant", "en"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("46801", HANS, "四六八零幺"), ("46801", HANT, "四六八零一"),
        ("46801", EN, "four six eight zero one"), ("5678", HANS, "五六七八"),
        ("1", HANS, "幺"), ("QH-2026", HANS, "Q H二零二六"), ("QH1", EN, "Q H one"),
        ("10001", HANS, "幺零零零幺"), ("", HANS, ""),
    ],
)  # fmt: skip
def test_numbers_that_name_something(text: str, language: str, said: str) -> None:
    assert digits(text, language) == said


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("138****5678", HANS, "尾号五六七八"), ("138****5671", HANT, "尾號五六七一"),
        ("138****5671", EN, "ending in five six seven one"),
        ("021****0193", HANS, "尾号零幺九三"), ("10086", HANS, "幺零零八六"),
    ],
)  # fmt: skip
def test_telephone_numbers(text: str, language: str, said: str) -> None:
    assert telephone(text, language) == said


@pytest.mark.parametrize(
    ("amount", "language", "said"),
    [
        ("128.50", HANS, "一百二十八元五角"), ("128.50", HANT, "一百二十八元五角"),
        ("2", HANS, "两元"), ("2", HANT, "兩元"), ("2.22", HANS, "两元二角二分"),
        ("0", HANS, "零元"), ("0.2", HANS, "两角"), ("0.02", HANS, "两分"),
        ("0.12", HANS, "一角二分"),
        ("1.05", HANS, "一元零五分"), ("10", HANS, "十元"), ("12", HANS, "十二元"),
        ("200", HANS, "两百元"), ("210", HANS, "两百一十元"), ("499.00", HANS, "四百九十九元"),
        ("2499", HANS, "两千四百九十九元"), ("10050", HANS, "一万零五十元"),
        ("20000", HANT, "兩萬元"), ("120000", HANS, "十二万元"), ("-3.5", HANS, "负三元五角"),
        ("0.005", HANS, "一分"), ("0.004", HANS, "零元"),
        ("128.50", EN, "one hundred and twenty-eight point five yuan"), ("1", EN, "one yuan"),
        ("0.05", EN, "zero point zero five yuan"),
        ("2499", EN, "two thousand four hundred and ninety-nine yuan"),
        ("-1", EN, "minus one yuan"),
    ],
)  # fmt: skip
def test_money(amount: str, language: str, said: str) -> None:
    assert money(Decimal(amount), language) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"), (2, "二"), (10, "十"), (15, "十五"), (20, "二十"), (101, "一百零一"),
        (110, "一百一十"), (1005, "一千零五"), (1050, "一千零五十"), (2222, "两千两百二十二"),
        (10010, "一万零一十"), (100_000, "十万"), (1_000_001, "一百万零一"),
        (20_002_000, "两千万两千"), (200_020_000, "两亿零两万"), (100_000_001, "一亿零一"),
        (110_000, "十一万"), (1_010_000, "一百零一万"),
    ],
)  # fmt: skip
def test_whole_numbers(number: int, said: str) -> None:
    assert cardinal(number) == said


@pytest.mark.parametrize(
    ("when", "language", "with_year", "said"),
    [
        (date(2026, 11, 27), HANS, False, "十一月二十七日"),
        (date(2026, 2, 2), HANS, True, "二零二六年二月二日"),
        (date(2026, 10, 10), HANT, False, "十月十日"),
        (date(2026, 11, 21), EN, False, "the twenty-first of November"),
        (date(2026, 3, 12), EN, True, "the twelfth of March, twenty twenty-six"),
        (date(2005, 5, 20), EN, True, "the twentieth of May, two thousand and five"),
        (date(1900, 1, 3), EN, True, "the third of January, nineteen hundred"),
    ],
)
def test_dates(when: date, language: str, with_year: bool, said: str) -> None:
    assert day(when, language, with_year=with_year) == said


def understood(said: str) -> int:
    """Reads a Chinese number by the rules of a grammar book, without the code under test."""
    total = section = digit = 0
    for char in said:
        if char in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(char)
        elif char == "两":
            digit = 2
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            size = {"万": 10**4, "亿": 10**8}[char]
            total += (section + digit) * size
            section = digit = 0
    return total + section + digit


@given(st.integers(0, LARGEST))
def test_every_number_is_understood_again(number: int) -> None:
    said = cardinal(number)
    assert understood(said) == number
    assert "零零" not in said
    assert not said.endswith("零") or number == 0


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_two_numbers_never_sound_alike_in_english(one: int, other: int) -> None:
    assert (cardinal_en(one) == cardinal_en(other)) == (one == other)


@given(st.decimals(0, 10**9, places=2))
def test_every_amount_is_understood_again(amount: Decimal) -> None:
    said = money(amount, HANS)
    yuan, _, rest = said.rpartition("元")
    jiao, _, fen = rest.rpartition("角")
    cents = understood(yuan) * 100 + understood(jiao) * 10 + understood(fen.strip("分"))
    assert cents == int(amount * 100)


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_nobody_counts_is_refused(number: int) -> None:
    for say in (cardinal, cardinal_en, ordinal_en):
        with pytest.raises(ValueError, match="not between"):
            say(number)
