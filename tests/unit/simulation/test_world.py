"""A described day: its shares, its profile, and faults that name their field."""

from __future__ import annotations

from collections import Counter

import pytest

from callwright.kit.errors import CallwrightError
from callwright.routing.simulation.world import SIZES, World, generate, parse_world


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "world"),
        ({}, "agents"),
        ({"agents": 0, "types": 1, "load": 1}, "agents"),
        ({"agents": "many", "types": 1, "load": 1}, "agents"),
        ({"agents": 1, "types": 1, "load": float("nan")}, "load"),
        ({"agents": 1, "types": 1, "load": -1}, "load"),
        ({"agents": 1, "types": 1, "load": 1, "patience_s": 0}, "patience_s"),
        ({"agents": 1, "types": 1, "load": 1, "colour": "red"}, "colour"),
        ({"agents": 1, "types": 1, "load": 1, "handling": {"talk_s": 1e99}}, "handling.talk_s"),
        ({"agents": 1, "types": 1, "load": 1, "staff": {"own_level": 6}}, "staff.own_level"),
        ({"agents": 1, "types": 1, "load": 1, "hours": 1, "profile": [1]}, "profile"),
        ({"agents": 1, "types": 1, "load": 1, "hours": 1, "profile": [0, 0]}, "profile"),
        ({"agents": 1, "types": 1, "load": 1, "tiers": {"vip": 0}}, "tiers"),
    ],
)
def test_a_fault_names_its_field(body: object, field: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        parse_world(body)
    assert caught.value.params["field"] == field


def test_a_day_is_what_its_seed_says() -> None:
    assert generate(SIZES[15], 7) == generate(SIZES[15], 7)
    assert generate(SIZES[15], 7) != generate(SIZES[15], 8)


def test_load_tiers_and_types_are_as_described() -> None:
    world = SIZES[80]
    days = [generate(world, seed) for seed in range(10)]
    callers = [caller for day in days for caller in day.callers]
    work = sum(c.talk_s + c.wrap_s for c in callers) / (len(days) * 80 * 36_000)
    assert work == pytest.approx(world.load, rel=0.05)
    tiers = Counter(caller.tier for caller in callers)
    assert tiers["vip"] / len(callers) == pytest.approx(0.10, abs=0.01)
    types = Counter(caller.type for caller in callers)
    assert types["type01"] / types["type02"] == pytest.approx(2**0.8, rel=0.1)


def test_a_profile_places_the_callers() -> None:
    world = World(agents=50, types=2, load=1, hours=2, profile=(0, 3, 0, 1))
    halves = Counter(int(c.at // 1800) for s in range(5) for c in generate(world, s).callers)
    assert set(halves) == {1, 3}
    assert halves[1] / halves[3] == pytest.approx(3, rel=0.2)


def test_agents_have_their_trades() -> None:
    for seat in generate(SIZES[80], 1).seats:
        levels = Counter(seat.skills.values())
        assert levels[5] in (1, 2)
        assert levels[2] == 2


def test_every_type_is_somebodys_own() -> None:
    own = {k for s in generate(SIZES[500], 1).seats for k, level in s.skills.items() if level == 5}
    assert len(own) == 30
