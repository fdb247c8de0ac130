from __future__ import annotations

import typing

import pytest

from callwright.integrations.pbx.asterisk.causes import end_cause, hangup_reason, own_end_cause
from callwright.ports.telephony import EndCause

ARI_REASONS = {
    "normal",
    "busy",
    "congestion",
    "no_answer",
    "timeout",
    "rejected",
    "unallocated",
    "failure",
}


@pytest.mark.parametrize("cause", typing.get_args(EndCause))
def test_every_cause_has_a_reason_that_asterisk_knows(cause: EndCause) -> None:
    assert hangup_reason(cause) in ARI_REASONS


@pytest.mark.parametrize(
    ("q850", "rang", "cause"),
    [
        (17, True, "busy"),
        (17, False, "busy"),
        (21, True, "rejected"),
        (19, True, "no_answer"),
        (18, True, "no_answer"),
        (19, False, "unreachable"),
        (18, False, "unreachable"),
        (1, False, "unreachable"),
        (20, False, "unreachable"),
        (34, False, "congestion"),
        (42, False, "congestion"),
        (26, True, "cancelled"),
        (127, False, "failed"),
        (0, False, "failed"),
        (999, False, "failed"),
    ],
)
def test_an_outgoing_leg_that_was_not_answered(q850: int, rang: bool, cause: str) -> None:
    assert end_cause(q850, answered=False, rang=rang, incoming=False) == cause


@pytest.mark.parametrize("q850", [0, 16, 17, 19, 31, 127])
def test_a_caller_who_was_not_answered_gave_up(q850: int) -> None:
    assert end_cause(q850, answered=False, rang=False, incoming=True) == "cancelled"


@pytest.mark.parametrize("incoming", [True, False])
def test_after_the_answer_every_end_is_normal(incoming: bool) -> None:
    assert end_cause(127, answered=True, rang=True, incoming=incoming) == "normal"


def test_our_own_hanging_up_is_told_as_asked() -> None:
    assert own_end_cause("normal", answered=True) == "normal"
    assert own_end_cause("normal", answered=False) == "cancelled"
    assert own_end_cause("busy", answered=False) == "busy"
