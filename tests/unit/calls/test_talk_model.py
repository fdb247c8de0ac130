"""The tables of a talk: each leg's end in each state, and no order of events leaves a loose end."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.calls.model import (
    CONSULT,
    ENDINGS,
    LAYOUT,
    TRANSITIONS,
    ConsultState,
    ContactState,
    Ending,
    Party,
    Place,
    after,
    consult_after,
    when_leg_ends,
)
from callwright.kit.errors import CallwrightError

C, A, T = Party.CUSTOMER, Party.OWNER, Party.TARGET
S, K, E = ContactState, ConsultState, Ending

TABLE = [
    (C, S.TALKING, None, E.END),
    (C, S.HELD, K.TALKING, E.END),
    (C, S.OUTSIDE, K.THROUGH, E.END),
    (C, S.IVR, None, E.END),
    (C, S.ENDED, None, E.NOTHING),
    (A, S.TALKING, None, E.LET_CUSTOMER_GO),
    (A, S.HELD, None, E.LET_CUSTOMER_GO),
    (A, S.DIALLING, None, E.END),
    (A, S.HELD, K.RINGING, E.REQUEUE),
    (A, S.HELD, K.TALKING, E.HAND_OVER),
    (A, S.TALKING, K.PARKED, E.HAND_OVER),
    (A, S.TALKING, K.CONFERENCE, E.HAND_OVER),
    (T, S.HELD, K.RINGING, E.BACK),
    (T, S.HELD, K.TALKING, E.BACK),
    (T, S.TALKING, K.PARKED, E.BACK),
    (T, S.TALKING, K.CONFERENCE, E.BACK),
    (T, S.OUTSIDE, K.BLIND, E.REQUEUE),
    (T, S.OUTSIDE, K.THROUGH, E.LET_CUSTOMER_GO),
    (Party.OTHER, S.TALKING, None, E.NOTHING),
    (Party.OTHER, S.WAITING, None, E.NOTHING),
]


@pytest.mark.parametrize(("party", "state", "consult", "ending"), TABLE)
def test_what_the_end_of_a_leg_means(
    party: Party, state: ContactState, consult: ConsultState | None, ending: Ending
) -> None:
    assert when_leg_ends(party, state, consult) == ending


def test_every_leg_of_a_layout_has_an_ending() -> None:
    for (state, consult), places in LAYOUT.items():
        for party in places:
            assert when_leg_ends(party, state, consult) != Ending.NOTHING, (party, state, consult)


def test_every_ending_belongs_to_a_layout() -> None:
    assert {(state, consult) for _, state, consult in ENDINGS} <= set(LAYOUT)


def test_nobody_talks_alone_and_a_held_caller_never_listens() -> None:
    for (state, consult), places in LAYOUT.items():
        for together in (Place.TALK, Place.ASIDE):
            assert list(places.values()).count(together) != 1, (state, consult)
        if state == S.HELD:
            assert places[C] == Place.MUSIC


def test_impossible_steps_say_the_state() -> None:
    with pytest.raises(CallwrightError) as error:
        after(S.WAITING, "hold")
    assert error.value.params["state"] == "waiting"
    for state, shown in ((None, "none"), (K.RINGING, "ringing")):
        with pytest.raises(CallwrightError) as error:
            consult_after(state, "swap")
        assert error.value.params["state"] == shown


@dataclass
class Floor:
    """A call as the service moves it: which legs are up, who is busy, in plain sets."""

    state: ContactState = S.TALKING
    consult: ConsultState | None = None
    agent_asked: bool = True  # the third party is a colleague, not a number
    legs: set[Party] = field(default_factory=lambda: {C, A})

    def do(self, verb: str) -> None:
        """Something that an agent may press, or an answer; what is impossible changes nothing."""
        if verb != "answer" and self.state not in (S.TALKING, S.HELD):
            return
        try:
            getattr(self, verb)()
        except CallwrightError:
            return

    def hold(self) -> None:
        """Press hold."""
        self._alone()
        self.state = after(self.state, "hold")

    def resume(self) -> None:
        """Press resume."""
        self._alone()
        self.state = after(self.state, "resume")

    def ask(self) -> None:
        """Begin a consult."""
        self._alone()
        if self.state == S.TALKING:
            self.state = after(self.state, "hold")
        self.consult, self.legs = K.RINGING, self.legs | {T}

    def put_out(self) -> None:
        """Blind transfer to a number."""
        self._alone()
        self.state = after(self.state, "put_out")
        self.consult, self.agent_asked = K.BLIND, False
        self.legs = (self.legs | {T}) - {A}

    def enqueue(self) -> None:
        """Blind transfer to a queue."""
        self._alone()
        self.state = after(self.state, "enqueue")
        self.legs -= {A}

    def answer(self) -> None:
        """The third party picks up."""
        self.consult = consult_after(self.consult, "answer")

    def swap(self) -> None:
        """Press swap."""
        self.consult = consult_after(self.consult, "swap")
        self.state = after(self.state, "hold" if self.state == S.TALKING else "resume")

    def confer(self) -> None:
        """Press conference."""
        self.consult = consult_after(self.consult, "confer")
        if self.state == S.HELD:
            self.state = after(self.state, "resume")

    def complete(self) -> None:
        """Press complete."""
        consult_after(self.consult, "put_through")
        self.hand_over()
        self.legs -= {A} if T in self.legs else set()
        self._rename()

    def cancel(self) -> None:
        """Press cancel."""
        consult_after(self.consult, "close")
        self.back()

    def back(self) -> None:
        """Agent and caller are together."""
        self.consult, self.legs = None, self.legs - {T}
        if self.state == S.HELD:
            self.state = after(self.state, "resume")

    def hand_over(self) -> None:
        """Caller and third party go on."""
        if self.agent_asked:
            self.state = after(self.state, "hand_over")
        else:
            self.consult = consult_after(self.consult, "put_through")
            self.state = after(self.state, "put_out")

    def ends(self, party: Party) -> None:
        """A leg goes, and what is decided happens."""
        if party not in self.legs:
            return
        self.legs -= {party}
        match when_leg_ends(party, self.state, self.consult):
            case Ending.END:
                self.state, self.consult, self.legs = S.ENDED, None, set()
            case Ending.LET_CUSTOMER_GO:
                self.ends(C)
            case Ending.BACK:
                self.back()
            case Ending.HAND_OVER:
                self.hand_over()
                self._rename()
            case Ending.REQUEUE:
                self.state, self.consult = after(self.state, "enqueue"), None
                self.legs -= {A, T}

    def _alone(self) -> None:
        if self.consult:
            raise CallwrightError("wrong_state")

    def _rename(self) -> None:
        """A colleague who took over owns the call from now on."""
        if self.agent_asked:
            self.consult, self.legs = None, (self.legs - {T}) | {A}


PRESSES = (
    "hold", "resume", "ask", "put_out", "enqueue", "answer", "swap", "confer", "complete", "cancel",
)  # fmt: skip
STEPS = st.lists(st.sampled_from([*PRESSES, C, A, T]), max_size=30)


@given(STEPS, st.booleans())
def test_any_order_of_events_leaves_no_loose_end(steps: list[str | Party], asked: bool) -> None:
    floor = Floor(agent_asked=asked)
    for step in steps:
        if isinstance(step, Party):
            floor.ends(step)
        else:
            floor.do(step)
        _is_sound(floor)
    floor.ends(C)
    assert (floor.state, floor.legs) == (S.ENDED, set())


def _is_sound(floor: Floor) -> None:
    """Every living leg has a place, every place a living leg; an ended call has none."""
    if floor.state == S.ENDED:
        assert not floor.legs
        return
    places = set(LAYOUT[floor.state, floor.consult])
    if floor.consult in (K.RINGING, K.BLIND):
        places |= {T}  # it rings: no place yet
    assert floor.legs == places, floor


def test_every_state_can_be_reached_and_left() -> None:
    for state in ConsultState:
        assert any(state in pair for pair in ((b, a) for (b, _), a in CONSULT.items()))
    assert all((state, "end") in TRANSITIONS for state in ContactState if state != S.ENDED)
