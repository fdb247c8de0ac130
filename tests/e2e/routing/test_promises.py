"""Messages and callbacks on the real PBX: what the caller says becomes a ticket one can play, and a
callback is one dial, whoever is free."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import psycopg
import pytest
from tests.e2e.calls.books import faults_in
from tests.e2e.calls.floor import (
    Agent,
    Caller,
    Floor,
    floor_of,
    hears,
    they_talk,
    trying,
    until,
)
from tests.e2e.calls.watching import rows
from tests.platform_process import ROOT, PlatformProcess

from callwright.cli._call.platform import Document
from callwright.integrations.sipphone import Phone
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import correlation
from callwright.integrations.sipphone.wav import RATE, read_wav

pytestmark = pytest.mark.timeout(300)
CUSTOMER_HZ, FIRST_HZ, SECOND_HZ = 1500.0, 440.0, 1000.0
SPOKEN = ROOT / "demo" / "calls" / "audio" / "refund-customer.wav"
QUEUE = "orders"


@asynccontextmanager
async def people(platform: PlatformProcess) -> AsyncIterator[tuple[Floor, Agent]]:
    """A floor, and a customer outside who takes whatever call comes; all books right at the end."""
    async with floor_of(platform) as floor:
        port = platform.settings.ports.outside
        async with Phone("outside", server=platform.place.sip, port=port) as phone:
            customer = Agent("outside", phone, CUSTOMER_HZ)
            answering = asyncio.create_task(customer.work())
            before = (await floor.api.request("GET", f"/queues/{QUEUE}"))["overflow"]
            try:
                yield floor, customer
            finally:
                answering.cancel()
                await put(floor, before)
                await floor.api.request("PUT", f"/queues/{QUEUE}/callback", {})
    assert faults_in(platform) == {}


async def put(floor: Floor, overflow: Document) -> None:
    """What becomes of callers of the queue who cannot wait."""
    queue = await floor.api.request("GET", f"/queues/{QUEUE}")
    body = {name: value for name, value in queue.items() if name not in ("key", "version")}
    await floor.api.request("PUT", f"/queues/{QUEUE}", {**body, "overflow": overflow})


async def masked(platform: PlatformProcess, page: Document) -> Pcm:
    """The message as anybody may hear it: the customer's lane of the masked copy."""
    file = platform.home / "recordings" / f"{page['recording']['path']}.wav"
    with wave.open(str(file)) as sound:
        both = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    first, last = (round(page["voicemail"][name] * RATE) for name in ("start_s", "end_s"))
    alone = both[: max(first - RATE, 0), 0]
    assert not alone.any(), "what was said to nobody is silent"
    return np.ascontiguousarray(both[first:last, 0])


async def away(floor: Floor, *agents: Agent) -> None:
    """On duty, but on a break."""
    for agent in agents:
        await floor.until_state(agent.login, "ready", "wrap", "break")
        await floor.api.set_state(agent.login, "break")


@pytest.mark.row("1.6")
async def test_a_spoken_message_is_a_ticket_and_can_be_played(platform: PlatformProcess) -> None:
    """Nobody on duty: what the phone says after the tone is in the playable copy, and a ticket."""
    async with people(platform) as (floor, _):
        await put(floor, {"nobody_on_duty": {"kind": "voicemail"}})
        caller = await floor.caller("13900001601", 0.0)
        await floor.until_event(caller, "voicemail.started")
        speech = read_wav(SPOKEN)[: round(6.4 * RATE)]
        await caller.call.say(speech)
        await caller.call.press("#")
        page = await floor.api.wait_finished(caller.contact_id)
        assert page["end_reason"] == "voicemail", [event["name"] for event in page["events"]]
        assert page["ticket"]["source"] == "voicemail"
        assert page["ticket"]["type"] == "退款", page["transcript"]["turns"]
        assert "退" in page["ticket"]["evidence"][0]["text"]
        assert page["ticket"]["evidence"][0]["start"] >= page["voicemail"]["start_s"] - 1
        assert page["recording"]["url"], "it can be played"
        assert correlation(speech, await masked(platform, page)).correlation > 0.5
        listed = (await floor.api.request("GET", "/missed?done=false"))["items"]
        [entry] = [one for one in listed if one["last_contact_id"] == caller.contact_id]
        assert (entry["reason"], entry["ticket_no"]) == ("voicemail", page["ticket"]["no"])
        assert entry["message"] is True


async def promised(floor: Floor, number: str) -> Caller:
    """A caller who waits in vain and agrees to be called back."""
    caller = await floor.caller(number, 0.0)
    await floor.until_event(caller, "menu.answered")
    async for _ in trying("the question"):
        await caller.call.press("1")
        if "callback.requested" in await floor.names(caller):
            break
    page = await floor.api.wait_finished(caller.contact_id)
    assert page["end_reason"] == "callback_requested"
    return caller


async def until_over(floor: Floor, caller: Caller, state: str) -> Document:
    """The page of the first call once its callback is in a state."""
    async for _ in trying(f"the callback being {state}"):
        page = await floor.page(caller)
        if page["callback"]["state"] == state:
            return page
    raise AssertionError


@pytest.mark.row("1.7")
@pytest.mark.parametrize("first", ["agent", "customer"])
async def test_two_agents_free_at_once_are_one_dial(platform: PlatformProcess, first: str) -> None:
    """The customer's phone rings once, one agent's phone too, and these two hear each other."""
    async with people(platform) as (floor, customer):
        one = await floor.agent("zhou.ting", FIRST_HZ)
        two = await floor.agent("wu.hao", SECOND_HZ)
        await away(floor, one, two)
        rule = {"key": "1", "offer_after_s": 600, "first": first}
        await floor.api.request("PUT", f"/queues/{QUEUE}/callback", rule)
        caller = await promised(floor, f"1390000170{len(first) % 10}")
        if first == "customer":
            await until("the customer's phone", lambda: bool(customer.taken))
        else:
            assert not customer.rung
        await asyncio.gather(*(floor.api.set_state(agent.login, "ready") for agent in (one, two)))
        page = await until_over(floor, caller, "completed")
        [attempt] = page["callback"]["attempts"]
        out = await floor.api.contact(attempt["contact_id"])
        talks = one if out["agent"]["login"] == one.login else two
        assert await hears(customer.call, talks.hertz)
        assert await hears(talks.call, CUSTOMER_HZ)
        assert len(customer.rung) == 1
        assert len(one.rung) + len(two.rung) == 1
        await customer.call.hang_up()
        await floor.api.wait_finished(attempt["contact_id"])
        dialled = f"select count(*) as n from leg where id = (select caller_leg from contact where id = '{attempt['contact_id']}')"  # noqa: E501, S608
        assert rows(platform, dialled) == [{"n": 1}]


@asynccontextmanager
async def of_one_queue(platform: PlatformProcess, *logins: str) -> AsyncIterator[None]:
    """Agents of this queue only for a while: each queue that they serve keeps its reserve."""
    before = {row["login"]: row["queues"] for row in rows(platform, "select * from agent")}

    def put(queues: dict[str, list[str]]) -> None:
        with psycopg.connect(platform.database_url, autocommit=True) as database:
            for login, keys in queues.items():
                database.execute("update agent set queues = %s where login = %s", (keys, login))

    put({login: [QUEUE] for login in logins})
    try:
        yield
    finally:
        put({login: before[login] for login in logins})


async def kept_free(floor: Floor, caller: Caller) -> list[str]:
    """Whose phones do not ring for a callback because callers may need them."""
    told = (await floor.api.request("GET", f"/contacts/{caller.contact_id}/routing"))["now"]
    return [
        login
        for one in told["obstacles"]
        if one["why"] == "kept free for callers"
        for login in one["agents"]
    ]


@pytest.mark.row("5.11")
async def test_who_gave_up_is_called_back_when_nobody_is_delayed(platform: PlatformProcess) -> None:
    """No phone rings for it while a caller waits or only the reserve is free, and both callers who
    come reach an agent; with two free one phone rings, then the customer's, and the two talk."""
    async with people(platform) as (floor, customer), of_one_queue(platform, "zhou.ting", "wu.hao"):
        zhou = await floor.agent("zhou.ting", FIRST_HZ)
        wu = await floor.agent("wu.hao", SECOND_HZ)
        await away(floor, zhou, wu)
        rule = {"abandoned": True, "abandoned_after_s": 0}
        await floor.api.request("PUT", f"/queues/{QUEUE}/callback", rule)
        gone, waits = await asyncio.gather(
            floor.caller("13900005111", 0.0), floor.caller("13900005112", 700.0)
        )
        await gone.call.hang_up()
        await floor.until_event(gone, "callback.planned")

        await floor.api.set_state(zhou.login, "ready")
        assert await floor.until_talking(waits) is zhou
        await floor.api.set_state(wu.login, "ready")
        assert await kept_free(floor, gone) == [wu.login], "the only one, and the reserve"
        comes = await floor.caller("13900005113", 900.0)
        assert await floor.until_talking(comes) is wu
        assert await they_talk(comes, wu)
        assert (len(zhou.rung), len(wu.rung), customer.rung) == (1, 1, [])

        await asyncio.gather(waits.call.hang_up(), comes.call.hang_up())
        page = await until_over(floor, gone, "completed")
        assert page["callback"]["blended"] is True
        [attempt] = page["callback"]["attempts"]
        out = await floor.api.contact(attempt["contact_id"])
        talks = zhou if out["agent"]["login"] == zhou.login else wu
        assert await hears(customer.call, talks.hertz)
        assert await hears(talks.call, CUSTOMER_HZ)
        assert (len(customer.rung), len(zhou.rung) + len(wu.rung)) == (1, 3)
        listed = (await floor.api.request("GET", "/missed?done=true"))["items"]
        [entry] = [one for one in listed if one["last_contact_id"] == gone.contact_id]
        assert (entry["done_how"], entry["tries"]) == ("called_back", 1)
        await customer.call.hang_up()
        await floor.api.wait_finished(attempt["contact_id"])
