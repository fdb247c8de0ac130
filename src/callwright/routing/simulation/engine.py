"""The discrete events of a day, driven through the same decision as the live router. Pure.

Everything random belongs to a caller (see `Caller`), never to the order of events: two policies
that run over one day meet the same people, so their difference is the policies' alone.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.simulation.day import Caller, Day, level_of


class Pair(Protocol):
    """A call that goes to an agent, both by id; `routing.model.Assignment` is one."""

    @property
    def call(self) -> str:
        """The call."""

    @property
    def agent(self) -> str:
        """The agent."""


class Dispatcher(Protocol):
    """Who gets which call; `routing.pool.Pool` is one, every compared policy is another."""

    def call_arrives(self, call: WaitingCall, now: float) -> None:
        """A caller waits from now on (or again, after a wrong agent)."""

    def call_leaves(self, call_id: str) -> None:
        """The caller gave up."""

    def agent_ready(self, agent: FreeAgent, now: float) -> None:
        """The agent can take a call."""

    def agent_away(self, agent_id: str) -> None:
        """An agent goes off duty, free or at the end of a talk."""

    def assign(self, now: float) -> Sequence[Pair]:
        """The pairs of this moment; they leave the dispatcher."""

    def next_change(self, now: float) -> float | None:
        """The next moment, after `now`, when pairs may become possible without news."""


class End(IntEnum):
    """How a caller's story ended."""

    ANSWERED = 0
    ABANDONED = 1  # gave up; also those still waiting when the day ended


@dataclass(slots=True)
class Fate:
    """What became of a caller. `wait_s`: all waiting together, ringing included."""

    caller: Caller
    wait_s: float = 0.0
    end: End = End.ABANDONED
    seat: str = ""
    level: int = 0
    settled: bool = False
    transfers: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A whole day: callers in order of arrival; busy and on-duty seconds by agent."""

    fates: tuple[Fate, ...]
    busy_s: Mapping[str, float]
    duty_s: Mapping[str, float]


class _Kind(IntEnum):
    """At one moment in this order: whoever can be served is served before somebody gives up."""

    OFF_DUTY = 0
    FREE = 1
    ON_DUTY = 2
    ARRIVES = 3
    GIVES_UP = 4


_Event = tuple[float, int, int, int]  # when, kind, number of caller or seat, turn of the caller
_AFTER_END_S = 86_400.0


@dataclass(slots=True)
class _Turn:
    """A caller's present wait: since when, its number (0 = before any transfer)."""

    since: float
    number: int


@dataclass
class _Run:
    day: Day
    dispatcher: Dispatcher
    events: list[_Event] = field(default_factory=list)
    turns: dict[int, _Turn] = field(default_factory=dict)
    talking: set[int] = field(default_factory=set)
    off_since: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seats = self.day.seats
        self.fates = [Fate(caller) for caller in self.day.callers]
        self.busy = [0.0] * len(seats)
        self.overtime = [0.0] * len(seats)
        self.agents = [
            FreeAgent(s.id, "ready", 0.0, s.skills, s.queues, team=s.team) for s in seats
        ]
        self.callers = {caller.id: n for n, caller in enumerate(self.day.callers)}
        self.seats = {seat.id: n for n, seat in enumerate(seats)}
        self.off_since = dict.fromkeys(range(len(seats)), -math.inf)


def simulate(day: Day, dispatcher: Dispatcher) -> Outcome:
    """Live through the day. Every caller ends answered or abandoned; nobody is lost."""
    run = _Run(day, dispatcher)
    _lay_out(run)
    wake = math.inf
    while True:
        now = min(run.events[0][0] if run.events else math.inf, wake)
        if now == math.inf or (not run.events and now > day.end + _AFTER_END_S):
            break
        if run.events and run.events[0][0] <= now:
            _happen(run, heapq.heappop(run.events))
        for pair in dispatcher.assign(now):
            _connect(run, pair, now)
        next_change = dispatcher.next_change(now)
        wake = next_change if next_change is not None and next_change > now else math.inf
    return _outcome(run)


def _lay_out(run: _Run) -> None:
    for n, caller in enumerate(run.day.callers):
        run.events.append((caller.at, _Kind.ARRIVES, n, 0))
    for n, seat in enumerate(run.day.seats):
        for start, to in seat.shifts:
            run.events.append((start, _Kind.ON_DUTY, n, 0))
            if to < math.inf:
                run.events.append((to, _Kind.OFF_DUTY, n, 0))
    heapq.heapify(run.events)


def _happen(run: _Run, event: _Event) -> None:
    now, kind, who, turn = event
    if kind == _Kind.ARRIVES:
        _arrive(run, who, turn, now)
    elif kind == _Kind.GIVES_UP:
        _give_up(run, who, turn, now)
    elif kind == _Kind.FREE:
        _end_talk(run, who, now)
    elif kind == _Kind.ON_DUTY:
        del run.off_since[who]
        if who not in run.talking:
            run.dispatcher.agent_ready(run.agents[who], now)
    else:
        run.off_since[who] = now
        run.dispatcher.agent_away(run.day.seats[who].id)


def _arrive(run: _Run, who: int, turn: int, now: float) -> None:
    caller = run.day.callers[who]
    run.turns[who] = _Turn(now, turn)
    call = caller.waiting(run.fates[who].wait_s, found_out=turn > 0)
    run.dispatcher.call_arrives(call, now)
    if caller.patience_s < math.inf:
        heapq.heappush(run.events, (now + caller.patience_s, _Kind.GIVES_UP, who, turn))


def _give_up(run: _Run, who: int, turn: int, now: float) -> None:
    state = run.turns.get(who)
    if state is None or state.number != turn:
        return
    run.dispatcher.call_leaves(run.day.callers[who].id)
    del run.turns[who]
    run.fates[who].wait_s += now - state.since


def _end_talk(run: _Run, seat: int, now: float) -> None:
    run.talking.discard(seat)
    if seat in run.off_since:
        run.overtime[seat] += max(0.0, min(now, run.day.end) - run.off_since[seat])
    else:
        run.dispatcher.agent_ready(run.agents[seat], now)


def _connect(run: _Run, pair: Pair, now: float) -> None:
    """The agent's phone rings; then talk and wrap-up, or a wrong agent, or a caller just gone."""
    who, seat = run.callers[pair.call], run.seats[pair.agent]
    caller, turn, fate = run.day.callers[who], run.turns.pop(who), run.fates[who]
    gives_up, answered = turn.since + caller.patience_s, now + caller.ring_s
    if gives_up < answered:
        fate.wait_s += gives_up - turn.since
        _occupy(run, seat, now, gives_up)
        return
    fate.wait_s += answered - turn.since
    level = level_of(caller.true_skills, run.day.seats[seat])
    if level == 0:
        fate.transfers += 1
        back = answered + run.day.effects.lost_s
        _occupy(run, seat, now, back)
        heapq.heappush(run.events, (back, _Kind.ARRIVES, who, turn.number + 1))
        return
    effects = run.day.effects
    fate.end, fate.seat, fate.level = End.ANSWERED, pair.agent, level
    fate.settled = effects.settles(level, caller.luck)
    talk = caller.talk_s * effects.talk_factor(level)
    _occupy(run, seat, now, answered + talk + caller.wrap_s)


def _occupy(run: _Run, seat: int, now: float, until: float) -> None:
    run.talking.add(seat)
    run.busy[seat] += max(0.0, min(until, run.day.end) - now)
    heapq.heappush(run.events, (until, _Kind.FREE, seat, 0))


def _outcome(run: _Run) -> Outcome:
    """Whoever still waits, with nobody left to come on duty, waits until the day's end."""
    for who, state in run.turns.items():
        run.fates[who].wait_s += max(0.0, run.day.end - state.since)
    seats = run.day.seats
    duty = {s.id: s.on_duty_s(run.day.end) + run.overtime[n] for n, s in enumerate(seats)}
    busy = {seat.id: run.busy[n] for n, seat in enumerate(seats)}
    return Outcome(tuple(run.fates), busy, duty)
