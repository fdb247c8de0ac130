"""From the end of a 60 s call to its ticket, spoken by SIP phones, recognised by whisper-base."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.platform_process import PlatformProcess

from bench import house
from bench.table import percentile, write_table
from callwright.cli._call.platform import Platform
from callwright.cli._call.runner import run_script
from callwright.cli._call.script import Caller, Expect, KeyPress, Script, read_script
from callwright.cli._call.sound import Line, load_lines
from callwright.integrations.sipphone.wav import RATE
from callwright.kit.errors import CallwrightError

SCRIPTS = Path("demo/calls")
SPOKEN = ("refund", "repair", "price", "logistics", "thanks-and-buys")  # joined until long enough
TALK_S, QUICK_TALK_S = 60.0, 15.0
CALLS, QUICK_CALLS = 5, 1
AT_ONCE = 3
GOAL_S, AIM_S = 10, 2
# Who answers, and the key that leads there: three queues that share no agent.
SEATS = (("lin.xiao", "0"), ("wu.hao", "1"), ("ma.tao", "4"))


@dataclass(frozen=True, slots=True)
class Done:
    """One call. Seconds; `ticket_s`, `text_s` = from the call's end to ticket and final text."""

    talk_s: float
    text_s: float
    ticket_s: float
    turns: int
    type: str | None


def conversation(seconds: float) -> list[Line]:
    """Turns of the demo calls, one call after the other, until they last so long."""
    lines: list[Line] = []
    for name in SPOKEN:
        for line in load_lines(read_script(SCRIPTS / f"{name}.yaml")):
            if sum(one.gap_s + len(one.pcm) / RATE for one in lines) >= seconds:
                return lines
            lines.append(line)
    raise ValueError(f"the demo calls do not last {seconds} s")


def script(agent: str, key: str, number: str) -> Script:
    """A call to this agent; what is said comes apart."""
    return Script(
        name="bench",
        language="zh",
        caller=Caller(number=number),
        to=house.LINE,
        agent=agent,
        digits=[KeyPress(after="prompt", press=key)],
        expect=Expect(answered=True),
        folder=SCRIPTS,
    )


async def measure(process: PlatformProcess, calls: int, talk_s: float) -> list[dict[str, object]]:
    """A first call that loads the model, then one after the other, then three at once."""
    numbers = house.customer_numbers(process, len(SEATS))
    lines = conversation(talk_s)
    scripts = [script(*seat, number) for seat, number in zip(SEATS, numbers, strict=True)]
    async with Platform(process.place) as platform:
        first = [await _call(platform, scripts[0], lines)]
        single = [await _call(platform, scripts[0], lines) for _ in range(calls)]
        together = await asyncio.gather(*(_call(platform, one, lines) for one in scripts))
    return [
        _row("the first after the start (loads the model)", first),
        _row("one after the other", single),
        _row(f"{AT_ONCE} at once", together),
    ]


async def _call(platform: Platform, one: Script, lines: list[Line]) -> Done:
    report = await run_script(one, platform, lines=lines)
    document: dict[str, Any] = report.document
    if not report.ok:
        raise CallwrightError("failed", problems=document["problems"])
    at = {event["name"]: _time(event["at"]) for event in document["events"]}
    ended = at["call.ended"]
    return Done(
        talk_s=(ended - at["call.connected"]).total_seconds(),
        text_s=(at["transcript.completed"] - ended).total_seconds(),
        ticket_s=(at["ticket.created"] - ended).total_seconds(),
        turns=len(document["transcript"]),
        type=document["ticket"]["type"],
    )


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _row(name: str, calls: list[Done]) -> dict[str, object]:
    seconds = [call.ticket_s for call in calls]
    return {
        "calls": name,
        "how many": len(calls),
        "talk s": f"{percentile([call.talk_s for call in calls], 50):.0f}",
        "turns": min(call.turns for call in calls),
        "hang-up → text p50 s": f"{percentile([call.text_s for call in calls], 50):.2f}",
        "hang-up → ticket p50 s": f"{percentile(seconds, 50):.2f}",
        "p95 s": f"{percentile(seconds, 95):.2f}",
        "goal p95 s": f"{GOAL_S} (aim {AIM_S})",
        "types": ", ".join(sorted({call.type or "none" for call in calls})),
        "machine load": house.machine_load(),
    }


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    quick = "--quick" in arguments
    with house.platform() as process:
        sizes = (QUICK_CALLS, QUICK_TALK_S) if quick else (CALLS, TALK_S)
        rows = asyncio.run(measure(process, *sizes))
    write_table("ticket", "From hang-up to ticket, whisper-base on the processor", rows)
    return 0 if all(float(str(row["p95 s"])) <= GOAL_S for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
