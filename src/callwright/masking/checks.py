"""What a string of digits can be: check sums, dates and number plans."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# Issuers' ranges: UnionPay 62/60/81, Visa 4, Mastercard 5/2, JCB 35, Amex 34/37, Diners 30/36/38,
# and the ranges older than UnionPay that Chinese banks still issue (9558 ICBC, 103 ABC, 69, 68).
_ISSUERS = re.compile(
    r"(?:62|60|81|4|5[0-9]|2[2-7]|35|9558|9400|9843|103|6[5-9])\d+|(?:34|37)\d{13}|(?:30|36|38)\d{12}"
)
_MOBILE = re.compile(r"(?:(?:0086|086|86)?0?|17951|12593|179[01]\d)?(1[3-9]\d{9})")
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LANDLINE = re.compile(r"(?:0086|86)?0?(?:10|2\d)[2-9]\d{7}|(?:0086|86)?0?[3-9]\d{2}[1-9]\d{6,7}")
_WITH_AREA = re.compile(rf"(?:0086|86)0?{_AREA}\d{{7,8}}|0{_AREA}\d{{7,8}}")
_SHORT = re.compile(r"1(?:1\d|2[0-9]|00|0[1-9])\d{0,3}|95\d{3,6}|96\d{3,4}|1010\d{4}")
_HOTLINE = re.compile(r"(?:400|800)\d{7}")


def luhn(digits: str) -> bool:
    """Luhn's check sum over figures only (ISO/IEC 7812)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_bank_card(digits: str) -> bool:
    """13 to 19 figures of a known issuer whose check sum holds."""
    length = len(digits)
    if not digits.isdecimal() or not 13 <= length <= 19 or len(set(digits)) < 2:
        return False
    return _ISSUERS.fullmatch(digits) is not None and luhn(digits)


def is_id_card(digits: str) -> bool:
    """GB 11643: province and birthday possible, 18 characters. See `id_card_sum` for the check."""
    if len(digits) != 18 or not digits[:17].isdecimal() or not _PROVINCES.match(digits):
        return False
    return _is_birthday(digits[6:10], digits[10:12], digits[12:14])


def is_old_id_card(digits: str) -> bool:
    """The 15-figure card of before 1999: province and birthday possible."""
    if len(digits) != 15 or not digits.isdecimal() or not _PROVINCES.match(digits):
        return False
    return _is_birthday("19" + digits[6:8], digits[8:10], digits[10:12])


def id_card_sum(digits: str) -> bool:
    """Whether the 18th character is right (ISO 7064, mod 11-2)."""
    total = sum(int(char) * weight for char, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == digits[17]


def mobile_tail(digits: str) -> bool:
    """A mainland mobile number, with or without country code, trunk zero or IP-dial prefix."""
    return _MOBILE.fullmatch(digits) is not None


def is_landline(digits: str) -> bool:
    """A landline number with its area code."""
    return _WITH_AREA.fullmatch(digits) is not None and _LANDLINE.fullmatch(digits) is not None


def is_service(digits: str) -> bool:
    """A public number that nobody owns: hotline 400/800, 95588, 10086, 12315, 110."""
    return _HOTLINE.fullmatch(digits) is not None or is_short_code(digits)


def is_hotline(digits: str) -> bool:
    """A 400 or 800 number."""
    return _HOTLINE.fullmatch(digits) is not None


def is_short_code(digits: str) -> bool:
    """A short public number such as 10086, 95588, 12315."""
    return _SHORT.fullmatch(digits) is not None


def _is_birthday(year: str, month: str, day: str) -> bool:
    if not 1900 <= int(year) <= 2099:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
