"""Search keys: one form for every way to write a word, and the pieces that an index can hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from callwright.kit.simplified import simplified_letter


def plain(text: str) -> str:
    """Half width, lower case, simplified, letters and digits only: 「ＡB 退貨」 is ab退货."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(simplified_letter(char) for char in folded if char.isalnum())


def pieces(words: Iterable[str], sizes: Sequence[int] = (1, 2)) -> list[str]:
    """Every piece of these sizes of words that are already plain.

    A text can hold a word only if it holds all its pieces, and those an array index finds.
    """
    return sorted(
        {
            word[start : start + size]
            for word in words
            for size in sizes
            for start in range(len(word) - size + 1)
        }
    )


def number_pieces(number: str) -> list[str]:
    """The pieces by which a part of a phone number is found; asked with three digits or more."""
    return pieces([digits_in(number)], (3,))


def typed_digits(text: str) -> str:
    """The digits typed to find a number; empty when fewer than three.

    0 or 00 before a longer one was dialled and is not stored; of the last four, 0 may be the first.
    """
    digits = digits_in(text)
    if len(digits) > 4:
        digits = digits.lstrip("0")
    return digits if len(digits) >= 3 else ""


def digits_in(text: str) -> str:
    """The digits of a text, of any script, as 0-9."""
    found = (unicodedata.decimal(char, None) for char in text)
    return "".join(str(digit) for digit in found if digit is not None)
