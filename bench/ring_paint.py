"""From the ring's event in a real browser to the painted card, each time another customer."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e.desk.seat import Seat, desk_browser, open_seat

from bench import house
from bench.table import write_table
from callwright.integrations.sipphone import Phone

RINGS, QUICK_RINGS = 60, 5
GOAL_MS = 200
PATIENCE_S = 300.0
# The console's own marks, on the wall clock; none while the card is not painted.
MARKS = """(contact) => {
  const marks = performance.getEntriesByType('mark').filter((one) => one.detail === contact)
  const at = (name) => marks.find((one) => one.name === name)?.startTime
  const painted = at('desk:painted')
  return painted ? [at('desk:ring'), painted].map((one) => performance.timeOrigin + one) : null
}"""


async def measure(rings: int) -> list[dict[str, object]]:
    """All rings; the rows of the table."""
    with house.platform() as process:
        numbers = house.customer_numbers(process, rings)
        await house.shorten_menu(process)
        async with (
            desk_browser(Path(tempfile.mkdtemp())) as browser,
            Phone("caller", server=process.place.sip, sound=False) as phone,
            asyncio.timeout(PATIENCE_S),
        ):
            seat = await open_seat(browser, process)
            await seat.sign_in(house.AGENT)
            await seat.go_ready()
            times = [await _one(seat, phone, number) for number in numbers]
            await seat.close()
    return _rows(times)


async def _one(seat: Seat, phone: Phone, number: str) -> tuple[float, float, float]:
    """Offer made, ring event, painted: seconds on the wall clock."""
    caller = await phone.call(house.LINE, from_number=number)
    ringing = (await seat.until_state("ringing"))["call"]
    marks = f"({MARKS})('{ringing['contact_id']}')"
    await seat.until(f"{marks} !== null")
    rang, painted = await seat.page.evaluate(marks)
    await caller.hang_up()
    await seat.until_state("ready")
    return house.epoch(ringing["offered_at"]), rang / 1000, painted / 1000


def _rows(times: list[tuple[float, float, float]]) -> list[dict[str, object]]:
    painted = [done - rang for _, rang, done in times]
    whole = [done - made for made, _, done in times]
    return [
        {
            "what": what,
            "rings": len(times),
            **house.milliseconds(seconds),
            "goal p95 ms": goal,
            "machine load": house.machine_load(),
        }
        for what, seconds, goal in (
            ("ring event → painted card", painted, GOAL_MS),
            ("offer made → painted card", whole, ""),
        )
    ]


def main(arguments: list[str]) -> int:
    """Measure and write the table; 1 when the goal was missed."""
    rows = asyncio.run(measure(QUICK_RINGS if "--quick" in arguments else RINGS))
    write_table("ring_paint", "The painted card on ring: Chromium, real PBX", rows)
    return 0 if float(str(rows[0]["p95 ms"])) <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
