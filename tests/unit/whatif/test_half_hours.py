"""The staffing hint by half hours: calls and people fall where they belong."""

from __future__ import annotations

import math

import pytest
from tests.unit.whatif.scene import FACTS, HOUR, past

from callwright.routing.simulation.day import Caller, Day, Seat
from callwright.routing.whatif.half_hours import half_hours, patience_of
from callwright.routing.whatif.made_up import MadeUp, Recipe, can_serve
from callwright.routing.whatif.replay import QueueFacts, Replay
from callwright.routing.whatif.staffing import Load, Target, need


def test_each_half_hour_has_its_calls_and_its_people() -> None:
    day = Replay(past(), FACTS).day(0)
    found = half_hours([day], Target(), midnight_s=-9 * HOUR)
    assert [slot.start for slot in found] == [32_400 + 1800 * n for n in range(8)]
    assert sum(slot.calls for slot in found) == len(day.callers)
    for slot in found:
        assert slot.on_duty == pytest.approx(5.0)
        assert slot.pooled.service.level >= 0.8
        assert slot.separate >= slot.pooled.agents, "who shares nothing needs more people"
        assert slot.separate == sum(queue.agents for queue in slot.queues)


def test_several_days_are_averaged_over_midnight() -> None:
    callers = tuple(
        Caller(f"c{n}", n * 86_400.0 + 23.75 * HOUR, "orders", 100.0, math.inf) for n in range(4)
    )
    seat = Seat("a", shifts=((22 * HOUR, 26 * HOUR), (46 * HOUR, 50 * HOUR)))
    found = half_hours([Day(callers, (seat,), end=4 * 86_400.0)], Target(), stretch_days=4)
    assert [(slot.start, slot.calls, slot.on_duty) for slot in found] == [(84_600, 1.0, 0.5)]
    assert found[0].pooled.agents == need(Load(1 / 1800, 100.0), Target()).agents


def test_patience_is_the_median_of_an_exponential() -> None:
    callers = [Caller(str(n), 0, "q", 1, float(n)) for n in range(1, 102)]
    assert patience_of(callers) == pytest.approx(51 / math.log(2))
    assert patience_of([Caller("x", 0, "q", 1, math.inf)]) is None
    assert patience_of([]) is None


def test_made_up_days_load_the_people_as_told() -> None:
    seats = [Seat(f"a{n}", {"orders": 4}, ()) for n in range(20)]
    source = MadeUp(Recipe(load=0.8), [*FACTS.values(), QueueFacts("all")], seats)
    assert [queue.key for queue in source.queues] == ["orders", "all"], "nobody can sell"
    day = source.day(3)
    assert day == source.day(3)
    work = sum(c.talk_s + c.wrap_s + c.ring_s for c in day.callers)
    assert work / (len(seats) * day.end) == pytest.approx(0.8, rel=0.12)
    assert can_serve(seats[0], FACTS["orders"])
    assert not can_serve(seats[0], FACTS["sales"])
    assert MadeUp(Recipe(), [FACTS["sales"]], seats).day(1).callers == ()
