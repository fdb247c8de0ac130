from __future__ import annotations

import asyncio

from tests.contract.telephony.world import LOUD, PROMPT_HZ, QUIET, World, of_kind, tone_file

from callwright.ports.telephony import DigitPressed, LegEnded


async def test_prompts_play_one_after_another(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    first = tone_file(world.folder, "first", 0.3, 500.0)
    second = tone_file(world.folder, "second", 1.5, 900.0)
    playing = asyncio.ensure_future(world.telephony.play(caller.leg, [first, second]))
    await world.pause(0.5)
    heard, result = await world.listen(caller.hears(900.0), playing)
    assert result.state == "completed"
    assert heard > LOUD


async def test_a_missing_file_fails_with_the_reason(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    missing = str(world.folder / "nowhere.wav")
    result = await world.telephony.play(caller.leg, [missing])
    assert result.state == "failed"
    assert missing in result.reason


async def test_a_missing_file_among_others_fails_too(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    there = tone_file(world.folder, "there", 0.1)
    media = [there, str(world.folder / "nowhere.wav"), there]
    assert (await world.run(world.telephony.play(caller.leg, media))).state == "failed"


async def test_a_file_that_is_no_sound_fails(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    broken = world.folder / "broken.wav"
    broken.write_bytes(b"no sound at all")
    result = await world.telephony.play(caller.leg, [str(broken)])
    assert result.state == "failed"
    assert "broken.wav" in result.reason


async def test_a_key_interrupts_and_is_still_delivered(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    prompt = tone_file(world.folder, "long", 8.0)
    playing = asyncio.ensure_future(
        world.telephony.play(caller.leg, [prompt, prompt], interruptible=True)
    )
    await world.pause(0.3)
    await caller.press("5")
    assert (await world.run(playing)).state == "interrupted"
    assert (await world.until(DigitPressed, caller.leg)).digit == "5"
    assert await caller.hears(PROMPT_HZ) < QUIET


async def test_a_key_does_not_interrupt_what_must_be_heard(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    prompt = tone_file(world.folder, "notice", 1.0)
    playing = asyncio.ensure_future(world.telephony.play(caller.leg, [prompt]))
    await world.pause(0.2)
    await caller.press("5")
    assert (await world.run(playing)).state == "completed"


async def test_playing_is_stopped(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    prompt = tone_file(world.folder, "long", 8.0)
    playing = asyncio.ensure_future(world.telephony.play(caller.leg, [prompt]))
    await world.pause(0.3)
    await world.telephony.stop_playing(caller.leg)
    assert (await world.run(playing)).state == "interrupted"


async def test_a_caller_who_leaves_ends_the_prompt(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    prompt = tone_file(world.folder, "long", 8.0)
    playing = asyncio.ensure_future(world.telephony.play(caller.leg, [prompt]))
    await world.pause(0.3)
    await caller.hang_up()
    assert (await world.run(playing)).state == "leg_gone"
    await world.until(LegEnded, caller.leg)
    assert of_kind(world, DigitPressed) == []
