"""What follows an attempt, when one may be made, and who is before whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from callwright.calls.callback_model import (
    EARLIEST,
    LATEST,
    OPEN,
    TRANSITIONS,
    Attempt,
    Callback,
    CallbackState,
    Standing,
    after_attempt,
    ahead_of,
    look_again_at,
)
from callwright.ivr.callback_model import MOST_MISSES, Asking, answer, question, typed

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
REASONS = st.sampled_from(
    ["no_answer", "busy", "rejected", "unreachable", "normal", "cancelled", "pbx_lost",
     "agent_no_answer", "abandoned_queue", "queue_timeout"]
)  # fmt: skip
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)


def promise(**changes: object) -> Callback:
    """A callback that waits."""
    values: dict[str, object] = {
        "id": uuid4(), "contact_id": uuid4(), "caller": "+8613800000000",
        "number": "+8613800000000", "customer_id": None, "site": "main", "queue": "orders",
        "line": "4008001234", "language": "zh", "first": "agent",
        "state": CallbackState.DIALLING, "requested_at": NOON, "aged_from": NOON,
        "not_before": NOON, "tries": 0, "most_tries": 3, "retry_min": 15, "done_at": None,
        "reason": "", "by": "",
    }  # fmt: skip
    return Callback(**{**values, **changes})  # type: ignore[arg-type]


@given(
    st.lists(st.builds(Attempt, REASONS, st.booleans(), st.booleans()), max_size=40),
    st.integers(1, 10),
)
def test_no_phone_is_dialled_more_often_than_the_rule_says(
    outcomes: list[Attempt], most: int
) -> None:
    one, rung = promise(most_tries=most), 0
    for attempt in outcomes:
        following = after_attempt(one, attempt, NOON)
        assert one.tries <= following.tries <= one.tries + 1
        rung += attempt.dialled and attempt.reason != "pbx_lost"
        assert following.tries == rung <= most
        assert following.not_before >= NOON
        if following.trigger == "fail":
            return
        one = promise(most_tries=most, tries=following.tries)


def test_what_each_outcome_means() -> None:
    one = promise(most_tries=2, retry_min=10)
    busy = after_attempt(one, Attempt("busy", dialled=True, answered=False), NOON)
    assert (busy.trigger, busy.tries) == ("give_back", 1)
    assert busy.not_before == NOON + timedelta(minutes=10)
    ours = after_attempt(one, Attempt("agent_no_answer", dialled=False, answered=False), NOON)
    assert (ours.trigger, ours.tries, ours.not_before) == ("give_back", 0, NOON)
    picked_up = after_attempt(one, Attempt("abandoned_queue", dialled=True, answered=True), NOON)
    assert picked_up.trigger == "fail"
    left = after_attempt(one, Attempt("cancelled", dialled=True, answered=True), NOON)
    assert left.trigger == "give_back"
    last = after_attempt(promise(tries=1, most_tries=2), Attempt("busy", True, False), NOON)
    assert (last.trigger, last.tries) == ("fail", 2)


def test_what_is_over_stays_over() -> None:
    assert {before for before, _ in TRANSITIONS} == set(OPEN)


@given(moments, st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London"]))
def test_the_hours_of_calls_hold_in_every_zone(now: datetime, zone: str) -> None:
    later = look_again_at(now, zone, True)
    hour = now.astimezone(ZoneInfo(zone)).hour
    assert (later is None) == (EARLIEST <= hour < LATEST)
    if later is not None:
        local = later.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (EARLIEST, 0)
        assert now < later <= now + timedelta(hours=12)
        assert look_again_at(later, zone, True) is None
    shut = look_again_at(now, zone, False)
    assert shut is not None
    assert shut > now


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["orders", "sales"])), max_size=12))
def test_places_are_one_order_without_gaps(waits: list[tuple[int, str]]) -> None:
    line_up = [
        Standing(str(number), queue, NOON + timedelta(seconds=age))
        for number, (age, queue) in enumerate(waits)
    ]
    for queue in ("orders", "sales"):
        own = [one for one in line_up if one.queue == queue]
        assert sorted(ahead_of(one, line_up) for one in own) == list(range(len(own)))


def test_the_question_reads_back_what_would_be_dialled() -> None:
    own = question(Asking("+8613816527394"))
    assert own == (
        "callback_number_ends", "number_7", "number_3", "number_9", "number_4", "callback_confirm"
    )  # fmt: skip
    other = question(Asking("+8613816527394", typed=True))
    assert other[0] == "callback_number"
    assert len(other) == 15
    assert question(Asking("")) == ("callback_type",)


@given(st.lists(st.text("0123456789*#", max_size=12), max_size=30), st.booleans())
def test_nothing_is_promised_without_a_yes_to_a_number_that_was_read(
    keys: list[str], known: bool
) -> None:
    asking = Asking("+8613816527394" if known else "")
    for pressed in keys:
        if asking.number:
            step = answer(asking, pressed)
        else:
            step = typed(asking, pressed, pressed if pressed.startswith("13") else "")
        if step.then == "promise":
            assert asking.number
            assert pressed == "1"
        assert step.asking.misses <= MOST_MISSES
        if step.then != "ask":
            return
        asking = step.asking


@given(st.builds(Attempt, REASONS, st.booleans(), st.booleans()), st.integers(0, 120))
def test_nothing_is_tried_again_after_its_time(attempt: Attempt, minutes: int) -> None:
    ends = NOON + timedelta(minutes=minutes)
    one = promise(blended=True, expires_at=ends, retry_min=30)
    following = after_attempt(one, attempt, NOON)
    assert following.trigger == "fail" or following.not_before < ends
    endless = after_attempt(promise(retry_min=30), attempt, NOON)
    assert (following.tries, following.not_before) == (endless.tries, endless.not_before)
