"""Whatever people press, a ticket is in a state of the table and nothing else is written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.kit.errors import CallwrightError
from callwright.tickets.model import (
    FIELDS,
    TRANSITIONS,
    UNSOLVED,
    TicketState,
    after,
    differences,
    trigger_to,
)

TRIGGERS = sorted({trigger for _, trigger in TRANSITIONS})


@given(st.lists(st.sampled_from(TRIGGERS), max_size=40))
def test_every_run_of_triggers_ends_in_a_state_or_is_refused_with_it(triggers: list[str]) -> None:
    state = TicketState.OPEN
    for trigger in triggers:
        if (state, trigger) in TRANSITIONS:
            state = after(state, trigger)
            continue
        with pytest.raises(CallwrightError) as refused:
            after(state, trigger)
        assert (refused.value.status, refused.value.params["state"]) == (409, state.value)


@given(st.sampled_from(TicketState), st.sampled_from(TicketState))
def test_a_wanted_state_is_reached_by_its_trigger_or_refused(
    state: TicketState, wanted: TicketState
) -> None:
    reachable = {following for (before, _), following in TRANSITIONS.items() if before == state}
    if wanted in reachable:
        assert after(state, trigger_to(state, wanted)) == wanted
    else:
        with pytest.raises(CallwrightError, match="wrong_state"):
            trigger_to(state, wanted)


def test_everything_settled_comes_back() -> None:
    for state in TicketState:
        if state not in UNSOLVED:
            assert after(state, "reopen") is TicketState.OPEN


VALUES = st.none() | st.sampled_from(["a", "b", ""])
EDITS = st.dictionaries(st.sampled_from([*FIELDS, "no", "evidence"]), VALUES)


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)), EDITS)
def test_only_what_really_changes_is_a_change(
    present: dict[str, str | None], wanted: dict[str, str | None]
) -> None:
    found = differences(present, wanted)
    merged = present | {change.what: change.after for change in found}
    assert merged == present | {name: wanted[name] for name in FIELDS if name in wanted}
    assert all(change.before != change.after for change in found)
    assert not differences(merged, wanted)
