"""What a simulated day consists of: callers, agents, and what a skill level is worth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from callwright.routing.model import WaitingCall

OWN_LEVEL = 3  # from this level on a skill is an agent's own: the call is matched
TOP_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller with everything that chance decides about them; all times in seconds.

    `at` since the day's beginning; `talk_s` with an agent of own level; `patience_s` may be
    infinite; `luck` in [0, 1) decides whether the matter is settled at the first go; `needs` are
    the skills that the matter truly asks for, where the caller's words (`skills`) were wrong.
    """

    id: str
    at: float
    queue: str
    talk_s: float
    patience_s: float
    tier: str = ""
    type: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    wrap_s: float = 0.0
    ring_s: float = 0.0
    luck: float = 0.0
    needs: Mapping[str, int] | None = None
    sticky: str | None = None
    wants: str = ""
    language: str = ""
    repeat: bool = False
    open_ticket: bool = False

    @property
    def true_skills(self) -> Mapping[str, int]:
        """The skills that settle the matter."""
        return self.skills if self.needs is None else self.needs

    def waiting(self, waited_s: float = 0.0, *, found_out: bool = False) -> WaitingCall:
        """The call as the router sees it; `found_out`: a wrong agent has heard the matter."""
        skills = self.true_skills if found_out else self.skills
        return WaitingCall(
            self.id, self.queue, self.tier, self.type, skills, waited_s, self.sticky, self.wants,
            self.language, self.repeat, self.open_ticket,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent of the day. `shifts`: (from, to) in seconds, in order, without overlap."""

    id: str
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: tuple[str, ...] = ()
    shifts: tuple[tuple[float, float], ...] = ((0.0, math.inf),)
    team: str = ""

    def on_duty_s(self, end: float) -> float:
        """Seconds on duty until `end`."""
        return sum(max(0.0, min(to, end) - start) for start, to in self.shifts)


@dataclass(frozen=True, slots=True)
class Effects:
    """What an agent's level does. The level for a call is the least over the skills it needs.

    `slower`, `right_first_time`: level -> factor of the talk, share settled; a level that is not
    named counts as the next lower one that is. Level 0 knows nothing: `lost_s` pass, then the
    caller is passed on, keeping the time already waited.
    """

    slower: Mapping[int, float] = field(default_factory=lambda: {1: 1.2, OWN_LEVEL: 1.0})
    right_first_time: Mapping[int, float] = field(default_factory=lambda: {1: 0.8, OWN_LEVEL: 0.95})
    lost_s: float = 75.0

    def talk_factor(self, level: int) -> float:
        """How many times as long the talk takes."""
        return _at(self.slower, level)

    def settles(self, level: int, luck: float) -> bool:
        """Whether the matter is settled at the first go."""
        return luck < _at(self.right_first_time, level)


@dataclass(frozen=True, slots=True)
class Day:
    """Callers in order of arrival, agents, effects. `end`: until then occupancy is counted.

    Who waits at `end` is still served while somebody is on duty. `notes`: what the reader of a
    trace had to assume.
    """

    callers: tuple[Caller, ...]
    seats: tuple[Seat, ...]
    effects: Effects = field(default_factory=Effects)
    end: float = 86_400.0
    notes: tuple[str, ...] = ()


def level_of(skills: Mapping[str, int], seat: Seat) -> int:
    """The agent's level for these skills: the least; the top where none is asked for."""
    return min((seat.skills.get(skill, 0) for skill in skills), default=TOP_LEVEL)


def in_order(callers: Iterable[Caller]) -> tuple[Caller, ...]:
    """Callers by arrival, then id."""
    return tuple(sorted(callers, key=lambda caller: (caller.at, caller.id)))


def _at(steps: Mapping[int, float], level: int) -> float:
    below = [step for step in steps if step <= level]
    return steps[max(below)] if below else steps[min(steps)]
