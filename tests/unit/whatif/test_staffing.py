"""Erlang C against its published table, Erlang A against a simulation of the same queue."""

from __future__ import annotations

import heapq
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.routing.whatif.staffing import Load, Target, need, service

# agents -> busy-hour calls at 80/20 with 240 s (METRICS C3: 180 talk + 60 wrap-up)
TABLE = {5: 45, 15: 174, 50: 667, 100: 1393, 300: 4352}


@pytest.mark.parametrize(("agents", "calls"), TABLE.items())
def test_erlang_c_gives_the_table_of_the_trade(agents: int, calls: int) -> None:
    assert need(Load((calls - 1) / 3600, 240), Target()).agents == agents
    assert need(Load(calls * 1.03 / 3600, 240), Target()).agents > agents


@pytest.mark.parametrize(("agents", "load"), [(15, 0.85), (15, 1.1), (60, 0.95)])
def test_erlang_a_tells_what_a_simulated_queue_does(agents: int, load: float) -> None:
    rate = load * agents / 240
    found = service(Load(rate, 240, 180), agents, 20)
    level, abandoned, wait = _simulated(agents, rate, 240, 180, 20)
    assert found.level == pytest.approx(level, abs=0.015)
    assert found.abandoned == pytest.approx(abandoned, abs=0.006)
    assert found.mean_wait_s == pytest.approx(wait, abs=1.0)


def _simulated(
    agents: int, rate: float, handling: float, patience: float, within: float
) -> tuple[float, float, float]:
    """First come, first served; whoever would wait longer than their patience leaves."""
    numbers, free = random.Random(7), [0.0] * agents
    now = waited = 0.0
    calls, in_time, gone = 120_000, 0, 0
    for _ in range(calls):
        now += numbers.expovariate(rate)
        wait, bears = max(0.0, free[0] - now), numbers.expovariate(1 / patience)
        if wait < bears:
            heapq.heapreplace(free, now + wait + numbers.expovariate(1 / handling))
            in_time += wait <= within
        else:
            gone += 1
        waited += min(wait, bears)
    return in_time / calls, gone / calls, waited / calls


@settings(max_examples=60, deadline=None)
@given(
    calls=st.floats(0.5, 2000), handling=st.floats(20, 900),
    patience=st.none() | st.floats(20, 2000), share=st.floats(0.3, 0.98),
)  # fmt: skip
def test_one_agent_fewer_misses_the_target(
    calls: float, handling: float, patience: float | None, share: float
) -> None:
    load, target = Load(calls / 3600, handling, patience), Target(share, 20)
    found = need(load, target)
    assert found.service.level >= share
    fewer = service(load, found.agents - 1, 20).level if found.agents else 0.0
    assert fewer < share
    more = service(load, found.agents + 1, 20)
    assert more.level >= found.service.level - 1e-9
    assert 0 <= found.service.abandoned <= 1
    assert 0 <= found.service.occupancy <= 1


def test_no_calls_need_nobody_and_absence_adds_people() -> None:
    assert need(Load(0, 240), Target()).agents == 0
    found = need(Load(174 / 3600, 240), Target(present_share=0.75))
    assert (found.agents, found.scheduled) == (15, 20)


def test_too_few_agents_without_patience_wait_for_ever() -> None:
    found = service(Load(100 / 3600, 240), 6, 20)
    assert found.level == 0
    assert found.mean_wait_s == math.inf
