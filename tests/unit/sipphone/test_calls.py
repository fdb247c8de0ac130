"""Two phones on loopback: answer, refuse, give up, hang up, keys, sound both ways."""

from __future__ import annotations

import asyncio

import pytest
from tests.phones import QUICK, speech_like, talk, tone, two_phones, until

from callwright.integrations.sipphone import Phone
from callwright.integrations.sipphone.g711 import Law
from callwright.integrations.sipphone.hearing import correlation, tone_level
from callwright.kit.errors import CallwrightError


async def test_both_hear_each_other_and_not_themselves() -> None:
    question, answer = speech_like(3, seed=1), speech_like(3, seed=2)
    async with two_phones() as (caller, callee):
        placed, arrived = await talk(caller, callee)
        await asyncio.gather(placed.say(question), arrived.say(answer))
        await placed.hang_up()
        await arrived.ended.wait()
    assert correlation(question, arrived.heard()).correlation > 0.9
    assert correlation(answer, placed.heard()).correlation > 0.9
    assert correlation(question, placed.heard()).correlation < 0.1
    assert correlation(answer, arrived.heard()).correlation < 0.1


@pytest.mark.parametrize("law", ["ulaw", "alaw"])
async def test_either_law_carries_a_tone(law: Law) -> None:
    async with two_phones(laws=(law,)) as (caller, callee):
        placed, arrived = await talk(caller, callee)
        assert arrived.sound.remote is not None
        assert arrived.sound.remote.law == law
        placed.behind(tone(400, 0.1))
        said = await arrived.say(tone(1200, 0.5))
        await placed.hang_up()
        await arrived.ended.wait()
    assert round(said.end_s - said.start_s, 3) == 0.5
    assert tone_level(arrived.heard()[800:4000], 400) > 7000
    assert tone_level(arrived.heard()[800:4000], 1200) < 100


async def test_the_invite_can_be_read() -> None:
    number = "138'\";DROP 😀" + "9" * 480
    async with two_phones() as (caller, callee):
        placed = await caller.start_call(
            "4008001234", from_number=number, from_name='张"三', headers=(("X-Call-Id", "7"),)
        )
        arrived = await callee.wait_call()
        assert (arrived.from_number, arrived.from_name) == (number, '张"三')
        assert (arrived.to_number, arrived.header("x-call-id")) == ("4008001234", "7")
        await placed.ringing.wait()
        await placed.hang_up()


@pytest.mark.parametrize("status", [486, 603])
async def test_refused(status: int) -> None:
    async with two_phones() as (caller, callee):
        waiting = asyncio.create_task(caller.call("1"))
        (await callee.wait_call()).reject(status)
        with pytest.raises(CallwrightError) as caught:
            await waiting
        assert caught.value.params["status"] == status
        assert caller.calls == callee.calls == []


async def test_given_up_while_it_rings() -> None:
    async with two_phones() as (caller, callee):
        placed = await caller.start_call("1")
        arrived = await callee.wait_call()
        await placed.ringing.wait()
        await placed.hang_up()
        assert (placed.status, placed.ended_by) == (487, "cancelled")
        assert arrived.ended_by == "cancelled"
        with pytest.raises(CallwrightError, match="leg_gone"):
            await arrived.answer()


async def test_given_up_before_anything_came_back() -> None:
    async with two_phones() as (caller, callee):
        placed = await caller.start_call("1")
        await placed.hang_up()
        arrived = await callee.wait_call()
        await arrived.ended.wait()
        assert (placed.ended_by, arrived.ended_by) == ("cancelled", "cancelled")


async def test_nobody_answers_in_time() -> None:
    async with two_phones() as (caller, callee):
        with pytest.raises(CallwrightError, match="no_answer"):
            await caller.call("1", timeout_s=0.1)
        assert (await callee.wait_call()).ended_by == "cancelled"


async def test_nobody_is_there() -> None:
    async with Phone("a", server=("127.0.0.1", 9), timers=QUICK) as phone:
        with pytest.raises(CallwrightError) as caught:
            await phone.call("1")
    assert caught.value.params["status"] == 408


async def test_the_callee_hangs_up_and_talking_stops() -> None:
    async with two_phones() as (caller, callee):
        placed, arrived = await talk(caller, callee)
        saying = asyncio.create_task(placed.say(tone(400, 30)))
        await asyncio.sleep(0)
        await arrived.hang_up()
        with pytest.raises(CallwrightError, match="leg_gone"):
            await saying
        assert (placed.ended_by, arrived.ended_by) == ("them", "us")


async def test_keys_arrive_in_order_and_leave_no_sound() -> None:
    async with two_phones() as (caller, callee):
        placed, arrived = await talk(caller, callee)
        await placed.press("1#*0D9")
        assert await arrived.sound.wait_keys(6) == "1#*0D9"
        assert not arrived.heard().any()
        with pytest.raises(CallwrightError, match="keys"):
            await placed.press("x")


async def test_a_prompt_is_over_when_it_falls_silent() -> None:
    async with two_phones() as (caller, callee):
        placed, arrived = await talk(caller, callee)
        said = await arrived.say(tone(400, 0.3))
        await placed.sound.wait_pause(0.2)
        assert placed.sound.seconds() >= said.end_s
        await placed.hang_up()


async def test_hold_and_back_by_reinvite() -> None:
    async with two_phones() as (caller, callee):
        placed, arrived = await talk(caller, callee)
        offer = caller._line.describe(placed.media, ("alaw",), direction="sendonly", version=2)
        statuses: list[int] = []
        request = placed._dialog.request("INVITE", body=offer)
        caller._layer.ask(request, callee.address, lambda answer: statuses.append(answer.status))
        await until(lambda: bool(statuses))
        remote = arrived.sound.remote
        assert statuses[0] == 200
        assert remote is not None
        assert (remote.law, remote.listens) == ("alaw", False)
        await placed.hang_up()


async def test_calls_without_sound_open_no_socket() -> None:
    async with two_phones(sound=False) as (caller, callee):
        placed, arrived = await talk(caller, callee)
        assert placed.media is None
        assert len(arrived.heard()) == 0
        with pytest.raises(CallwrightError, match="no_sound"):
            await placed.press("1")
        await arrived.hang_up()
        await placed.ended.wait()


async def test_twenty_calls_at_once_stay_apart() -> None:
    async with two_phones() as (caller, callee):
        pairs = [await talk(caller, callee) for _ in range(20)]
        for number, (placed, _) in enumerate(pairs):
            placed.behind(tone(300 + 100 * number, 0.2))
        await pairs[0][1].say(tone(200, 0.6))
        heard = [arrived.heard()[-2400:] for _, arrived in pairs]
        for number, sound in enumerate(heard):
            levels = [tone_level(sound, 300 + 100 * other) for other in range(20)]
            assert max(range(20), key=levels.__getitem__) == number
        await asyncio.gather(*(placed.hang_up() for placed, _ in pairs))
        assert caller.calls == callee.calls == []


async def test_closing_hangs_up() -> None:
    async with Phone("callee", server=("127.0.0.1", 9), timers=QUICK) as callee:
        async with Phone("caller", server=callee.address, timers=QUICK) as caller:
            _, arrived = await talk(caller, callee)
        await arrived.ended.wait()
        assert arrived.ended_by == "them"
