"""The expected wait: what it is made of, and that it is right on the average."""

from __future__ import annotations

import dataclasses
import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.queues.model import Announce
from callwright.routing.expected import ENOUGH, Expectation, Handled, Lately, expected_waits
from callwright.routing.model import FreeAgent, WaitingCall
from callwright.routing.policy import DEFAULT_POLICY
from callwright.routing.speaking import minutes, number, spoken

KNOWN = Lately({"a": Handled(20, 120.0), "b": Handled(20, 120.0)}, {})


def caller(name: str, waiting_s: float, queue: str = "a") -> WaitingCall:
    return WaitingCall(name, queue, waiting_s=waiting_s)


def agent(name: str, state: str = "talking", queues: tuple[str, ...] = ("a",)) -> FreeAgent:
    return FreeAgent(name, state, queues=queues)


def seconds(
    calls: list[WaitingCall], agents: list[FreeAgent], lately: Lately = KNOWN
) -> dict[str, float | None]:
    return {
        key: found.seconds
        for key, found in expected_waits(calls, agents, lately, DEFAULT_POLICY).items()
    }


def test_each_caller_ahead_costs_a_call_shared_by_all_at_work() -> None:
    calls = [caller("first", 30), caller("second", 20), caller("third", 10)]
    found = expected_waits(calls, [agent("x"), agent("y", "wrap")], KNOWN, DEFAULT_POLICY)
    assert [found[c.id].seconds for c in calls] == [60.0, 120.0, 180.0]
    assert [found[c.id].position for c in calls] == [1, 2, 3]
    assert "2.0 callers ahead for 2 agents at work" in found["third"].reasons


def test_callers_of_another_queue_count_as_far_as_they_need_the_same_agents() -> None:
    calls = [caller("other", 30, "b"), caller("ours", 20)]
    shared = [agent("x", queues=("a", "b")), agent("y", queues=("b",))]
    assert seconds(calls, shared)["ours"] == 180.0  # half of the other one, for one agent
    assert expected_waits(calls, shared, KNOWN, DEFAULT_POLICY)["ours"].position == 1
    apart = [agent("x"), agent("y", queues=("b",))]
    assert seconds(calls, apart)["ours"] == 120.0


@pytest.mark.parametrize("state", ["break", "offline"])
def test_who_is_not_at_work_takes_nothing(state: str) -> None:
    found = expected_waits([caller("c", 1)], [agent("x", state)], KNOWN, DEFAULT_POLICY)["c"]
    assert found.seconds is None
    assert found.reasons == ("nobody who can take it is at work",)


def test_a_free_agent_is_no_wait() -> None:
    assert seconds([caller("c", 1)], [agent("x", "ready")], Lately({}, {})) == {"c": 0.0}


def test_the_steps_down_when_too_few_calls_were_handled() -> None:
    few, many = Handled(ENOUGH - 1, 10.0), Handled(ENOUGH, 40.0)
    at_work = [agent("x")]

    def after(recent: dict[str, Handled], day: dict[str, Handled]) -> Expectation:
        return expected_waits([caller("c", 1)], at_work, Lately(recent, day), DEFAULT_POLICY)["c"]

    assert after({"a": many}, {}).reasons[-1].endswith("(this queue lately)")
    assert after({"a": few}, {"a": many}).reasons[-1].endswith("(this queue in a day)")
    assert after({"a": few, "b": many}, {"a": few}).seconds == pytest.approx(26.7)
    assert after({}, {"b": many}).reasons[-1].endswith("(all queues in a day)")
    unknown = after({"a": few}, {"a": few})
    assert unknown.seconds is None
    assert "fewer than 5" in unknown.reasons[-1]


Queues = st.sampled_from(["a", "b", "c"])
Calls = st.lists(st.tuples(Queues, st.floats(0, 3600)), max_size=12)
Agents = st.lists(
    st.tuples(
        st.sets(Queues, max_size=3),
        st.sampled_from(["ready", "talking", "wrap", "hold", "ringing", "break", "offline"]),
    ),
    max_size=8,
)


@given(Calls, Agents, st.randoms(use_true_random=False))
def test_what_always_holds(
    calls: list[tuple[str, float]], agents: list[tuple[set[str], str]], order: random.Random
) -> None:
    waiting = [caller(str(no), since, queue) for no, (queue, since) in enumerate(calls)]
    crew = [agent(str(no), state, tuple(q)) for no, (q, state) in enumerate(agents)]
    found = expected_waits(waiting, crew, KNOWN, DEFAULT_POLICY)
    assert found.keys() == {call.id for call in waiting}
    mixed = (order.sample(waiting, len(waiting)), order.sample(crew, len(crew)))
    assert expected_waits(*mixed, KNOWN, DEFAULT_POLICY) == found
    for call in waiting:
        now = found[call.id].seconds
        assert now is None or now >= 0
        more = seconds(waiting, [*crew, agent("one more", "talking", (call.queue,))])[call.id]
        assert more is not None
        assert now is None or more <= now + 0.1
    by_queue: dict[str, list[Expectation]] = {}
    for call in waiting:
        by_queue.setdefault(call.queue, []).append(found[call.id])
    for places in by_queue.values():
        places.sort(key=lambda expected: expected.position)
        assert [place.position for place in places] == list(range(1, len(places) + 1))
        known = [place.seconds for place in places if place.seconds is not None]
        assert known == sorted(known)


@pytest.mark.parametrize("agents", [1, 4, 20])
def test_on_the_average_the_wait_is_what_was_expected(agents: int) -> None:
    """Calls of random length, one queue, everybody busy: the mean error is small."""
    rng, mean_s = random.Random(20261201), 180.0
    crew = [agent(f"{no}") for no in range(agents)]
    lately = Lately({"a": Handled(100, mean_s)}, {})
    told = real = 0.0
    for _ in range(300):
        waiting = [caller(f"{no:02}", 60.0 - no) for no in range(rng.randint(1, 12))]
        last = waiting[-1].id
        told += expected_waits(waiting, crew, lately, DEFAULT_POLICY)[last].seconds or 0.0
        free_at = [rng.expovariate(1 / mean_s) for _ in crew]
        heapq.heapify(free_at)
        for _ahead in waiting[:-1]:
            begin = heapq.heappop(free_at)
            heapq.heappush(free_at, begin + rng.expovariate(1 / mean_s))
        real += free_at[0]
    assert told == pytest.approx(real, rel=0.08)


@pytest.mark.parametrize(
    ("wait_s", "told"), [(0, 0), (59.9, 0), (60, 1), (89, 1), (90, 2), (149, 2), (150, 3)]
)
def test_whole_minutes(wait_s: float, told: int) -> None:
    assert minutes(wait_s) == told


@pytest.mark.parametrize(
    ("expected", "chinese", "english"),
    [
        (Expectation(1, 20, ()), "place_next wait_short", "place_next wait_short"),
        (Expectation(2, 120, ()), "place_2 wait_2",
         "place_before number_2 place_after wait_before number_2 wait_after"),
        (Expectation(15, 60, ()), "place_before number_10 number_5 place_after wait_minute",
         "place_before number_15 place_after wait_minute"),
        (Expectation(23, 2520, ()), "place_before number_20 number_3 place_after wait_before "
         "number_40 number_2 wait_after", "place_before number_20 number_3 place_after "
         "wait_before number_40 number_2 wait_after"),
        (Expectation(100, 7200, ()), "wait_long", "wait_long"),
        (Expectation(10, 600, ()), "place_10 wait_10",
         "place_before number_10 place_after wait_before number_10 wait_after"),
        (Expectation(3, None, ()), "place_3",
         "place_before number_3 place_after"),
    ],
)  # fmt: skip
def test_what_is_said(expected: Expectation, chinese: str, english: str) -> None:
    both = Announce(position=True, wait=True)
    assert " ".join(spoken(both, expected, "zh-Hant")) == chinese
    assert " ".join(spoken(both, expected, "en")) == english


def test_only_what_is_wanted_and_known_is_said() -> None:
    known, unknown = Expectation(2, 300, ()), Expectation(100, None, ())
    assert spoken(Announce(), known, "zh") == ()
    assert spoken(Announce(wait=True), known, "en")[0] == "wait_before"
    assert spoken(Announce(position=True, wait=True), unknown, "zh") == ()


def test_every_number_has_a_way_to_be_said() -> None:
    pieces = {
        piece for english in (True, False) for n in range(100) for piece in number(n, english)
    }
    assert len(pieces) == 11 + 9 + 8  # 0-10, 11-19 in English, tens
    assert all(len(number(n, english=False)) <= 2 for n in range(100))
    assert dataclasses.is_dataclass(Expectation)
