"""Patience from a log in which most callers were answered before they gave up."""

from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from callwright.routing.whatif.patience import FEWEST, by_queue, estimate

Waits = st.lists(st.tuples(st.floats(0, 500), st.booleans()), max_size=60)


def test_the_product_limit_of_a_textbook_example() -> None:
    # left at 1, 3; served at 2, 4: S(1) = 3/4, S(3) = 3/4 * 1/2
    found = estimate([(1.0, True), (2.0, False), (3.0, True), (4.0, False)])
    assert found.times == (1.0, 3.0)
    assert found.staying == (0.75, 0.375)
    assert found.rate == 2 / 10
    assert (found.abandoned, found.censored) == (2, 2)


def test_exponential_patience_is_found_again_behind_censoring() -> None:
    numbers = random.Random(1)
    rows = []
    for _ in range(20_000):
        patience, offered = numbers.expovariate(1 / 120), numbers.expovariate(1 / 60)
        rows.append((min(patience, offered), patience < offered))
    found = estimate(rows)
    drawn = [found.draw(numbers.random() or 0.5) for _ in range(4000)]
    assert abs(1 / found.rate - 120) < 4
    assert abs(sum(drawn) / len(drawn) - 120) < 8
    beyond = [found.draw(numbers.random() or 0.5, beyond=100.0) for _ in range(2000)]
    assert min(beyond) >= 100.0, "who waited 100 s is more patient than that"
    assert abs(sum(beyond) / len(beyond) - 220) < 14, "exponential patience has no memory"


def test_nobody_gave_up_so_nobody_does() -> None:
    found = estimate([(5.0, False), (9.0, False)])
    assert found.draw(0.5) == math.inf
    assert found.draw(0.5, beyond=20.0) == math.inf


def test_a_small_queue_borrows_from_all() -> None:
    rows = [("big", float(n), n % 2 == 0) for n in range(4 * FEWEST)] + [("small", 3.0, True)]
    found = by_queue(rows)
    assert found["small"] is found[""]
    assert found["big"] is not found[""]


@given(rows=Waits, u=st.floats(0.001, 0.999), beyond=st.floats(0, 600))
def test_whoever_waited_is_drawn_as_at_least_so_patient(
    rows: list[tuple[float, bool]], u: float, beyond: float
) -> None:
    found = estimate(rows)
    assert found.draw(u, beyond) >= beyond or math.isclose(found.draw(u, beyond), beyond)
    assert all(0 <= share <= 1 for share in found.staying)
    assert list(found.staying) == sorted(found.staying, reverse=True)
