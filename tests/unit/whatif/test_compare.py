"""Two policies over the same days: words only where the interval proves them."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.whatif.scene import FACTS, past

from callwright.kit.errors import CallwrightError
from callwright.routing.policy import DEFAULT_POLICY, parse_policy
from callwright.routing.simulation.measures import Interval
from callwright.routing.whatif.compare import compare, plain, verdict
from callwright.routing.whatif.replay import Replay
from callwright.routing.whatif.wish import MOST_CALLS, Wish, affordable, draft_of

SEEDS = range(1, 21)


def _row(rows: list[dict[str, object]], measure: str, group: str, key: str) -> dict[str, object]:
    return next(r for r in rows if (r["measure"], r["group"], r["key"]) == (measure, group, key))


def test_a_policy_beside_itself_changes_nothing() -> None:
    rows = compare(Replay(past(), FACTS).day, SEEDS, DEFAULT_POLICY, DEFAULT_POLICY)
    assert {row.verdict for row in rows} == {"none", None}
    assert all(row.difference and row.difference.mean == 0 for row in rows)


def test_a_heavier_tier_waits_less_and_the_others_pay_for_it() -> None:
    flat = parse_policy({"tier_value": {}})
    steep = parse_policy({"tier_value": {"diamond": 50.0}, "guarantee_s": 1800.0})
    told: list[float] = []
    found = compare(Replay(past(orders=1.2, hours=10), FACTS).day, SEEDS, flat, steep, told.append)
    rows = [plain(row) for row in found]
    assert _row(rows, "mean_wait_s", "tier", "diamond")["verdict"] == "better"
    assert _row(rows, "mean_wait_s", "tier", "normal")["verdict"] == "worse"
    assert {row["key"] for row in rows if row["group"] == "queue"} == {"orders", "sales"}
    assert told == [pytest.approx(n / 20) for n in range(1, 21)]
    assert orjson.loads(orjson.dumps(rows)) == rows


def test_without_a_draft_the_running_policy_stands_alone() -> None:
    rows = compare(Replay(past(), FACTS).day, SEEDS, DEFAULT_POLICY, None)
    assert rows
    for row in rows:
        assert (row.draft, row.difference, row.verdict) == (None, None, None)


@given(low=st.floats(-50, 50), width=st.floats(0, 20))
def test_a_word_needs_the_whole_interval(low: float, width: float) -> None:
    change = Interval(low + width / 2, low, low + width, 20)
    waits, level = verdict("mean_wait_s", change), verdict("service_level_20", change)
    if low <= 0 <= low + width:
        assert waits == level == "none"
    else:
        assert {waits, level} == {"better", "worse"}
        assert (waits == "better") == (low < 0)
    assert verdict("occupancy", change) is None


def test_a_wish_is_refused_by_field() -> None:
    wrong: tuple[tuple[dict[str, object], str], ...] = (
        ({"draft": {"guarantee_s": 0}}, "draft.guarantee_s"),
        ({"draft": {"tier_value": {"gold": -1}}}, "draft.tier_value.gold"),
        ({"draft": {"typo": 1}}, "draft.typo"),
    )
    for body, field in wrong:
        with pytest.raises(CallwrightError) as refused:
            draft_of(Wish.model_validate(body))
        assert refused.value.params["field"] == field
    with pytest.raises(CallwrightError) as refused:
        affordable(MOST_CALLS, Wish())
    assert refused.value.params["field"] == "seeds"
    for bad in ({"seeds": 19}, {"source": {"kind": "day"}}, {"target": {"share": 2}}):
        with pytest.raises(ValueError):
            Wish.model_validate(bad)
