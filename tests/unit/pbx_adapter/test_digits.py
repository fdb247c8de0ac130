from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from callwright.integrations.pbx.digits import KeyPresses, Wanted, gather
from callwright.kit.clock import VirtualClock
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import Digits, PlayResult, PlayState

WANTED = Wanted(max_digits=4, first_timeout_s=5.0, next_timeout_s=2.0, terminator="#")


class Gathering:
    """One gathering on a virtual clock with a prompt of 10 s, or none."""

    def __init__(self, wanted: Wanted = WANTED, prompt: PlayState | None = None) -> None:
        self.clock = VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.presses = KeyPresses()
        playing = None if prompt is None else self._play(prompt)
        self.task = asyncio.ensure_future(gather(self.clock, self.presses, playing, wanted))

    async def _play(self, state: PlayState) -> PlayResult:
        await self.clock.sleep(10.0)
        return PlayResult(state, "the reason")

    async def press(self, keys: str) -> None:
        for key in keys:
            self.presses.queue.put_nowait(key)
        await self.clock.advance(0)


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("1234", Digits("1234", "complete")),
        ("12345", Digits("1234", "complete")),
        ("12#", Digits("12", "terminator")),
        ("#", Digits("", "terminator")),
        ("*0A#", Digits("*0A", "terminator")),
    ],
)
async def test_keys(keys: str, result: Digits) -> None:
    gathering = Gathering()
    await gathering.press(keys)
    assert gathering.task.result() == result


async def test_without_a_terminator_the_hash_key_is_a_digit() -> None:
    gathering = Gathering(Wanted(2, 5.0, 2.0, ""))
    await gathering.press("##")
    assert gathering.task.result() == Digits("##", "complete")


async def test_first_and_next_time_outs() -> None:
    gathering = Gathering()
    await gathering.clock.advance(4.9)
    await gathering.press("1")
    await gathering.clock.advance(1.9)
    await gathering.press("2")
    await gathering.clock.advance(1.9)
    assert not gathering.task.done()
    await gathering.clock.advance(0.2)
    assert gathering.task.result() == Digits("12", "timeout")


async def test_time_outs_count_from_the_prompts_end() -> None:
    gathering = Gathering(prompt="completed")
    await gathering.clock.advance(14.9)
    assert not gathering.task.done()
    await gathering.clock.advance(0.2)
    assert gathering.task.result() == Digits("", "timeout")


async def test_a_prompt_that_failed_is_logged_and_typing_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gathering = Gathering(prompt="failed")
    await gathering.clock.advance(10.0)
    await gathering.press("7#")
    assert gathering.task.result() == Digits("7", "terminator")
    assert "the reason" in caplog.text


async def test_a_leg_that_goes() -> None:
    gathering = Gathering()
    await gathering.press("1")
    gathering.presses.queue.put_nowait(None)
    await gathering.clock.advance(0)
    assert gathering.task.result() == Digits("1", "leg_gone")


async def test_a_leg_that_goes_during_the_prompt() -> None:
    gathering = Gathering(prompt="leg_gone")
    await gathering.clock.advance(10.0)
    assert gathering.task.result() == Digits("", "leg_gone")


@pytest.mark.parametrize("terminator", ["x", "##", " "])
def test_terminators_are_keys(terminator: str) -> None:
    with pytest.raises(CallwrightError, match="terminator"):
        Wanted(4, 5.0, 2.0, terminator)


def test_no_digits_at_all_cannot_be_wanted() -> None:
    with pytest.raises(CallwrightError, match="max_digits"):
        Wanted(0, 5.0, 2.0, "#")
