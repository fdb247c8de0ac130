"""Simulated far ends: what a phone does from the INVITE on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from callwright.integrations.pbx.simulator.legs import SimulatedLeg
from callwright.integrations.pbx.simulator.pbx import SimulatedPbx
from callwright.integrations.pbx.simulator.phones import SIP_CODES, PhoneBehaviour
from callwright.ports.telephony import EndCause


async def live(
    pbx: SimulatedPbx, leg: SimulatedLeg, phone: PhoneBehaviour, timeout_s: float
) -> None:
    """Ring, answer, hang up as the phone's behaviour says; give up after `timeout_s`."""
    await _while_there(leg, _invite(pbx, leg, phone, timeout_s))
    if leg.state == "up" and phone.hangs_up_after_s is not None and not leg.gone.is_set():
        await _while_there(leg, pbx.clock.sleep(phone.hangs_up_after_s))
        pbx.end(leg, "normal")


async def _invite(
    pbx: SimulatedPbx, leg: SimulatedLeg, phone: PhoneBehaviour, timeout_s: float
) -> None:
    rings = phone.rings_after_s if phone.reachable else timeout_s
    await pbx.clock.sleep(min(rings, timeout_s))
    if phone.refuses is not None:
        _end(pbx, leg, phone.refuses)
        return
    if rings >= timeout_s:
        _end(pbx, leg, "unreachable")
        return
    pbx.ring(leg)
    answers = timeout_s if phone.answers_after_s is None else phone.answers_after_s
    await pbx.clock.sleep(min(answers, timeout_s) - rings)
    if leg.state == "up":
        return
    if answers < timeout_s:
        pbx.pick_up(leg)
    else:
        _end(pbx, leg, "no_answer")


def _end(pbx: SimulatedPbx, leg: SimulatedLeg, cause: EndCause) -> None:
    pbx.end(leg, cause, SIP_CODES.get(cause))


async def _while_there(leg: SimulatedLeg, work: Coroutine[object, object, None]) -> None:
    """Do it, but stop when the leg ends."""
    doing, gone = asyncio.ensure_future(work), asyncio.ensure_future(leg.gone.wait())
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        doing.cancel()
        gone.cancel()
