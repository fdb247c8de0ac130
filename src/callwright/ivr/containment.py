"""Calls that the menu settled alone, and those of which that was wrong. Pure.

Of the inbound calls that a day's menu took (a call belongs to the day on which it came in):
contained = an answer was given, and the call ended without a queue or an agent;
wrong = of these, the same caller came in again within the window after its end;
open = of these, the window is not over yet, so that the figure may still change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callwright.kit.errors import invalid

WRONG_WITHIN_S = 3600.0
LONGEST_WINDOW_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class MenuCall:
    """One inbound call. `node` = what gave the last answer, empty for none; `human` = it waited
    for or talked with an agent; `back_at` = when the same caller came in again after its end."""

    ended_at: datetime | None
    node: str
    human: bool
    back_at: datetime | None

    @property
    def contained(self) -> bool:
        """Settled by the menu alone."""
        return bool(self.node) and not self.human and self.ended_at is not None

    def wrong(self, within_s: float) -> bool:
        """Settled, as it seemed, but the caller was back within the window."""
        if not self.contained or self.back_at is None or self.ended_at is None:
            return False
        return self.back_at - self.ended_at <= timedelta(seconds=within_s)

    def is_open(self, within_s: float, now: datetime) -> bool:
        """Whether the caller may still come back in time."""
        if not self.contained or self.wrong(within_s) or self.ended_at is None:
            return False
        return now - self.ended_at < timedelta(seconds=within_s)


def figures(calls: Iterable[MenuCall], within_s: float, now: datetime) -> dict[str, Any]:
    """The day's figures; rates are null where there is nothing to divide by."""
    all_calls = list(calls)
    nodes = sorted({call.node for call in all_calls if call.node})
    per_node = {
        node: _counts([call for call in all_calls if call.node == node], within_s, now)
        for node in nodes
    }
    return {"whole": _counts(all_calls, within_s, now), "nodes": per_node}


def _counts(calls: list[MenuCall], within_s: float, now: datetime) -> dict[str, Any]:
    found = Counter(
        {
            "calls": len(calls),
            "answered": sum(bool(call.node) for call in calls),
            "contained": sum(call.contained for call in calls),
            "wrong": sum(call.wrong(within_s) for call in calls),
            "open": sum(call.is_open(within_s, now) for call in calls),
        }
    )
    contained, right = found["contained"], found["contained"] - found["wrong"]
    return {
        **found,
        "rate": contained / len(calls) if calls else None,
        "wrong_rate": found["wrong"] / contained if contained else None,
        "right_rate": right / len(calls) if calls else None,
    }


def today(now: datetime, zone: str) -> date:
    """The day that it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def limits(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a day, and of the next one."""
    place = ZoneInfo(zone)
    return (
        datetime.combine(day, time(), place),
        datetime.combine(day + timedelta(days=1), time(), place),
    )


def window(body: Any) -> float:
    """`wrong_within_s` of the setting; `invalid` names the field."""
    value = body.get("wrong_within_s") if isinstance(body, dict) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise invalid("wrong_within_s", "must be a number of seconds")
    if not 0 < value <= LONGEST_WINDOW_S:
        raise invalid("wrong_within_s", f"must be more than 0 and at most {LONGEST_WINDOW_S:.0f}")
    return float(value)
