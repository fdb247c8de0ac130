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
