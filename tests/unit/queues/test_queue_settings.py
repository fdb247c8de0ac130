"""Queue settings that cannot be are refused with their field."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callwright.kit.errors import CallwrightError
from callwright.queues.api import QueueBody
from callwright.queues.model import CAUSES, KINDS, Cause, Queue, Target, check, queue_of_row
from callwright.routing.overflow import GOODBYE, REASON, kinds

BASE = Queue("orders", "订单", "物流", {}, 15, 600, 30)
SALES = dataclasses.replace(BASE, key="sales", name="销售")


def refused(queue: Queue, *others: Queue, calendars: tuple[str, ...] = ("hours",)) -> str:
    """The field that the error names; empty = it is fine."""
    try:
        check(queue, [BASE, SALES, *others], calendars)
    except CallwrightError as error:
        return str(error.params["field"])
    return ""


def to(**ways: Target) -> Queue:
    overflow = {cause: ways[cause] for cause in CAUSES if cause in ways}
    return dataclasses.replace(BASE, calendar="hours", max_waiting=5, overflow=overflow)


@pytest.mark.parametrize(
    ("queue", "field"),
    [
        (BASE, ""),
        (dataclasses.replace(BASE, name=" 销售 "), "name"),
        (dataclasses.replace(BASE, calendar="never made"), "calendar"),
        (dataclasses.replace(BASE, overflow={"after_hours": Target("goodbye")}),
         "overflow.after_hours"),
        (dataclasses.replace(BASE, overflow={"full": Target("goodbye")}), "overflow.full"),
        (to(full=Target("goodbye", prompt="goodbye_full")), ""),
        (to(full=Target("queue", queue="sales")), ""),
        (to(full=Target("queue")), "overflow.full.queue"),
        (to(too_long=Target("queue", queue="nowhere")), "overflow.too_long.queue"),
        (to(too_long=Target("queue", queue="orders")), "overflow.too_long.queue"),
        (to(too_long=Target("carrier pigeon")), "overflow.too_long.kind"),
        (to(nobody_on_duty=Target("goodbye", queue="sales")), "overflow.nobody_on_duty.queue"),
    ],
)  # fmt: skip
def test_the_field_is_named(queue: Queue, field: str) -> None:
    assert refused(queue) == field


def test_a_circle_is_refused_whatever_its_causes() -> None:
    back = dataclasses.replace(SALES, overflow={"too_long": Target("queue", queue="third")})
    third = dataclasses.replace(
        BASE,
        key="third",
        name="third",
        overflow={"nobody_on_duty": Target("queue", queue="orders")},
    )
    queue = to(full=Target("queue", queue="sales"))
    with pytest.raises(CallwrightError) as caught:
        check(queue, [BASE, back, third], {"hours"})
    assert caught.value.params["field"] == "overflow.full.queue"
    assert "orders → sales → third → orders" in str(caught.value)


KEYS = ("a", "b", "c", "d", "e")
Ways = st.dictionaries(
    st.sampled_from(KEYS),
    st.dictionaries(st.sampled_from(CAUSES), st.sampled_from(KEYS), max_size=3),
)


@given(Ways)
def test_queues_that_were_let_in_one_by_one_lead_nobody_round(
    ways: dict[str, dict[Cause, str]],
) -> None:
    """Whatever is accepted: from every queue the way ends."""
    known = {key: Queue(key, key, "", {}, 15, 600, 30, "hours", max_waiting=3) for key in KEYS}
    for key, targets in ways.items():
        overflow = {cause: Target("queue", queue=queue) for cause, queue in targets.items()}
        wanted = dataclasses.replace(known[key], overflow=overflow)
        try:
            check(wanted, list(known.values()), {"hours"})
        except CallwrightError:
            continue
        known[key] = wanted
    for key in KEYS:
        reached, front = set[str](), {key}
        while front:
            front = {t.queue for at in front for t in known[at].overflow.values()}
            assert key not in front
            assert len(reached) <= len(KEYS)
            front -= reached
            reached |= front


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"announce": {"every_s": 9}}, "announce.every_s"),
        ({"max_waiting": 0}, "max_waiting"),
        ({"max_wait_s": -1}, "max_wait_s"),
        ({"ring_s": 10**9}, "ring_s"),
        ({"skills": {"退款": 6}}, "skills.退款"),
        ({"skills": {"退款": 0}}, "skills.退款"),
        ({"greeting": "../../etc/passwd"}, "greeting"),
        ({"overflow": {"sometimes": {"kind": "goodbye"}}}, "overflow.sometimes"),
        ({"overflow": {"full": {"kind": "goodbye", "to": "x"}}}, "overflow.full.to"),
        ({"name": "   "}, "name"),
        ({"musik": "x"}, "musik"),
    ],
)
def test_values_out_of_range_are_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        QueueBody.model_validate({"name": "x", "department": "y", **change})
    assert ".".join(map(str, caught.value.errors()[0]["loc"])).startswith(field)


def test_what_is_written_is_read_again() -> None:
    queue = to(full=Target("queue", queue="sales"), too_long=Target("goodbye", prompt="bye"))
    assert queue_of_row(dataclasses.asdict(queue)) == queue
    later = {"calendar", "greeting", "music", "max_waiting", "announce", "overflow"}
    bare = {name: value for name, value in dataclasses.asdict(BASE).items() if name not in later}
    assert queue_of_row(bare) == BASE


def test_every_kind_that_may_be_set_can_be_carried_out() -> None:
    assert kinds() == frozenset(KINDS)
    assert set(GOODBYE) == set(REASON) == set(CAUSES)
