"""Numbers as words and as digits have to count as the same when speech is compared."""

from __future__ import annotations

import sys

import pytest
from tests.unit.demo.demo_material import ROOT

sys.path.insert(0, str(ROOT))

from demo.render.spoken_numbers import (
    chinese_to_digits,
    digits_one_by_one,
    english_to_digits,
)


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("三百二十九元", "329元"),
        ("一千二百九十九", "1299"),
        ("十一点", "11点"),
        ("幺二三幺五", "12315"),
        ("两万零五十", "20050"),
        ("没有数字", "没有数字"),
    ],
)
def test_chinese(words: str, digits: str) -> None:
    assert chinese_to_digits(words) == digits


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("four hundred and ninety nine yuan", "499 yuan"),
        ("four seven one nine five", "4 7 1 9 5"),
        ("fifteen days", "15 days"),
        ("cats and dogs", "cats and dogs"),
    ],
)
def test_english(words: str, digits: str) -> None:
    assert english_to_digits(words) == digits


def test_only_long_numbers_are_read_out_digit_by_digit() -> None:
    assert digits_one_by_one("打12315") == "打幺二三幺五"
    assert digits_one_by_one("139 5678 1234。") == "一三九，五六七八，一二三四。"
    assert digits_one_by_one("1299元") == "1299元"
    assert digits_one_by_one("最后四位是1938，") == "最后四位是一九三八，"
