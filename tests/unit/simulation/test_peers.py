"""Each compared way of routing does what its published rule says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench.dispatch.heads import Heads
from bench.dispatch.peers import (
    AppQueue,
    BlindFifo,
    Bullseye,
    Fifo,
    GeneralisedCMu,
    ModCallcenter,
    StrictPriority,
)

from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.simulation.day import Caller, Day, Seat
from callwright.routing.simulation.engine import simulate


def _call(id_: str, queue: str = "a", tier: str = "normal") -> WaitingCall:
    return WaitingCall(id_, queue, tier, queue, {queue: 1})


def _agent(id_: str, **skills: int) -> FreeAgent:
    return FreeAgent(id_, "ready", 0.0, skills)


def _given(way: Heads, now: float) -> list[tuple[str, str]]:
    return [(one.call, one.agent) for one in way.assign(now)]


def _decide_between(way: Heads, *calls: tuple[WaitingCall, float], now: float) -> str:
    """The call that an agent takes who frees at `now`, own skill a, second skill b."""
    for call, at in calls:
        way.call_arrives(call, at)
        assert _given(way, at) == []
    way.agent_ready(_agent("x", a=5, b=2), now)
    due = now
    while not (given := _given(way, due)):
        later = way.next_change(due)
        assert later is not None
        assert later > due
        due = later
    return given[0][0]


@pytest.mark.parametrize(
    ("way", "tier_first", "own_first"),
    [
        (Fifo, False, False),
        (StrictPriority, True, False),
        (ModCallcenter, False, False),
        (lambda: Bullseye(20.0), False, True),
        (GeneralisedCMu, False, False),
    ],
)
def test_which_call_a_free_agent_takes(
    way: Callable[[], Heads], tier_first: bool, own_first: bool
) -> None:
    old, new_vip = (_call("old"), 0.0), (_call("vip", tier="vip"), 590.0)
    assert _decide_between(way(), old, new_vip, now=600.0) == ("vip" if tier_first else "old")
    second, own = (_call("second", "b"), 0.0), (_call("own", "a"), 9.0)
    assert _decide_between(way(), second, own, now=10.0) == ("own" if own_first else "second")


def test_a_point_of_priority_is_worth_a_minute() -> None:
    for way in (ModCallcenter, lambda: Bullseye(20.0)):
        for late, first in ((119.0, "vip"), (121.0, "old")):
            calls = (_call("old"), 0.0), (_call("vip", tier="vip"), late)
            assert _decide_between(way(), *calls, now=200.0) == first


def test_generalised_c_mu_weighs_cost_wait_and_speed() -> None:
    for waited, first in ((49.0, "vip"), (60.0, "old")):  # cost 5 against 1, both own skill
        calls = (_call("old"), 100.0 - waited), (_call("vip", tier="vip"), 90.0)
        assert _decide_between(GeneralisedCMu(), *calls, now=100.0) == first
    for waited, first in ((11.0, "own"), (13.0, "second")):  # a second skill is 1.2 times slower
        calls = (_call("second", "b"), 100.0 - waited), (_call("own"), 90.0)
        assert _decide_between(GeneralisedCMu(), *calls, now=100.0) == first


@pytest.mark.parametrize("way", [StrictPriority, ModCallcenter, GeneralisedCMu, AppQueue])
def test_a_new_call_goes_to_the_best_skilled_then_the_longest_idle(
    way: Callable[[], Heads],
) -> None:
    routing = way()
    for number, agent in enumerate((_agent("s", a=2), _agent("p", a=5), _agent("q", a=5))):
        routing.agent_ready(agent, float(number))
        assert _given(routing, float(number)) == []
    order = []
    for number in range(3):
        routing.call_arrives(_call(f"c{number}"), 10.0 + number)
        order += _given(routing, 10.0 + number)
    assert [agent for _, agent in order] == ["p", "q", "s"]


def test_first_come_first_served_takes_the_longest_idle_whatever_their_level() -> None:
    routing = Fifo()
    routing.agent_ready(_agent("s", a=2), 0.0)
    routing.agent_ready(_agent("p", a=5), 1.0)
    routing.call_arrives(_call("c"), 2.0)
    assert _given(routing, 2.0) == [("c", "s")]


def test_a_bullseye_widens_after_its_ring() -> None:
    routing = Bullseye(20.0)
    routing.agent_ready(_agent("s", a=2), 0.0)
    routing.call_arrives(_call("c"), 5.0)
    assert _given(routing, 5.0) == []
    assert routing.next_change(5.0) == 25.0
    assert _given(routing, 25.0) == [("c", "s")]


def test_mod_callcenter_looks_ten_times_a_second() -> None:
    routing = ModCallcenter()
    routing.agent_ready(_agent("p", a=5), 0.0)
    routing.call_arrives(_call("c"), 3.14)
    assert _given(routing, 3.14) == []
    assert routing.next_change(3.14) == pytest.approx(3.2)
    assert _given(routing, 3.2) == [("c", "p")]
    assert routing.next_change(3.2) is None


def test_an_app_queue_caller_looks_once_a_second() -> None:
    routing = AppQueue()
    routing.call_arrives(_call("c"), 0.3)
    assert _given(routing, 0.3) == []
    routing.agent_ready(_agent("p", a=5), 10.4)
    assert _given(routing, 10.4) == []
    assert routing.next_change(10.4) == pytest.approx(11.3)
    assert _given(routing, 11.3) == [("c", "p")]


def test_an_app_queue_caller_waits_while_others_before_them_can_be_served() -> None:
    routing = AppQueue()
    routing.call_arrives(_call("first"), 0.9)
    routing.call_arrives(_call("second"), 1.5)
    routing.agent_ready(_agent("p", a=5), 10.4)
    assert _given(routing, 10.5) == []  # the second looks, but one member is for the first
    assert routing.next_change(10.5) == pytest.approx(10.9)
    routing.agent_ready(_agent("q", a=5), 11.45)
    assert _given(routing, 11.5) == [("second", "p")]  # two members: it is the second's turn too
    assert routing.next_change(11.5) == pytest.approx(11.9)


def test_app_queue_priority_orders_one_queue_and_chance_orders_queues() -> None:
    one_queue = (_call("old"), 0.2), (_call("vip", tier="vip"), 5.7)
    assert _decide_between(AppQueue(), *one_queue, now=10.0) == "vip"
    two_queues = (_call("vip", tier="vip"), 0.9), (_call("young", "b"), 5.3)
    assert _decide_between(AppQueue(), *two_queues, now=10.0) == "young"


def test_blind_routing_passes_on_who_met_a_wrong_agent() -> None:
    caller = Caller("c", 0.0, "b", 100.0, 1000.0, skills={"b": 1})
    seats = (Seat("1", {"a": 5}), Seat("2", {"b": 5}))
    (fate,) = simulate(Day((caller,), seats, end=500.0), BlindFifo()).fates
    assert (fate.seat, fate.transfers, fate.wait_s) == ("2", 1, 0.0)
