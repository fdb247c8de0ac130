"""Prompts and digits on the simulated PBX."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from callwright.integrations.pbx.digits import KeyPresses, Wanted, gather
from callwright.integrations.pbx.media import seconds, unplayable
from callwright.integrations.pbx.simulator.legs import SimulatedLeg, SimulatedPlay
from callwright.integrations.pbx.simulator.pbx import SimulatedPbx
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import DigitPressed, Digits, PlayResult, PlayState


async def play(
    pbx: SimulatedPbx,
    leg_id: str,
    media: Sequence[str],
    *,
    interruptible: bool,
    over_music: bool = False,
) -> PlayResult:
    """Play the files in turn, each for as long as it sounds."""
    leg = pbx.legs.get(leg_id)
    if leg is None:
        return PlayResult("leg_gone")
    playing = SimulatedPlay(
        interruptible, asyncio.get_running_loop().create_future(), over_music=over_music
    )
    leg.plays.append(playing)
    try:
        for path in media:
            why = unplayable(path)
            if why:
                return PlayResult("failed", why)
            state = await _one(pbx, leg, playing, path)
            if state != "completed":
                return PlayResult(state)
        return PlayResult("completed")
    finally:
        leg.plays.remove(playing)
        pbx.refresh(leg)


def stop_all(leg: SimulatedLeg) -> None:
    """Stop whatever plays."""
    for playing in leg.plays:
        playing.finish("interrupted")


def stop_announcing(leg: SimulatedLeg) -> None:
    """Stop what plays into the music."""
    for playing in leg.plays:
        if playing.over_music:
            playing.finish("interrupted")


async def collect(
    pbx: SimulatedPbx, leg_id: str, media: Sequence[str], wanted: Wanted, *, secure: bool
) -> Digits:
    """Play a prompt that typing stops and gather the digits."""
    leg = pbx.legs.get(leg_id)
    if leg is None:
        return Digits("", "leg_gone")
    presses = KeyPresses(secure)
    leg.takers.append(presses)
    try:
        prompt = play(pbx, leg_id, media, interruptible=True) if media else None
        return await gather(pbx.clock, presses, prompt, wanted)
    finally:
        leg.takers.remove(presses)


def press(pbx: SimulatedPbx, leg: SimulatedLeg, digits: str) -> None:
    """The far end presses keys, one right after the other."""
    for digit in digits:
        for playing in leg.plays:
            if playing.interruptible:
                playing.finish("interrupted")
        for taker in leg.takers:
            taker.queue.put_nowait(digit)
        if not leg.secure:
            pbx.emit(DigitPressed(leg.id, pbx.clock.now(), digit))


async def announce(pbx: SimulatedPbx, bridge: str, path: str) -> PlayResult:
    """Play one file to everybody in a bridge."""
    if bridge in pbx.announcements:
        raise CallwrightError("wrong_state", what="bridge", state="playing")
    why = unplayable(path)
    if why:
        return PlayResult("failed", why)
    if bridge not in pbx.bridges:
        return PlayResult("bridge_gone")
    playing = SimulatedPlay(False, asyncio.get_running_loop().create_future(), path)
    pbx.announcements[bridge] = playing
    pbx.refresh_bridge(bridge)
    try:
        return PlayResult(await _until_end(pbx, playing))
    finally:
        del pbx.announcements[bridge]
        pbx.refresh_bridge(bridge)


async def _one(
    pbx: SimulatedPbx, leg: SimulatedLeg, playing: SimulatedPlay, path: str
) -> PlayState:
    playing.path = path
    pbx.refresh(leg)
    return await _until_end(pbx, playing)


async def _until_end(pbx: SimulatedPbx, playing: SimulatedPlay) -> PlayState:
    sounding = asyncio.ensure_future(pbx.clock.sleep(seconds(playing.path)))
    ends: set[asyncio.Future[Any]] = {sounding, playing.done}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        return playing.done.result() if playing.done.done() else "completed"
    finally:
        sounding.cancel()
