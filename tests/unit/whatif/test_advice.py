"""Advice: the lesson that is plainly needed comes first; where nothing helps, it says so."""

from __future__ import annotations

from tests.unit.whatif.scene import FACTS, past

from callwright.routing.policy import DEFAULT_POLICY
from callwright.routing.whatif.advice import LEVEL, MOST_LESSONS, advise, taught
from callwright.routing.whatif.replay import Replay


def test_idle_hands_should_learn_what_callers_wait_for() -> None:
    told: list[float] = []
    days = Replay(past(orders=1.0, sales=0.3), FACTS).day
    advice = advise(days, DEFAULT_POLICY, told.append, first=2, more=8)
    best = advice.effects[0]
    assert best.helps
    assert advice.helps
    assert best.lesson.queue == "orders"
    assert best.lesson.agent in ("s1", "s2", "s3")
    assert best.lesson.skills == {"orders": LEVEL}
    assert best.mean_wait_s.high is not None
    assert best.mean_wait_s.low is not None
    assert best.mean_wait_s.low < best.mean_wait_s.mean < best.mean_wait_s.high < 0
    waits = [effect.mean_wait_s.mean for effect in advice.effects]
    assert waits == sorted(waits)
    assert 0 < advice.tried <= min(MOST_LESSONS, advice.possible)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_where_nobody_waits_no_lesson_helps() -> None:
    days = Replay(past(orders=0.02, sales=0.02), FACTS).day
    advice = advise(days, DEFAULT_POLICY, first=2, more=6)
    assert not advice.helps


def test_a_lesson_raises_and_never_lowers() -> None:
    day = Replay(past(), FACTS).day(0)
    lesson = advise(Replay(past(), FACTS).day, DEFAULT_POLICY, first=1, more=2).effects[0].lesson
    after = taught(day, lesson)
    for before, seat in zip(day.seats, after.seats, strict=True):
        assert all(seat.skills[skill] >= level for skill, level in before.skills.items())
        assert (seat == before) == (seat.id != lesson.agent)
    assert day.callers == after.callers
