from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.contract.telephony.world import FarEnd, World, of_kind, tone_file

from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import DigitPressed, Digits


async def _gathering(
    world: World,
    caller: FarEnd,
    *,
    max_digits: int = 4,
    first_timeout_s: float = 5.0,
    secure: bool = False,
    prompt_s: float = 3.0,
    on_digit: Callable[[int], None] | None = None,
) -> asyncio.Task[Digits]:
    await world.telephony.answer(caller.leg)
    gathering = asyncio.ensure_future(
        world.telephony.collect(
            caller.leg,
            [tone_file(world.folder, "please", prompt_s)],
            max_digits=max_digits,
            first_timeout_s=first_timeout_s,
            next_timeout_s=1.0,
            secure=secure,
            on_digit=on_digit,
        )
    )
    await world.pause(0.3)
    return gathering


async def test_enough_digits_complete(world: World) -> None:
    caller = await world.call_in()
    gathering = await _gathering(world, caller)
    await caller.press("1*90")
    assert await world.run(gathering) == Digits("1*90", "complete")
    assert "".join(e.digit for e in of_kind(world, DigitPressed, caller.leg)) == "1*90"


async def test_the_terminator_ends_and_is_left_out(world: World) -> None:
    caller = await world.call_in()
    gathering = await _gathering(world, caller, max_digits=20)
    await caller.press("42#")
    assert await world.run(gathering) == Digits("42", "terminator")


async def test_too_few_digits_time_out_with_what_there_is(world: World) -> None:
    caller = await world.call_in()
    gathering = await _gathering(world, caller)
    await caller.press("7")
    assert await world.run(gathering) == Digits("7", "timeout")


async def test_no_digit_times_out_counted_from_the_prompts_end(world: World) -> None:
    caller = await world.call_in()
    gathering = await _gathering(world, caller, first_timeout_s=0.5, prompt_s=1.2)
    await world.pause(0.8)
    assert not gathering.done()
    assert await world.run(gathering) == Digits("", "timeout")


async def test_a_caller_who_leaves_ends_the_gathering(world: World) -> None:
    caller = await world.call_in()
    gathering = await _gathering(world, caller)
    await caller.press("1")
    await caller.hang_up()
    assert (await world.run(gathering)).end == "leg_gone"


async def test_secret_digits_reach_nobody_else(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    counts: list[int] = []
    caller = await world.call_in()
    with caplog.at_level(0):
        gathering = await _gathering(
            world, caller, max_digits=6, secure=True, on_digit=counts.append
        )
        await caller.press("629173")
        assert await world.run(gathering) == Digits("629173", "complete")
    assert counts == [1, 2, 3, 4, 5, 6], "how many, never which"
    assert of_kind(world, DigitPressed) == []
    assert "629173" not in caplog.text
    await caller.press("8")
    assert (await world.until(DigitPressed, caller.leg)).digit == "8"


async def test_a_terminator_that_no_phone_has_is_refused(world: World) -> None:
    caller = await world.call_in()
    with pytest.raises(CallwrightError, match="terminator"):
        await world.telephony.collect(
            caller.leg, [], max_digits=1, first_timeout_s=1, next_timeout_s=1, terminator="x"
        )
