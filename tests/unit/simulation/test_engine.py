"""The engine: nobody is lost, chance belongs to the caller, formula and events agree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.pool import Pool
from callwright.routing.simulation.day import Caller, Day, Seat
from callwright.routing.simulation.engine import End, Outcome, simulate
from callwright.routing.simulation.measures import interval, measure
from callwright.routing.simulation.world import SIZES, World, generate

TINY = World(agents=6, types=3, load=1.0, hours=2)


class Given(NamedTuple):
    call: str
    agent: str


class FirstCome:
    """Blind: the first caller to the first agent, whatever they know, until it is found out."""

    def __init__(self) -> None:
        self.calls: dict[str, WaitingCall] = {}
        self.agents: dict[str, FreeAgent] = {}
        self.heard: set[str] = set()

    def call_arrives(self, call: WaitingCall, now: float) -> None:
        self.calls[call.id] = call

    def call_leaves(self, call_id: str) -> None:
        del self.calls[call_id]

    def agent_ready(self, agent: FreeAgent, now: float) -> None:
        self.agents[agent.id] = agent

    def agent_away(self, agent_id: str) -> None:
        self.agents.pop(agent_id, None)

    def assign(self, now: float) -> Sequence[Given]:
        found = []
        for call in list(self.calls.values()) if self.agents else ():
            for agent in list(self.agents.values()):
                if call.id not in self.heard or all(s in agent.skills for s in call.skills):
                    self.heard.add(call.id)
                    del self.calls[call.id], self.agents[agent.id]
                    found.append(Given(call.id, agent.id))
                    break
        return found

    def next_change(self, now: float) -> float | None:
        return None


def erlang_a(per_s: float, handling_s: float, patience_s: float, agents: int) -> float:
    """Mean wait of all callers of M/M/n+M, from its birth and death chain."""
    logs = [0.0]
    for k in range(1, agents * 4 + 400):
        out = min(k, agents) / handling_s + max(0, k - agents) / patience_s
        logs.append(logs[-1] + math.log(per_s) - math.log(out))
    chances = np.exp(np.array(logs) - max(logs))
    chances /= chances.sum()
    waiting = sum((k - agents) * chances[k] for k in range(agents, len(chances)))
    return float(waiting / per_s)


@pytest.mark.parametrize(("agents", "load"), [(5, 0.8), (10, 0.95)])
def test_waits_are_those_of_the_erlang_a_formula(agents: int, load: float) -> None:
    handling, patience, hours = 240.0, 180.0, 24.0
    world = World.model_validate({
        "agents": agents, "types": 1, "load": load, "hours": hours, "profile": [1] * 48,
        "day_variation": 0, "patience_s": patience,
        "handling": {"talk_s": handling, "variation": 1.0, "wrap_s": 0},
    })  # fmt: skip
    waits = []
    for seed in range(10):
        day = generate(world, seed)
        talks = np.random.default_rng(seed).exponential(handling, len(day.callers))
        callers = tuple(
            replace(c, talk_s=float(t)) for c, t in zip(day.callers, talks, strict=True)
        )
        wait = measure(simulate(replace(day, callers=callers), FirstCome()))["mean_wait_s"]
        assert wait is not None
        waits.append(wait)
    found = interval(waits)
    assert found.low is not None
    assert found.high is not None
    margin = 0.03 * found.mean  # a day begins empty
    expected = erlang_a(load * agents / handling, handling, patience, agents)
    assert found.low - margin <= expected <= found.high + margin


@pytest.mark.parametrize("seed", range(5))
def test_every_caller_has_one_end_and_no_agent_two_talks(seed: int) -> None:
    day = generate(TINY, seed)
    outcome = simulate(day, Pool())
    assert [fate.caller for fate in outcome.fates] == list(day.callers)
    for fate in outcome.fates:
        assert 0 <= fate.wait_s <= fate.caller.patience_s + 1e-6
        assert (fate.end is End.ANSWERED) == bool(fate.seat)
    assert _no_two_at_once(outcome)
    assert all(outcome.busy_s[s.id] <= outcome.duty_s[s.id] + 1e-6 for s in day.seats)


def _no_two_at_once(outcome: Outcome) -> bool:
    talks: dict[str, list[tuple[float, float]]] = {}
    for fate in outcome.fates:
        if fate.end is End.ANSWERED:
            start = fate.caller.at + fate.wait_s
            talks.setdefault(fate.seat, []).append((start, start + fate.caller.talk_s))
    return all(
        before[1] <= after[0] + 1e-6
        for found in talks.values()
        for before, after in zip(sorted(found), sorted(found)[1:], strict=False)
    )


def test_the_same_people_come_under_every_policy() -> None:
    day = generate(SIZES[15], 3)
    blind, skilled = simulate(day, FirstCome()), simulate(day, Pool())
    assert [f.caller for f in blind.fates] == [f.caller for f in skilled.fates]
    assert simulate(day, Pool()) == skilled


def test_changing_one_attribute_leaves_the_others_as_they_were() -> None:
    patient = World(agents=6, types=3, load=1.0, hours=2, patience_s=1000)
    for one, other in zip(generate(TINY, 1).callers, generate(patient, 1).callers, strict=True):
        assert replace(one, patience_s=other.patience_s) == other


def test_a_wrong_agent_costs_time_and_passes_the_caller_on_with_the_time_waited() -> None:
    caller = Caller("c", 10.0, "q", 100.0, 300.0, skills={"a": 1}, needs={"b": 1}, wrap_s=5.0)
    seats = (Seat("1", {"a": 5}), Seat("2", {"b": 5}, shifts=((0.0, 20.0), (95.0, 500.0))))
    outcome = simulate(Day((caller,), seats, end=500.0), Pool())
    (fate,) = outcome.fates
    assert (fate.seat, fate.transfers, fate.level) == ("2", 1, 5)
    assert fate.wait_s == 10.0  # heard at once, passed on at 85, agent 2 is back at 95
    assert outcome.busy_s == {"1": 75.0, "2": 105.0}
    assert measure(outcome)["right_first_time"] == 0


def test_a_caller_gives_up_while_it_rings() -> None:
    caller = Caller("c", 0.0, "q", 100.0, patience_s=4.0, ring_s=6.0)
    outcome = simulate(Day((caller,), (Seat("1"),), end=100.0), Pool())
    assert (outcome.fates[0].end, outcome.fates[0].wait_s) == (End.ABANDONED, 4.0)
    assert outcome.busy_s == {"1": 4.0}


def test_nobody_on_duty_and_endless_patience_is_an_abandoned_caller_not_a_lost_one() -> None:
    caller = Caller("c", 10.0, "q", 100.0, math.inf)
    day = Day((caller,), (Seat("1", shifts=((200.0, 300.0),)),), end=100.0)
    assert simulate(day, Pool()).fates[0].wait_s == 190.0
    gone = Day((caller,), (Seat("1", shifts=((0.0, 5.0),)),), end=100.0)
    (fate,) = simulate(gone, Pool()).fates
    assert (fate.end, fate.wait_s) == (End.ABANDONED, 90.0)


def test_a_talk_is_finished_after_the_shift_and_counts_as_duty() -> None:
    caller = Caller("c", 10.0, "q", 100.0, math.inf)
    late = replace(caller, id="d", at=30.0, patience_s=50.0)
    seat = Seat("1", shifts=((0.0, 20.0),))
    outcome = simulate(Day((caller, late), (seat,), end=500.0), Pool())
    assert [f.end for f in outcome.fates] == [End.ANSWERED, End.ABANDONED]
    assert (outcome.busy_s["1"], outcome.duty_s["1"]) == (100.0, 110.0)


def test_wrong_agents_are_met_by_the_share_that_names_another_matter() -> None:
    world = TINY.model_copy(
        update={"handling": TINY.handling.model_copy(update={"wrong_type": 0.3})}
    )
    callers = [c for seed in range(10) for c in generate(world, seed).callers]
    wrong = Counter(c.needs is not None for c in callers)
    assert 0.15 < wrong[True] / len(callers) < 0.25  # some name their own by chance
    plain = generate(TINY, 1).callers
    assert [c.true_skills for c in generate(world, 1).callers] == [c.skills for c in plain]
