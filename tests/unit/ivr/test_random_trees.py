"""Whatever may be published ends: nobody is ever left in silence, whatever they do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.ivr.trees import Body, random_trees

from callwright.ivr import checks
from callwright.ivr.model import Here, Ivr, Move, begin, leave, press
from callwright.ivr.parse import parse_ivr
from callwright.ivr.rehearse import rehearse

DOES = st.lists(
    st.sampled_from([*"0123456789*#", "", "done", "found", "gold", "diamond", "not_found", "gone"]),
    max_size=80,
)
MANY = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


def moved(ivr: Ivr, here: Here, does: str) -> Move:
    """One step of a caller."""
    return press(ivr, here, does) if here.place in ivr.menus else leave(ivr, here, does)


def ends(ivr: Ivr, does: list[str]) -> tuple[Move, int]:
    """The last step of a caller, who is silent when there is nothing more to do, and how many."""
    here, steps = begin(ivr), 0
    while True:
        move = moved(ivr, here, does[steps] if steps < len(does) else "")
        steps += 1
        if move.here is None:
            return move, steps
        here = move.here


@MANY
@given(random_trees(), DOES)
def test_everybody_comes_to_a_queue_or_a_goodbye(body: Body, does: list[str]) -> None:
    ivr = parse_ivr(body)
    if checks.problem(ivr):
        return
    move, steps = ends(ivr, does)
    assert move.end is not None
    assert move.end.is_end
    assert steps <= ivr.max_steps
    assert len(rehearse(ivr, does)) == steps


@MANY
@given(random_trees())
def test_silence_ends_without_the_limit(body: Body) -> None:
    ivr = parse_ivr(body)
    if checks.problem(ivr):
        return
    move, _ = ends(ivr, [])
    assert "without an end" not in move.reason


def test_many_random_trees_may_be_published() -> None:
    """Else the tests above would look at nothing."""
    fine: list[int] = []

    @settings(max_examples=300, deadline=None, database=None)
    @given(random_trees())
    def count(body: Body) -> None:
        fine.append(checks.problem(parse_ivr(body)) is None)

    count()
    assert sum(fine) >= 60


@pytest.mark.parametrize("limit", [10, 60])
def test_the_limit_is_the_trees_own(limit: int) -> None:
    body: Body = {
        "start": "main",
        "max_steps": limit,
        "menus": {
            "main": {"prompt": ["x"], "keys": {"1": {"repeat": True}}, "otherwise": {"queue": "q"}}
        },
    }
    assert ends(parse_ivr(body), ["1"] * 200)[1] == limit
