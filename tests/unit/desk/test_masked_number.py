"""Numbers as agents see them."""

from __future__ import annotations

import pytest

from callwright.customers.model import masked_number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613816527394", "138****7394"),
        ("+862154830193", "021****0193"),
        ("+8675526880000", "075*****0000"),
        ("+12025550123", "+12*****0123"),
        ("95588", "95588"),
        ("", ""),
    ],
)
def test_the_middle_is_starred(number: str, shown: str) -> None:
    assert masked_number(number) == shown
