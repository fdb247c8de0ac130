"""A past stretch as days: what is known stays, what is not is drawn, the same for all policies."""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest
from tests.unit.whatif.scene import FACTS, past

from callwright.routing.whatif.past import Past, PastAgent, PastCall
from callwright.routing.whatif.replay import Replay


def test_the_day_as_it_was_keeps_everything_that_is_known() -> None:
    before = past()
    day = Replay(before, FACTS).day(0)
    assert [caller.at for caller in day.callers] == [call.at for call in before.calls]
    known = {call.id: call for call in before.calls}
    for caller in day.callers:
        call = known[caller.id]
        assert (caller.queue, caller.tier) == (call.queue, call.tier)
        assert caller.patience_s <= FACTS[call.queue].max_wait_s
        if call.end == "abandoned":
            assert caller.patience_s == call.waited_s
        else:
            assert caller.patience_s >= call.waited_s
            assert caller.talk_s == pytest.approx(call.talk_s)
            assert (caller.ring_s, caller.wrap_s) == (3.0, 27.0)


def test_a_seed_is_one_day_and_seeds_differ_around_the_same_mean() -> None:
    replay = Replay(past(), FACTS)
    assert replay.day(7) == replay.day(7)
    counts = [len(replay.day(seed).callers) for seed in range(1, 41)]
    assert len(set(counts)) > 10
    assert statistics.fmean(counts) == pytest.approx(len(replay.calls), rel=0.05)
    ids = [caller.id for caller in replay.day(3).callers]
    assert len(ids) == len(set(ids)), "a call that comes twice is two callers"
    times = [caller.at for caller in replay.day(3).callers]
    assert times == sorted(times)
    assert min(times) >= 0
    assert max(times) <= replay.past.seconds


def test_who_met_nobody_on_duty_is_left_out() -> None:
    first = past().calls[0]
    sent_away = replace(first, id="x", end="other", exit="no_agents", waited_s=0.4)
    replay = Replay(replace(past(), calls=(*past().calls, sent_away)), FACTS)
    assert replay.left_out == 1
    assert "x" not in {caller.id for caller in replay.day(0).callers}


def test_a_talk_with_less_than_an_own_skill_is_brought_to_one() -> None:
    agent = PastAgent("a", "a", {"orders": 2}, (), ((0.0, 1000.0),))
    call = PastCall("1", 5, "orders", "", "zh", 10, "answered", "answered", "a", 2.0, 120.0)
    day = Replay(Past("2026-11-23T09:00:00+08:00", 1000, (call,), (agent,)), FACTS).day(0)
    assert day.callers[0].talk_s == pytest.approx(100.0), "1.2 times as long at level 2"


def test_unknown_talks_are_those_of_the_same_queue() -> None:
    before = past()
    calls = tuple(
        replace(call, talk_s=None if call.queue == "sales" and n % 2 else call.talk_s)
        for n, call in enumerate(before.calls)
    )
    known = {call.talk_s for call in calls if call.queue == "sales" and call.talk_s is not None}
    day = Replay(replace(before, calls=calls), FACTS).day(0)
    drawn = {caller.talk_s for caller in day.callers if caller.queue == "sales"}
    assert {round(talk, 6) for talk in drawn} <= {round(talk, 6) for talk in known}
