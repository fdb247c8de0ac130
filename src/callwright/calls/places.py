"""Brings the PBX to where the rows say: who is in which bridge, who hears music."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from callwright.calls.model import Place, Talk
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import Telephony

log = logging.getLogger(__name__)

Spot = tuple[Place, str]  # what a leg hears, and for a talk in which bridge


async def arrange(telephony: Telephony, after: Talk, before: Talk | None = None) -> None:
    """Move each leg whose place changed."""
    old = before.spots() if before else {}
    changed = {leg: spot for leg, spot in after.spots().items() if old.get(leg) != spot}
    await put(telephony, changed, {leg: bridge for leg, (_, bridge) in old.items()})


async def arrange_if_alive(telephony: Telephony, after: Talk, before: Talk | None = None) -> None:
    """The same where nobody waits for an answer: a leg that just went has its own news coming."""
    try:
        await arrange(telephony, after, before)
    except CallwrightError as error:
        log.info("call %s not arranged: %s", after.contact.id, error)


async def put(telephony: Telephony, spots: Mapping[str, Spot], was: Mapping[str, str]) -> None:
    """Put legs in their places. Who must not hear is taken out before others come in.

    `was` = the bridge that each is in now, empty for none.
    """
    together: dict[str, list[str]] = {}
    for leg, (place, bridge) in spots.items():
        if place in (Place.TALK, Place.ASIDE):
            together.setdefault(bridge, []).append(leg)
        else:
            await _alone(telephony, leg, place, was.get(leg, ""))
    for bridge, legs in together.items():
        await telephony.connect(bridge, legs)


async def _alone(telephony: Telephony, leg: str, place: Place, bridge: str) -> None:
    if place == Place.MUSIC:
        await telephony.hold(leg)
    elif place == Place.TONE:
        await telephony.ringback(leg)
    elif bridge:
        await telephony.take_out(bridge, leg)
