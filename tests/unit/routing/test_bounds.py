"""What holds of every decision: the guarantee, no double offer, nobody idle for nothing."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.routing.worlds import POLICY

from callwright.routing.model import (
    Crowd,
    FreeAgent,
    WaitingCall,
    assign_all,
    choose,
    needs_of,
    obstacle,
)
from callwright.routing.needs import able, in_queue, lowered
from callwright.routing.policy import Gate, Policy
from callwright.routing.pool import Pool

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LEVELS = st.dictionaries(st.sampled_from(("a", "b")), st.integers(1, 5), max_size=2)
CALLS = st.lists(
    st.builds(
        WaitingCall,
        id=st.uuids().map(str),
        queue=st.sampled_from(("orders", "repairs")),
        tier=st.sampled_from(("", "gold", "diamond", "unheard of")),
        skills=LEVELS,
        waiting_s=st.integers(0, 120).map(lambda halves: halves / 2),
        sticky=st.sampled_from((None, "a0", "a1")),
        wants=st.sampled_from(("", "red", "blue")),
        language=st.sampled_from(("", "yue")),
        blended=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda call: call.id,
)
AGENTS = st.lists(
    st.builds(
        FreeAgent,
        id=st.integers(0, 7).map(lambda number: f"a{number}"),
        state=st.sampled_from(("ready", "ready", "ready", "talking", "wrap", "break", "offline")),
        idle_s=st.integers(0, 100).map(float),
        skills=st.dictionaries(st.sampled_from(("a", "b", "cantonese")), st.integers(1, 5)),
        queues=st.sampled_from(((), ("orders",), ("repairs",), ("orders", "repairs"))),
        team=st.sampled_from(("red", "blue")),
        capacity=st.integers(1, 2),
    ),
    max_size=6,
    unique_by=lambda agent: agent.id,
)
FLOORS = st.tuples(CALLS, AGENTS)
Floor = tuple[list[WaitingCall], list[FreeAgent]]


@given(FLOORS)
@CALM
def test_no_call_twice_and_no_agent_beyond_capacity_or_away(floor: Floor) -> None:
    calls, agents = floor
    people = {agent.id: agent for agent in agents}
    made = choose(calls, agents, POLICY).assign
    assert max(Counter(one.call for one in made).values(), default=0) <= 1
    for agent, times in Counter(one.agent for one in made).items():
        assert people[agent].state == "ready"
        assert times <= people[agent].capacity


@given(FLOORS, st.randoms(use_true_random=False))
@CALM
def test_the_order_of_the_input_does_not_matter(floor: Floor, chance: random.Random) -> None:
    calls, agents = floor
    decision = choose(calls, agents, POLICY)
    mixed_calls, mixed_agents = [*calls], [*agents]
    chance.shuffle(mixed_calls)
    chance.shuffle(mixed_agents)
    assert choose(mixed_calls, mixed_agents, POLICY) == decision


@given(FLOORS)
@CALM
def test_nobody_is_idle_beside_a_call_that_nothing_keeps_from_them(floor: Floor) -> None:
    """Work-conserving up to the holds that are named; all but capacity and reserve end by age."""
    calls, agents = floor
    left_calls, left_agents = _after(calls, agents, POLICY)
    crowd = Crowd(left_calls, left_agents, POLICY)
    for call in left_calls:
        for agent in left_agents:
            why_not = obstacle(call, agent, POLICY, crowd)
            assert why_not is not None
            if agent.state == "ready" and _skilled(call, agent):
                held = ("kept for", "second trade", "queue ", "kept free")
                assert why_not.startswith(held)
                if call.waiting_s >= POLICY.guarantee_s:
                    assert why_not.startswith(("queue ", "kept free"))


@given(FLOORS)
@CALM
def test_without_holds_every_pair_that_skills_allow_is_made(floor: Floor) -> None:
    open_policy = Policy(gate=Gate(share=0.0), sticky_s=0.0, team_s=0.0)
    calls = [replace(call, blended=False) for call in floor[0]]
    left_calls, left_agents = _after(calls, floor[1], open_policy)
    for call in left_calls:
        for agent in left_agents:
            assert agent.state != "ready" or not _skilled(call, agent, open_policy)


@pytest.mark.row("5.11")
@given(FLOORS)
@CALM
def test_work_of_ours_changes_nothing_for_callers(floor: Floor) -> None:
    """Pure: callers get the same agents with and without it; each queue keeps its reserve."""
    calls, agents = floor
    ours = {call.id for call in calls if call.blended}
    both = assign_all(calls, agents, POLICY)
    alone = assign_all([call for call in calls if not call.blended], agents, POLICY)
    assert [one[:2] for one in both if one.call not in ours] == [one[:2] for one in alone]
    if all(agent.queues for agent in agents):
        _, left = _after(calls, agents, POLICY)
        free = [agent for agent in left if agent.state == "ready" and agent.capacity]
        people = {agent.id: agent for agent in agents}
        for queue in {q for one in both if one.call in ours for q in people[one.agent].queues}:
            assert sum(queue in agent.queues for agent in free) >= POLICY.reserve


@given(FLOORS)
@CALM
def test_beyond_the_guarantee_nobody_who_came_later_is_served_first(floor: Floor) -> None:
    """The proof of `docs/explanation/routing.md`, asked of single decisions."""
    calls, agents = floor
    policy = replace(POLICY, queue_capacity={})
    people = {agent.id: agent for agent in agents}
    waiting = {call.id: call for call in calls if not call.blended}
    for one in assign_all(calls, agents, policy):
        if one.call not in waiting:
            continue
        served = waiting.pop(one.call)
        for other in waiting.values():
            if not _skilled(other, people[one.agent]):
                continue
            if other.waiting_s >= policy.guarantee_s:
                assert other.waiting_s <= served.waiting_s
            assert other.waiting_s - served.waiting_s <= policy.guarantee_s


@given(
    every_s=st.integers(1, 9),
    service_s=st.integers(5, 30),
    tier=st.sampled_from(("gold", "diamond")),
)
@settings(CALM, max_examples=25)
def test_an_ordinary_caller_in_an_endless_stream_of_better_ones(
    every_s: int, service_s: int, tier: str
) -> None:
    """The stream is more than the agent can serve. Served by the guarantee and one talk more."""
    pool, guarantee_s = Pool(POLICY), int(POLICY.guarantee_s)
    pool.call_arrives(WaitingCall("ordinary", "orders"), 0.0)
    free_at = service_s
    for now in range(guarantee_s + service_s + 1):
        if now % every_s == 0:
            pool.call_arrives(WaitingCall(f"better {now:04}", "orders", tier), float(now))
        if now == free_at:
            pool.agent_ready(FreeAgent("only one", "ready"), float(now))
            free_at = now + service_s
        if any(one.call == "ordinary" for one in pool.assign(float(now))):
            return
    raise AssertionError("the ordinary caller still waits")


def _after(
    calls: list[WaitingCall], agents: list[FreeAgent], policy: Policy
) -> tuple[list[WaitingCall], list[FreeAgent]]:
    """The floor once everything that was decided is done."""
    made = assign_all(calls, agents, policy)
    queue_of = {call.id: call.queue for call in calls}
    people = {agent.id: agent for agent in agents}
    for one in made:
        agent = people[one.agent]
        left = agent.capacity - 1
        people[agent.id] = replace(
            agent, capacity=left, state="ready" if left else "talking",
            serving=(*agent.serving, queue_of[one.call]),
        )  # fmt: skip
    served = {one.call for one in made}
    return [call for call in calls if call.id not in served], list(people.values())


def _skilled(call: WaitingCall, agent: FreeAgent, policy: Policy = POLICY) -> bool:
    needs = lowered(needs_of(call, policy), call.waiting_s, policy)
    return in_queue(call.queue, agent.queues) and able(needs, agent.skills)
