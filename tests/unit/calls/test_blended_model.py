"""Who is called back without having asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.calls.blended_model import AT_HOME, GAVE_UP, Left, why_not
from callwright.calls.model import END_REASON, MISSED
from callwright.queues.promises import CallbackRule

ON = CallbackRule(abandoned=True, abandoned_after_s=5)
GONE = Left(
    reason="abandoned_queue", waited_s=30.0, number="+8613816527394", number_kind="mobile",
    guarded=False, unwilling=False, way_out=True,
)  # fmt: skip
KINDS = ["mobile", "landline", "service", "extension", "hidden", "foreign", "invalid"]
REASONS = sorted(MISSED | set(END_REASON.values()) | {"blocked", "callback_requested"})


@given(
    st.builds(
        Left, st.sampled_from(REASONS), st.floats(0, 900), st.sampled_from(["", "+8613816527394"]),
        st.sampled_from(KINDS), st.booleans(), st.booleans(), st.booleans(),
    ),
    st.builds(CallbackRule, abandoned=st.booleans(), abandoned_after_s=st.integers(0, 600)),
)  # fmt: skip
def test_only_who_gave_up_can_be_reached_and_may_be_called(left: Left, rule: CallbackRule) -> None:
    called = why_not(left, rule) == ""
    assert called == (
        rule.abandoned
        and left.reason in ("abandoned_queue", "abandoned_ringing")
        and left.waited_s > rule.abandoned_after_s
        and left.number != ""
        and left.number_kind in AT_HOME
        and not (left.guarded or left.unwilling)
        and left.way_out
    )


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"reason": "abandoned_ivr"}, "did not give up waiting"),
        ({"reason": "callback_requested"}, "did not give up waiting"),
        ({"waited_s": 5.0}, "hung up too soon"),
        ({"number": ""}, "the number is not known"),
        ({"number_kind": "foreign"}, "not a number of this country"),
        ({"guarded": True}, "guarded"),
        ({"unwilling": True}, "wants no calls"),
        ({"way_out": False}, "no line leads out"),
    ],
)
def test_the_reason_is_told(change: dict[str, Any], because: str) -> None:
    assert why_not(GONE, ON) == ""
    assert why_not(replace(GONE, **change), ON) == because
    assert why_not(GONE, CallbackRule()) == "the queue does not"


def test_who_gave_up_is_missed_too() -> None:
    assert GAVE_UP <= MISSED
