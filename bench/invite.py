"""From an agent who becomes free to the INVITE at their phone, beside Asterisk's own app_queue.

On the same PBX, one after the other, by the same kind of phone: with 50 callers who hear music, and
with 500 who hear none, for 500 streams of music fill two cores by themselves. The phone refuses
each call, so that the callers keep their places and the next round is the same.
"""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import dataclass

import psycopg
from tests.platform_process import PlatformProcess

from bench import house, pbx
from bench.peer import AppQueue, app_queue
from bench.table import write_table
from callwright.cli._call.platform import Platform
from callwright.integrations.sipphone import Phone

ROUNDS, QUICK_ROUNDS = 150, 10
PEER_ROUNDS = 40  # each lasts seconds
PEER_PATIENCE_S = 30.0  # a queue that calls nobody for so long is broken, not slow
CROWDS, QUICK_CROWDS = ((50, True), (500, False)), ((5, True),)  # callers, and whether with music
MEDIA = {"CALLWRIGHT_PORTS__MEDIA": "[40000, 42999]"}  # two for each leg
PEER_LINE, PEER_AGENT = "7700", "zhao.min"
GOAL_MS = 20
REST_S = (0.05, 0.15)  # between two rounds, at random: no rhythm shall help or hurt
PEER_REST_S = (1.0, 2.0)  # app_queue waits its `retry` of one second after each refusal


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds from the request that frees the agent, and from the moment written as its time."""

    from_request_s: float
    from_free_s: float


async def measure(rounds: int, waiting: int, music: bool) -> list[dict[str, object]]:
    """The rows of the table: ours twice, then the peer."""
    with house.platform(**MEDIA) as process:
        numbers = house.customer_numbers(process, waiting)
        await house.shorten_menu(process)
        await pbx.let_silent_lines_live(process)
        if not music:
            await pbx.without_music(process)
        async with (
            Platform(process.place) as platform,
            Phone("caller", server=process.place.sip, sound=False) as callers,
        ):
            async with house.seat(platform) as seat:
                calls = await house.call_in(callers, numbers)
                await house.wait_waiting(platform, waiting)
                ours = await _ours(process, seat, rounds)
                await house.hang_up_all(calls)
            await house.wait_waiting(platform, 0)
            peers = await _peer(process, platform, callers, numbers, min(rounds, PEER_ROUNDS))
    crowd = f"{waiting} with music" if music else str(waiting)
    return [
        _row("Callwright, free → INVITE", crowd, [one.from_free_s for one in ours]),
        _row("Callwright, HTTP request → INVITE", crowd, [one.from_request_s for one in ours]),
        _row("app_queue, AMI unpause → INVITE", crowd, peers),
    ]


async def _ours(process: PlatformProcess, seat: house.Seat, rounds: int) -> list[Round]:
    found = []
    async with await psycopg.AsyncConnection.connect(
        process.database_url, autocommit=True
    ) as connection:
        for _ in range(rounds):
            await asyncio.sleep(random.uniform(*REST_S))
            asked_at = asyncio.get_running_loop().time()
            _, call = await asyncio.gather(seat.ready(), seat.invited())
            rang = house.on_wall_clock(call.started_at)
            free = await _free_at(connection, seat.login)
            found.append(Round(call.started_at - asked_at, rang - free))
            call.reject()
            await _on_break(connection, seat.login)
    return found


async def _free_at(connection: psycopg.AsyncConnection[tuple[object, ...]], login: str) -> float:
    """When the agent last became ready, as the journal has it: before the commit."""
    cursor = await connection.execute(
        "SELECT extract(epoch FROM at)::float8 FROM event WHERE name = 'agent.state_changed' "
        "AND body->>'login' = %s AND body->>'state' = 'ready' ORDER BY at DESC LIMIT 1",
        [login],
    )
    row = await cursor.fetchone()
    return float(str(row[0])) if row else float("nan")


async def _on_break(connection: psycopg.AsyncConnection[tuple[object, ...]], login: str) -> None:
    """Until the refusal has been taken in."""
    async with asyncio.timeout(10):
        while True:
            cursor = await connection.execute("SELECT state FROM agent WHERE login = %s", [login])
            if await cursor.fetchone() == ("break",):
                return
            await asyncio.sleep(0.01)


async def _peer(
    process: PlatformProcess,
    platform: Platform,
    callers: Phone,
    numbers: list[str],
    rounds: int,
) -> list[float]:
    """The same callers in app_queue, the same kind of phone as its only member."""
    found = []
    async with (
        house.seat(platform, PEER_AGENT) as seat,
        app_queue(process, PEER_LINE, seat.phone.user) as queue,
    ):
        calls = await house.call_in(callers, numbers, PEER_LINE)
        for _ in range(rounds):
            await asyncio.sleep(random.uniform(*PEER_REST_S))
            found.append(await _peer_round(queue, seat))
        await house.hang_up_all(calls)
    return found


async def _peer_round(queue: AppQueue, seat: house.Seat) -> float:
    asked_at = asyncio.get_running_loop().time()
    await queue.free()
    call = await seat.invited(PEER_PATIENCE_S)
    await queue.busy()
    call.reject()
    return call.started_at - asked_at


def _row(name: str, waiting: str, seconds: list[float]) -> dict[str, object]:
    return {
        "router": name,
        "waiting": waiting,
        "rounds": len(seconds),
        **house.milliseconds(seconds),
        "longest ms": f"{1000 * max(seconds):.1f}",
        "goal p99 ms": GOAL_MS,
        "machine load": house.machine_load(),
    }


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    quick = "--quick" in arguments
    rounds, crowds = (QUICK_ROUNDS, QUICK_CROWDS) if quick else (ROUNDS, CROWDS)
    tables = [asyncio.run(measure(rounds, waiting, music)) for waiting, music in crowds]
    rows = [row for table in tables for row in table]
    write_table("invite", "From agent free to INVITE, beside app_queue on the same PBX", rows)
    return 0 if all(float(str(table[0]["p99 ms"])) <= GOAL_MS for table in tables) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
