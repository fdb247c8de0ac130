from __future__ import annotations

import pytest
from tests.contract.telephony.world import LOUD, PROMPT_HZ, World, of_kind, tone_file

from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import LegArrived, LegEnded, PbxBack


async def test_the_first_event_is_the_snapshot(world: World) -> None:
    await world.pause(0)
    assert isinstance(world.events[0], PbxBack)
    assert world.events[0].snapshot.legs == ()
    assert world.events[0].snapshot.boot_id


@pytest.mark.row("1.21")
async def test_a_caller_arrives_is_answered_and_hears_a_prompt(world: World) -> None:
    """On the real PBX and on the simulator: the caller hears the prompt that was played."""
    caller = await world.call_in("13912345678", "王小明")
    arrived = of_kind(world, LegArrived, caller.leg)[0]
    assert (arrived.from_number, arrived.from_name) == ("13912345678", "王小明")
    assert (arrived.to_number, arrived.trunk, arrived.endpoint) == ("4001", "local", None)
    await world.telephony.answer(caller.leg)
    playing = world.telephony.play(caller.leg, [tone_file(world.folder, "prompt", 1.0)])
    heard, played = await world.listen(caller.hears(PROMPT_HZ), playing)
    assert played.state == "completed"
    assert heard > LOUD


async def test_a_caller_who_gives_up_unanswered_is_cancelled(world: World) -> None:
    caller = await world.call_in()
    await caller.hang_up()
    ended = await world.until(LegEnded, caller.leg)
    assert ended.cause == "cancelled"


async def test_a_caller_who_hangs_up_ends_normally_and_once(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await caller.hang_up()
    ended = await world.until(LegEnded, caller.leg)
    await world.pause(1.5)
    assert ended.cause == "normal"
    assert len(of_kind(world, LegEnded, caller.leg)) == 1


async def test_we_hang_up(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.answer(caller.leg)
    await world.telephony.hang_up(caller.leg)
    assert (await world.until(LegEnded, caller.leg)).cause == "normal"


async def test_we_refuse_a_caller_as_busy(world: World) -> None:
    caller = await world.call_in()
    await world.telephony.hang_up(caller.leg, "busy")
    assert (await world.until(LegEnded, caller.leg)).cause == "busy"


async def test_commands_on_a_gone_leg_say_so_or_do_nothing(world: World) -> None:
    caller = await world.call_in()
    leg, telephony = caller.leg, world.telephony
    await telephony.answer(leg)
    await caller.hang_up()
    await world.until(LegEnded, leg)
    for command in (
        telephony.answer(leg),
        telephony.hold(leg),
        telephony.connect("bridge-of-nobody", [leg]),
        telephony.take_out("bridge-of-nobody", leg),
        telephony.record_start(leg, "recording-of-nobody"),
        telephony.record_mute(leg, True),
        telephony.stream(leg),
    ):
        with pytest.raises(CallwrightError) as refusal:
            await command
        assert refusal.value.code == "leg_gone"
        assert refusal.value.params == {"leg": leg}
    await telephony.hang_up(leg)
    await telephony.stop_playing(leg)
    await telephony.unhold(leg)
    await telephony.record_stop(leg)
    prompt = tone_file(world.folder, "late", 0.2)
    assert (await telephony.play(leg, [prompt])).state == "leg_gone"
    typed = await telephony.collect(
        leg, [prompt], max_digits=1, first_timeout_s=1, next_timeout_s=1
    )
    assert typed.end == "leg_gone"


async def test_health_tells_of_the_legs(world: World) -> None:
    before = await world.telephony.health()
    await world.call_in()
    after = await world.telephony.health()
    assert before.connected
    assert after.connected
    assert (before.legs, after.legs) == (0, 1)
    assert after.version
    assert after.boot_id == before.boot_id
