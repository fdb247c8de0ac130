"""A running platform with the demo company, its callers and an agent's phone, to be measured."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from tests.platform_process import MODEL, PlatformProcess, running_platform

from bench.table import percentile
from callwright.cli._call.platform import Platform
from callwright.integrations.sipphone import IncomingCall, OutgoingCall, Phone
from callwright.ivr import service as ivr
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database

HOME = Path(".callwright")
LINE, QUEUE, AGENT = "4008001234", "after_sales", "lin.xiao"
SHORT_MENU = {
    "version": 1, "language": "zh", "notice": "", "start": "bench", "hold": [],
    "menus": {
        "bench": {
            "prompt": ["queue_greeting"], "keys": {"1": {"queue": QUEUE}},
            "tries": 1, "timeout_s": 1, "otherwise": {"queue": QUEUE},
        }
    },
    "closed": {"prompt": ["closed"], "then": "hang_up"},
}  # fmt: skip
CALLS_PER_S = 10.0


@contextmanager
def platform(**settings: str) -> Iterator[PlatformProcess]:
    """`callwright run` in a new home with the PBX and the model that `make run` fetched."""
    home = HOME.absolute()
    with running_platform(home / "pbx" / "tree", home / MODEL, **settings) as process:
        yield process


async def shorten_menu(process: PlatformProcess) -> None:
    """From now on callers reach the queue by waiting: their phones need send no sound."""
    db = Database(process.database_url, SystemClock(), Bus(), pool_size=1)
    try:
        async with db.begin() as tx:
            await ivr.publish(tx, "main", SHORT_MENU, "bench")
    finally:
        await db.close()


def customer_numbers(process: PlatformProcess, count: int) -> list[str]:
    """Telephone numbers of as many customers, one each; strangers once there are no more."""
    query = "SELECT min(e164) FROM customer_phone WHERE e164 IS NOT NULL GROUP BY customer_id"
    with psycopg.connect(process.database_url) as connection:
        found = [str(row[0]) for row in connection.execute(f"{query} ORDER BY 1 LIMIT {count:d}")]
    return found + [f"+86199{number:08}" for number in range(count - len(found))]


@dataclass
class Seat:
    """An agent at a SIP phone that rings and answers nothing by itself."""

    login: str
    phone: Phone
    platform: Platform

    async def ready(self) -> None:
        """Take calls from now on."""
        await self.platform.set_state(self.login, "ready")

    async def invited(self, timeout_s: float = 15.0) -> IncomingCall:
        """The next INVITE; its `started_at` is when it arrived, on the loop's clock."""
        return await self.phone.wait_call(timeout_s)


@asynccontextmanager
async def seat(platform: Platform, login: str = AGENT) -> AsyncIterator[Seat]:
    """The agent's phone, registered; the agent on a break, so on duty and not offered a call."""
    known = await platform.phone_login(login)
    async with Phone(
        known.username, server=known.server, password=known.password, sound=False
    ) as phone:
        await phone.register()
        await platform.wait_reachable(login)
        await platform.set_state(login, "break")
        yield Seat(login, phone, platform)


async def call_in(phone: Phone, numbers: list[str], line: str = LINE) -> list[OutgoingCall]:
    """One caller for each number, evenly spaced; all answered."""
    calls = []
    for number in numbers:
        calls.append(asyncio.create_task(phone.call(line, from_number=number)))
        await asyncio.sleep(1 / CALLS_PER_S)
    return list(await asyncio.gather(*calls))


async def hang_up_all(calls: list[OutgoingCall]) -> None:
    """Everybody gives up."""
    await asyncio.gather(*(call.hang_up() for call in calls))


async def wait_waiting(platform: Platform, count: int, queue: str = QUEUE) -> None:
    """Return once exactly so many callers wait in the queue."""
    async with asyncio.timeout(60):
        while True:
            rows = await platform.request("GET", "/queues")
            if next(row["waiting"] for row in rows if row["key"] == queue) == count:
                return
            await asyncio.sleep(0.2)


class LiveSocket:
    """The console's socket; frames carry when they arrived, on the wall clock."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def frames(self) -> AsyncIterator[tuple[float, dict[str, Any]]]:
        """Every frame as (seconds since 1970, frame)."""
        async for message in self._socket:
            yield time.time(), json.loads(message.data)


@asynccontextmanager
async def live(process: PlatformProcess, topic: str) -> AsyncIterator[LiveSocket]:
    """/live with one topic subscribed; the snapshot has been read."""
    place = process.place
    headers = {"Authorization": f"Bearer {place.token}"}
    async with (
        aiohttp.ClientSession(place.url, headers=headers) as session,
        session.ws_connect("/live") as socket,
    ):
        await socket.send_json({"subscribe": [topic]})
        await socket.receive_json(timeout=10)
        yield LiveSocket(socket)


def epoch(at: str) -> float:
    """Seconds since 1970 of an ISO time."""
    return datetime.fromisoformat(at).timestamp()


def on_wall_clock(loop_time: float) -> float:
    """A moment of the loop's clock as seconds since 1970."""
    return time.time() - (asyncio.get_running_loop().time() - loop_time)


def milliseconds(seconds: list[float]) -> dict[str, object]:
    """p50, p95 and p99 as columns, in milliseconds."""
    return {
        f"p{percent} ms": f"{1000 * percentile(seconds, percent):.1f}" for percent in (50, 95, 99)
    }


def machine_load() -> str:
    """The load average of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"
