"""A queue's settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """Times are seconds. `skills` = what a caller of this queue needs: name -> least level."""

    key: str
    name: str
    department: str
    skills: dict[str, int]
    ring_s: int
    max_wait_s: int
    wrap_up_s: int


@dataclass(frozen=True, slots=True)
class Line:
    """A number of ours: which menu answers it, when, and where it stands.

    `trunk` = the trunk for calls out that show this number; empty = it only takes calls.
    """

    number: str
    name: str
    ivr: str
    calendar: str
    site: str
    area_code: str
    trunk: str = ""
