from __future__ import annotations

import asyncio

import pytest
from tests.contract.telephony.world import World, of_kind

from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import LegAnswered, LegEnded, LegRinging

ABSURD_NAMES = (
    "",
    '"; DROP TABLE agents; --',
    "王\r\nX-Evil: 1",
    "🦊" * 200,
    "x" * 500,
    "\\\\<sip:a@b>\x00\x7f",
    "احمد 안녕 Ωmega",
)
ABSURD_NUMBERS = ("", "+86 139-1234-5678", "1" * 500, "anonymous", "🦊", 'a"b<c>@d')


async def ring(
    world: World, endpoint: str = "alice", *, timeout_s: int = 20, name: str = "王小明"
) -> str:
    """Ring a phone for caller 13800138000; returns the new leg."""
    leg = str(new_id())
    await world.telephony.ring(
        leg,
        endpoint,
        caller_number="13800138000",
        caller_name=name,
        headers={"X-Callwright-Contact": "contact-7"},
        timeout_s=timeout_s,
    )
    return leg


async def test_a_phone_rings_shows_the_caller_and_answers(world: World) -> None:
    await world.phone("alice")
    leg = await ring(world)
    alice = await world.rung("alice", leg)
    assert (alice.from_number, alice.from_name) == ("13800138000", "王小明")
    assert alice.header("X-Callwright-Contact") == "contact-7"
    await world.until(LegRinging, leg)
    await alice.answer()
    await world.until(LegAnswered, leg)
    kinds = [type(e) for e in world.events if getattr(e, "leg", "") == leg]
    assert kinds == [LegRinging, LegAnswered]
    await alice.hang_up()
    assert (await world.until(LegEnded, leg)).cause == "normal"


async def no_leg_is_left(world: World) -> None:
    """Returns when the PBX has none; the test's own time-out ends it."""
    while (await world.telephony.snapshot()).legs:
        await world.pause(0.05)


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_phone_rings_only_if_the_call_is_still_wanted(world: World, wanted: bool) -> None:
    await world.phone("alice")
    leg, answer = str(new_id()), asyncio.get_running_loop().create_future()
    ringing = asyncio.ensure_future(
        world.telephony.ring(
            leg, "alice", caller_number="1", caller_name="", headers={}, timeout_s=20,
            only_if=answer,
        )
    )  # fmt: skip
    await world.pause(0.3)
    assert of_kind(world, LegRinging, leg) == []
    answer.set_result(wanted)
    if wanted:
        await ringing
        await world.rung("alice", leg)
        return
    with pytest.raises(CallwrightError, match="leg_gone"):
        await ringing
    await no_leg_is_left(world)
    assert [e for e in world.events if getattr(e, "leg", "") == leg] == []


async def test_a_leg_whose_offer_cannot_be_written_does_not_stay(world: World) -> None:
    await world.phone("alice")

    async def fails() -> bool:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        await world.telephony.ring(
            str(new_id()), "alice", caller_number="1", caller_name="", headers={}, timeout_s=20,
            only_if=fails(),
        )  # fmt: skip
    await no_leg_is_left(world)


async def test_nobody_answers(world: World) -> None:
    await world.phone("alice")
    leg = await ring(world, timeout_s=1)
    alice = await world.rung("alice", leg)
    assert (await world.until(LegEnded, leg)).cause == "no_answer"
    await alice.stops()
    assert of_kind(world, LegAnswered, leg) == []


@pytest.mark.parametrize(("status", "cause"), [(486, "busy"), (603, "rejected")])
async def test_the_phone_refuses(world: World, status: int, cause: str) -> None:
    await world.phone("alice")
    leg = await ring(world)
    alice = await world.rung("alice", leg)
    await alice.refuse(status)
    ended = await world.until(LegEnded, leg)
    assert (ended.cause, ended.sip_code) == (cause, status)


async def test_a_phone_that_is_not_registered_cannot_be_rung(world: World) -> None:
    await world.phone("alice", register=False)
    for endpoint in ("alice", "nobody"):
        with pytest.raises(CallwrightError) as refusal:
            await ring(world, endpoint)
        assert refusal.value.code == "phone_unreachable"
        assert refusal.value.params == {"endpoint": endpoint}
    assert (await world.telephony.snapshot()).legs == ()
    assert of_kind(world, LegEnded) == []


async def test_a_phone_without_power_is_unreachable(world: World) -> None:
    await world.phone("alice")
    await world.unplug("alice")
    leg = await ring(world, timeout_s=1)
    assert (await world.until(LegEnded, leg)).cause == "unreachable"
    assert of_kind(world, LegRinging, leg) == []


async def test_we_stop_the_ringing(world: World) -> None:
    await world.phone("alice")
    leg = await ring(world)
    alice = await world.rung("alice", leg)
    await world.until(LegRinging, leg)
    await world.telephony.hang_up(leg)
    assert (await world.until(LegEnded, leg)).cause == "cancelled"
    await alice.stops()


async def test_the_caller_leaves_while_the_agent_is_rung(world: World) -> None:
    await world.phone("alice")
    caller = await world.call_in()
    leg = await ring(world)
    alice = await world.rung("alice", leg)
    await caller.hang_up()
    await world.until(LegEnded, caller.leg)
    await world.telephony.hang_up(leg, "cancelled")
    await alice.stops()
    assert (await world.until(LegEnded, leg)).cause == "cancelled"


async def test_a_leg_is_made_once(world: World) -> None:
    await world.phone("alice")
    leg = await ring(world)
    await world.rung("alice", leg)
    with pytest.raises(CallwrightError) as refusal:
        await world.telephony.ring(
            leg, "alice", caller_number="1", caller_name="", headers={}, timeout_s=5
        )
    assert refusal.value.code == "already_exists"


@pytest.mark.parametrize("name", ABSURD_NAMES)
async def test_absurd_names_do_no_harm(world: World, name: str) -> None:
    await world.phone("alice")
    alice = await world.rung("alice", await ring(world, name=name))
    assert len(alice.from_name) <= 60
    assert not set('"<>\\\r\n\x00') & set(alice.from_name)
    assert alice.header("X-Evil") == ""


@pytest.mark.parametrize("number", ABSURD_NUMBERS)
async def test_absurd_numbers_do_no_harm(world: World, number: str) -> None:
    await world.phone("alice")
    leg = str(new_id())
    await world.telephony.ring(
        leg, "alice", caller_number=number, caller_name="", headers={}, timeout_s=20
    )
    alice = await world.rung("alice", leg)
    assert 1 <= len(alice.from_number) <= 32
    assert alice.from_number.replace("+", "").isalnum()


async def test_headers_cannot_be_smuggled_in(world: World) -> None:
    await world.phone("alice")
    leg = str(new_id())
    await world.telephony.ring(
        leg,
        "alice",
        caller_number="13800138000",
        caller_name="",
        headers={"X-Note": "first\r\nX-Evil: second"},
        timeout_s=20,
    )
    alice = await world.rung("alice", leg)
    assert alice.header("X-Note").startswith("first")
    assert alice.header("X-Evil") == ""
    with pytest.raises(CallwrightError, match="headers"):
        await world.telephony.ring(
            str(new_id()),
            "alice",
            caller_number="1",
            caller_name="",
            headers={"X-Evil: 1\r\nY": "2"},
            timeout_s=5,
        )


async def test_five_phones_ring_at_once(world: World) -> None:
    names = [f"agent-{number}" for number in range(5)]
    for name in names:
        await world.phone(name)
    legs = await asyncio.gather(*(ring(world, name) for name in names))
    for name, leg in zip(names, legs, strict=True):
        phone = await world.rung(name, leg)
        await phone.answer()
        await world.until(LegAnswered, leg)
