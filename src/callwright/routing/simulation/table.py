"""A table as text, and how its cells are read: every fault names file, row and field. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from callwright.kit.errors import CallwrightError

_MOST = 1e9


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `number` = line of the file, the header being line 1."""

    file: str
    number: int
    cells: Mapping[str, str]

    def fault(self, field: str, why: str) -> CallwrightError:
        """The error for a cell of this row."""
        return CallwrightError("invalid", file=self.file, row=self.number, field=field, why=why)

    def text(self, field: str) -> str:
        """The cell; empty where the column or the cell is missing."""
        return self.cells.get(field, "")

    def needed(self, field: str) -> str:
        """A cell that must not be empty."""
        text = self.text(field)
        if not text:
            raise self.fault(field, "is empty")
        return text

    def seconds(self, field: str) -> float | None:
        """A length of time, not negative; None when empty."""
        text = self.text(field)
        if not text:
            return None
        number = _number(text)
        if number is None or not 0 <= number <= _MOST:
            raise self.fault(field, f"{text!r} is no number of seconds from 0 to {_MOST:.0f}")
        return number

    def moment(self, field: str) -> float | datetime | None:
        """Seconds, or an ISO 8601 time; None when empty."""
        text = self.text(field)
        if not text:
            return None
        number = _number(text)
        if number is not None:
            if not 0 <= number <= _MOST:
                raise self.fault(field, f"{text!r} is not within 0 and {_MOST:.0f} seconds")
            return number
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.fault(field, f"{text!r} is neither seconds nor ISO 8601") from error

    def skills(self, field: str) -> dict[str, int]:
        """`billing:3;english:2` → levels; a skill without a level has level 1."""
        found: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in self.text(field).split(";"))):
            name, _, level = (piece.strip() for piece in part.rpartition(":"))
            if not name:
                name, level = level, "1"
            if not level.isdecimal() or not 1 <= int(level) <= 5:
                raise self.fault(field, f"level {level!r} of {name!r} is not 1 to 5")
            if name in found:
                raise self.fault(field, f"{name!r} is there twice")
            found[name] = int(level)
        return found

    def names(self, field: str) -> tuple[str, ...]:
        """`a;b` → names."""
        return tuple(dict.fromkeys(n for n in map(str.strip, self.text(field).split(";")) if n))


@dataclass(frozen=True, slots=True)
class Rows:
    """A whole table."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def check(self, needed: tuple[str, ...]) -> None:
        """`invalid` unless these columns are there, each once, and at least one row."""
        for column in needed:
            if column not in self.columns:
                why = f"column is missing; there are {', '.join(self.columns)}"
                raise CallwrightError("invalid", file=self.file, row=1, field=column, why=why)
        twice = [c for c in self.columns if c and self.columns.count(c) > 1]
        if twice:
            why = "column is there twice"
            raise CallwrightError("invalid", file=self.file, row=1, field=twice[0], why=why)
        if not self.rows:
            why = "there is no row below the header"
            raise CallwrightError("invalid", file=self.file, row=1, field="row", why=why)


@dataclass(frozen=True, slots=True)
class Axis:
    """Turns moments into seconds since the first day's midnight (or since 0)."""

    midnight: datetime | None

    @classmethod
    def from_first(cls, first: float | datetime) -> Axis:
        """The axis on which the first moment lies."""
        return cls(
            datetime.combine(first.date(), time(), first.tzinfo)
            if isinstance(first, datetime)
            else None
        )

    def place(self, row: Row, field: str) -> float | None:
        """A cell's moment in seconds on this axis; the first column decides the notation."""
        moment = row.moment(field)
        if moment is None:
            return None
        if isinstance(moment, float) != (self.midnight is None):
            raise row.fault(field, "seconds and dates in one trace")
        if isinstance(moment, float) or self.midnight is None:
            return moment if isinstance(moment, float) else None
        if (moment.tzinfo is None) != (self.midnight.tzinfo is None):
            raise row.fault(field, "times with and without offset in one trace")
        return (moment - self.midnight).total_seconds()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else math.inf
