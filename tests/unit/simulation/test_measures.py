"""Figures of a day by hand, and intervals as the books have them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from callwright.routing.simulation.day import Caller
from callwright.routing.simulation.engine import End, Fate, Outcome
from callwright.routing.simulation.measures import (
    MEASURES,
    _t95,
    interval,
    measure,
    paired,
    quantile,
    summary,
)


def _fate(wait: float, tier: str = "", level: int = 5, end: End = End.ANSWERED) -> Fate:
    caller = Caller(f"{wait} {tier}", 0.0, "q", 60.0, 1000.0, tier=tier)
    return Fate(caller, wait, end, "a" if end is End.ANSWERED else "", level, level > 2)


def test_figures_of_a_day_counted_by_hand() -> None:
    fates = (_fate(0), _fate(20, "vip"), _fate(40, level=2), _fate(100, end=End.ABANDONED))
    found = measure(Outcome(fates, {"a": 1200.0, "b": 600.0}, {"a": 2000.0, "b": 2000.0}))
    assert set(MEASURES) <= set(found)
    assert found["mean_wait_s"] == 40
    assert found["asa_s"] == 20
    assert found["p50_wait_s"] == 30
    assert found["service_level_20"] == 0.5
    assert found["abandoned"] == 0.25
    assert found["match"] == found["right_first_time"] == pytest.approx(2 / 3)
    assert found["longest_ordinary_wait_s"] == 100
    assert found["mean_wait_s.vip"] == 20
    assert found["occupancy"] == pytest.approx(0.45)
    assert found["occupancy_spread"] == pytest.approx(0.15)


def test_nothing_to_divide_by_is_no_figure() -> None:
    found = measure(Outcome((), {}, {}))
    assert found["calls"] == 0
    assert all(found[name] is None for name in MEASURES if name != "calls")
    assert "mean_wait_s" not in summary([found])


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_quantiles_are_numpys(count: int) -> None:
    values = sorted(np.random.default_rng(count).exponential(1, count).tolist())
    for share in (0.0, 0.5, 0.9, 1.0):
        assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)))


@pytest.mark.parametrize(
    ("freedom", "point"), [(1, 12.706), (19, 2.093), (24, 2.064), (40, 2.021), (1000, 1.962)]
)
def test_students_points(freedom: int, point: float) -> None:
    assert _t95(freedom) == pytest.approx(point, abs=0.001)


def test_an_interval_by_hand() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0])
    half = 3.182 * math.sqrt(5 / 3) / 2
    assert (found.mean, found.days) == (2.5, 4)
    assert found.low == pytest.approx(2.5 - half)
    assert interval([3.0]).low is None


def test_pairing_takes_out_what_the_days_share() -> None:
    ours = [{"w": 10.0 + 100 * day} for day in range(20)]
    theirs = [{"w": 12.0 + 100 * day} for day in range(20)]
    found = paired(ours, theirs)["w"]
    assert found.mean == pytest.approx(-2)
    assert found.high is not None
    assert found.high < 0
