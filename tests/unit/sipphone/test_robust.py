"""Lost, repeated and malformed datagrams: the phone keeps its calls and never falls over."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.phones import QUICK, Line, talk, two_phones, until

from callwright.integrations.sipphone import Phone
from callwright.integrations.sipphone.message import Request, parse


class FirstOfEach:
    """Loses the first copy of each message."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def __call__(self, data: bytes) -> bool:
        self._seen[data] += 1
        return self._seen[data] == 1


async def test_a_whole_call_on_a_line_that_loses_every_first_copy() -> None:
    async with (
        Phone("callee", server=("127.0.0.1", 9), timers=QUICK) as callee,
        Line.open(callee.address, FirstOfEach()) as line,
        Phone("caller", server=line.address, timers=QUICK) as caller,
    ):
        placed, arrived = await talk(caller, callee)
        assert len(callee.calls) == 1
        await placed.hang_up()
        await arrived.ended.wait()
        assert (placed.ended_by, arrived.ended_by) == ("us", "them")
        assert line.lost >= 3  # INVITE, its answer, BYE


async def test_giving_up_on_a_lossy_line() -> None:
    async with (
        Phone("callee", server=("127.0.0.1", 9), timers=QUICK) as callee,
        Line.open(callee.address, FirstOfEach()) as line,
        Phone("caller", server=line.address, timers=QUICK) as caller,
    ):
        placed = await caller.start_call("1")
        arrived = await callee.wait_call()
        await placed.hang_up()
        await arrived.ended.wait()
        assert (placed.ended_by, arrived.ended_by) == ("cancelled", "cancelled")


async def test_an_answer_without_ack_is_taken_back() -> None:
    def only_acks(data: bytes) -> bool:
        return data.startswith(b"ACK")

    async with (
        Phone("callee", server=("127.0.0.1", 9), timers=QUICK) as callee,
        Line.open(callee.address, only_acks) as line,
        Phone("caller", server=line.address, timers=QUICK) as caller,
    ):
        placed = await caller.start_call("1")
        arrived = await callee.wait_call()
        # the caller's ACK goes to our contact, past the line: drop it there
        callee._layer._on_ack = lambda _: None
        await arrived.answer()
        await arrived.ended.wait()
        assert arrived.ended_by == "timeout"
        await placed.ended.wait()
        assert placed.ended_by == "them"


BASE = (
    b"INVITE sip:callee@127.0.0.1 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\n"
    b"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:callee@127.0.0.1>\r\n"
    b"Call-ID: raw\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.integers(0, len(BASE)))
async def test_no_datagram_breaks_a_phone(junk: bytes, place: int) -> None:
    async with two_phones() as (caller, callee):
        broken: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: broken.append(context))
        try:
            for data in (junk, BASE[:place] + junk, BASE[:place] + junk + BASE[place:]):
                caller.send_raw(data)
            placed = await caller.start_call("1")
            wanted = placed.call_id
            await until(lambda: wanted in [call.call_id for call in callee.calls])
            await placed.hang_up()
        finally:
            loop.set_exception_handler(None)
        assert broken == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ((b"INVITE", b"OPTIONS"), 200),
        ((b"INVITE", b"SUBSCRIBE"), 405),
        ((b"INVITE", b"BYE"), 405),
        ((b"INVITE", b"CANCEL"), 481),
        ((b"CSeq", b"Require: 100rel\r\nCSeq"), 420),
        ((b"To: <sip:callee@127.0.0.1>", b"To: <sip:callee@127.0.0.1>;tag=gone"), 481),
        ((b"Content-Length: 0\r\n\r\n", b"Content-Length: 3\r\n\r\nv=0"), 488),
    ],
)
async def test_odd_requests_get_their_answer(change: tuple[bytes, bytes], status: int) -> None:
    loop = asyncio.get_running_loop()
    answers: asyncio.Queue[bytes] = asyncio.Queue()

    class Sender(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
            answers.put_nowait(data)

    async with Phone("callee", server=("127.0.0.1", 9), timers=QUICK) as phone:
        transport, _ = await loop.create_datagram_endpoint(Sender, remote_addr=phone.address)
        transport.sendto(BASE.replace(*change))
        answer = parse(await asyncio.wait_for(answers.get(), 5))
        while not isinstance(answer, Request) and answer.status == 100:
            answer = parse(await asyncio.wait_for(answers.get(), 5))
        transport.close()
        assert not isinstance(answer, Request)
        assert answer.status == status


async def test_malformed_datagrams_are_counted() -> None:
    async with two_phones() as (caller, callee):
        caller.send_raw(b"this is no SIP")
        placed, _ = await talk(caller, callee)
        await placed.hang_up()
        assert callee.malformed == 1
