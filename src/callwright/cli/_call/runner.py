"""Runs one script against the platform; many may run at once with different people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callwright.cli._call.platform import Platform
from callwright.cli._call.play import Course, Player, Tell
from callwright.cli._call.report import CallReport, document_of, expected, judge, measure
from callwright.cli._call.script import Script
from callwright.cli._call.seat import Seat, seats_of
from callwright.cli._call.sound import Line, load_lines
from callwright.integrations.sipphone import Phone
from callwright.kit.errors import CallwrightError

CALLER_USER = "caller"  # whose socket the call comes from; From carries the script's number


async def run_script(
    script: Script,
    platform: Platform,
    *,
    lines: Sequence[Line] | None = None,
    caller_only: bool = False,
    tell: Tell = lambda _: None,
) -> CallReport:
    """Place the call, play it, wait until the platform has done all its work, and report.

    `lines` = the sound, default the script's own. `tell` gets one line for each thing that
    happens. Raises what keeps a call from being placed; later faults are in the report.
    """
    spoken = load_lines(script) if lines is None else lines
    seats = [] if caller_only else seats_of(script, platform)
    resting = [] if caller_only else script.on_break
    player = Player(script, spoken, platform, tell)
    try:
        for login in resting:
            await platform.set_state(login, "break")
        await _sign_in(seats)
        async with Phone(CALLER_USER, server=platform.place.sip) as phone:
            await player.play(phone, seats, caller_only=caller_only)
    finally:
        await _sign_out(seats, player.course)
        for login in resting:
            await platform.set_state(login, "offline")
    await _finish(player.course, platform, tell)
    return await _report(player.course, platform)


async def _sign_in(seats: list[Seat]) -> None:
    for seat in seats:
        await seat.sign_in()
    if seats:
        await seats[0].go_ready()


async def _sign_out(seats: list[Seat], course: Course) -> None:
    for seat in seats:
        try:
            await seat.sign_out()
        except CallwrightError as error:
            course.problems.append(f"{seat.login} could not sign out: {error}")


async def _finish(course: Course, platform: Platform, tell: Tell) -> None:
    """Wait for recording, transcript and ticket."""
    if course.contact_id is None:
        return
    tell("waiting for recording, transcript and ticket")
    try:
        course.page = await platform.wait_finished(course.contact_id)
    except CallwrightError as error:
        course.problems.append(str(error))
        course.page = await platform.contact(course.contact_id)


async def _report(course: Course, platform: Platform) -> CallReport:
    heard = await asyncio.to_thread(measure, course)
    problems = judge(course, heard)
    document = await document_of(course, heard, platform)
    document["expect"] = expected(course)
    document["problems"] = problems
    document["ok"] = not problems
    return CallReport(not problems, document)
