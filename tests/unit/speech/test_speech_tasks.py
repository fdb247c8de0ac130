"""A leg keeps the sound that is not dealt with, and repeats exactly that to a new child."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.integrations.speech.tasks import MOST_BEHIND_S, LiveLeg
from callwright.integrations.speech.wire import Drop, Finish, Heard, Open, Order, Sound
from callwright.kit.errors import CallwrightError
from callwright.ports.speech import StreamOptions, Utterance

RATE = 8000
OPTIONS = StreamOptions(RATE, "zh")


class Desk:
    """Stands where the worker stands: begins legs, keeps orders."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.forgotten: list[int] = []

    def leg(self) -> LiveLeg:
        """A leg whose child is there from the first sound."""
        return LiveLeg(7, OPTIONS, self.begin, lambda leg: self.forgotten.append(leg.number))

    def begin(self, leg: LiveLeg) -> None:
        """As the worker does with a running child."""
        leg.begin(self.orders.append)

    @property
    def sound(self) -> bytes:
        """Everything sent."""
        return b"".join(order.pcm for order in self.orders if isinstance(order, Sound))


def pcm(seconds: float, start: int = 0) -> bytes:
    """Samples that can be told apart."""
    count = int(seconds * RATE)
    return b"".join(
        (number % 30000).to_bytes(2, "little") for number in range(start, start + count)
    )


def heard(done_to: float, text: str = "") -> Heard:
    """An answer."""
    return Heard(7, Utterance(text, 0.0, done_to) if text else None, done_to, 0.0)


async def test_sound_goes_out_in_pieces_and_completely() -> None:
    desk = Desk()
    leg = desk.leg()
    sound = pcm(1.03)
    for begin in range(0, len(sound), 320):
        leg.feed(sound[begin : begin + 320])
    await leg.finish()
    assert desk.orders[0] == Open(7, RATE, "zh", (), 0.0)
    assert desk.orders[-1] == Finish(7)
    assert desk.sound == sound
    assert len(desk.orders) < 20, "every frame of 20 ms became an order of its own"


@given(st.floats(0.0, 3.0))
@settings(deadline=None)
def test_a_new_child_gets_what_the_old_one_left_undone(done_to: float) -> None:
    desk = Desk()
    leg = desk.leg()
    sound = pcm(3.0)
    leg.feed(sound)
    leg.heard(heard(done_to))
    assert leg.child_gone()
    desk.orders.clear()
    leg.begin(desk.orders.append)
    at = int(done_to * RATE)
    assert desk.orders[0] == Open(7, RATE, "zh", (), at / RATE)
    assert desk.sound == sound[2 * at :]


async def test_finish_is_repeated_to_a_new_child() -> None:
    desk = Desk()
    leg = desk.leg()
    leg.feed(pcm(1))
    await leg.finish()
    leg.child_gone()
    desk.orders.clear()
    leg.begin(desk.orders.append)
    assert desk.orders[-1] == Finish(7)


def test_progress_gives_a_leg_another_try() -> None:
    leg = Desk().leg()
    leg.feed(pcm(1))
    assert leg.child_gone()
    leg.heard(heard(0.5))
    assert leg.child_gone()
    assert not leg.child_gone()


async def test_utterances_then_the_end() -> None:
    desk = Desk()
    leg = desk.leg()
    leg.feed(pcm(1))
    leg.heard(heard(0.5, "你好"))
    leg.heard(heard(0.7))
    leg.ended()
    assert [utterance.text async for utterance in leg] == ["你好"]
    assert [utterance async for utterance in leg] == [], "asked again, it waits for ever"
    assert desk.forgotten == [7]


async def test_a_leg_far_behind_is_given_up_and_lets_go_of_its_sound() -> None:
    desk = Desk()
    leg = desk.leg()
    leg.feed(bytes(int(MOST_BEHIND_S + 1) * RATE * 2))
    assert desk.orders[-1] == Drop(7)
    assert leg.behind_s == 0.0
    with pytest.raises(CallwrightError, match="behind"):
        async for _ in leg:
            pass


async def test_close_tells_the_child_and_ends() -> None:
    desk = Desk()
    leg = desk.leg()
    leg.feed(pcm(1))
    leg.heard(heard(0.5, "你好"))
    await leg.close()
    assert desk.orders[-1] == Drop(7)
    assert [utterance async for utterance in leg] == []
    leg.feed(pcm(1))
    assert desk.orders[-1] == Drop(7), "sound went to a closed leg"
