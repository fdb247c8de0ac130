"""A customer as the other rooms see one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Customer:
    """`tier` = normal, silver, gold, diamond. `facts` = what higher rooms pushed down."""

    id: UUID
    name: str
    tier: str
    city: str
    note: str
    facts: dict[str, Any]


TIERS = ("normal", "silver", "gold", "diamond")
HOME_PREFIX, MOBILE_DIGITS = "+86", 11


def masked_number(number: str) -> str:
    """The middle starred, as dialled at home: 138****5678, 021****0193. Short numbers stay."""
    bare = number.removeprefix(HOME_PREFIX)
    if bare != number and not (len(bare) == MOBILE_DIGITS and bare.startswith("1")):
        bare = f"0{bare}"
    if len(bare) < 7:
        return bare
    return f"{bare[:3]}{'*' * (len(bare) - 7)}{bare[-4:]}"


@dataclass(frozen=True, slots=True)
class CallerMatch:
    """Who a number may belong to: best first, each with the reasons for its place."""

    e164: str | None
    kind: str
    candidates: tuple[Customer, ...]
    reasons: tuple[tuple[str, ...], ...]

    @property
    def best(self) -> Customer | None:
        """The first candidate; None when nobody has the number."""
        return self.candidates[0] if self.candidates else None
