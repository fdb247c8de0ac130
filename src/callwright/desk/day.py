"""An agent's own figures of today, from events (METRICS D4). Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

OFFLINE, TALKING, HOLD, WRAP = "offline", "talking", "hold", "wrap"
CALLER_GONE, ACCEPTED = "caller_gone", "accepted"


@dataclass(frozen=True, slots=True)
class StateChange:
    """The agent's state from a moment on."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Today:
    """`missed` = offers that the agent left unanswered; a caller who gave up is none of them.

    Seconds. `handle_s` = the mean of talk, hold and wrap-up over the calls answered today.
    """

    answered: int
    missed: int
    talk_s: float
    hold_s: float
    wrap_s: float
    handle_s: float
    online_s: float
    tickets_made: int
    tickets_solved: int
    as_of: datetime


def begin_of_day(now: datetime, zone: str) -> datetime:
    """Midnight where the site stands."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(), local.tzinfo)


def figures(
    *,
    begin: datetime,
    now: datetime,
    before: str,
    changes: Sequence[StateChange],
    offers: Iterable[str],
    tickets: Mapping[str, int],
) -> Today:
    """Add up. `before` = the state at midnight, `changes` since then in order, `offers` = results.

    `tickets` = how many were made and solved.
    """
    spent = durations(begin, now, before, changes)
    results = Counter(offers)
    answered = results.pop(ACCEPTED, 0)
    results.pop(CALLER_GONE, None)
    handled = spent[TALKING] + spent[HOLD] + spent[WRAP]
    return Today(
        answered=answered,
        missed=results.total(),
        talk_s=spent[TALKING],
        hold_s=spent[HOLD],
        wrap_s=spent[WRAP],
        handle_s=round(handled / answered, 1) if answered else 0.0,
        online_s=round(sum(s for state, s in spent.items() if state != OFFLINE), 1),
        tickets_made=tickets.get("made", 0),
        tickets_solved=tickets.get("solved", 0),
        as_of=now,
    )


def durations(
    begin: datetime, now: datetime, before: str, changes: Sequence[StateChange]
) -> defaultdict[str, float]:
    """Seconds in each state; a state that began yesterday counts from midnight."""
    spent: defaultdict[str, float] = defaultdict(float)
    state, since = before, begin
    for change in (*changes, StateChange(now, "")):
        spent[state] += max((change.at - since).total_seconds(), 0.0)
        state, since = change.state, change.at
    return defaultdict(float, {name: round(seconds, 1) for name, seconds in spent.items()})
