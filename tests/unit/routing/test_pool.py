"""The fast structure decides what the plain form decides."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.routing.worlds import POLICY, Book

from callwright.routing.model import FreeAgent, WaitingCall, choose
from callwright.routing.policy import Gate, Policy, Step
from callwright.routing.pool import Pool

EVENTS, FLOORS = 100_000, 50
POLICIES = (
    POLICY,
    Policy(relax=(), gate=Gate(share=0.0), sticky_s=0.0, reserve=0, own_first_s=0.0),
    Policy(guarantee_s=16.0, own_first_s=16.0, gate=Gate(4, 1.0, 16.0), sticky_s=16.0, team_s=16.0),
)


def _same(book: Book, events: int) -> None:
    for number in range(events):
        book.happen()
        plain, fast = book.decide()
        assert list(plain) == list(fast), f"event {number} at {book.now}"


@pytest.mark.timeout(120)
def test_a_hundred_thousand_random_events() -> None:
    for seed in range(FLOORS):
        _same(Book(POLICY, seed), EVENTS // FLOORS)


@given(seed=st.integers(0, 2**32), policy=st.sampled_from(POLICIES))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_floor_under_any_policy(seed: int, policy: Policy) -> None:
    _same(Book(policy, seed), 60)


def test_the_next_change_is_said_and_true() -> None:
    pool = Pool(Policy(relax=(Step(30.0, 1),), gate=Gate(share=0.0)))
    pool.agent_ready(FreeAgent("expert", "ready", skills={"law": 3}), 100.0)
    pool.call_arrives(WaitingCall("c", "q", skills={"law": 4}, waiting_s=5.0), 100.0)
    assert pool.assign(100.0) == []
    assert pool.next_change(100.0) == 125.0
    assert pool.assign(124.0) == []
    assert [(one.call, one.agent) for one in pool.assign(125.0)] == [("c", "expert")]
    assert pool.next_change(125.0) is None


def test_whoever_left_is_not_assigned() -> None:
    pool = Pool()
    pool.call_arrives(WaitingCall("gone", "q", "diamond"), 0.0)
    pool.call_arrives(WaitingCall("here", "q"), 0.0)
    pool.agent_ready(FreeAgent("away", "ready"), 0.0)
    pool.agent_ready(FreeAgent("here", "ready"), 0.0)
    pool.call_leaves("gone")
    pool.agent_away("away")
    pool.call_leaves("never heard of")
    pool.agent_away("nobody")
    assert [(one.call, one.agent) for one in pool.assign(1.0)] == [("here", "here")]
    assert pool.assign(2.0) == []


def test_a_call_that_comes_back_has_the_place_that_it_says() -> None:
    pool = Pool()
    pool.call_arrives(WaitingCall("a", "q", waiting_s=10.0), 0.0)
    pool.call_arrives(WaitingCall("b", "q", waiting_s=5.0), 0.0)
    pool.call_arrives(WaitingCall("a", "q", waiting_s=0.0), 0.0)
    pool.agent_ready(FreeAgent("x", "ready"), 0.0)
    assert [one.call for one in pool.assign(0.0)] == ["b"]


def test_an_answer_looks_like_that_of_the_plain_form() -> None:
    call = WaitingCall("c", "q", "gold", "complaint", {"law": 2}, 12.0, sticky="x")
    agent = FreeAgent("x", "ready", 7.0, {"law": 4})
    pool = Pool()
    pool.call_arrives(call, 0.0)
    pool.agent_ready(agent, 0.0)
    assert tuple(pool.assign(0.0)) == choose([call], [agent]).assign
