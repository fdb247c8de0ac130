"""After each connect to the PBX: the database and the PBX are made to agree again.

Legs that are gone are closed, callers nobody knows are welcomed, legs without a call are reaped,
and after a restart of the platform every living call is adopted by the rooms that care for it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from callwright.agents import service as agents
from callwright.agents.model import AgentState
from callwright.calls import restore, service
from callwright.calls.events import CallAdopted
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.versions import publish_setting, read_setting
from callwright.ports.house import House
from callwright.ports.telephony import (
    LegAnswered,
    LegArrived,
    LegEnded,
    LegState,
    PbxBack,
    PbxEvent,
    Snapshot,
)

log = logging.getLogger(__name__)

BOOT = "pbx.boot"  # the setting that remembers which run of the PBX we knew
WriteDown = Callable[[PbxEvent], Awaitable[None]]


async def after_connect(house: House, write_down: WriteDown, back: PbxBack, *, adopt: bool) -> None:
    """Bring database and PBX together; `adopt` = this process has just started."""
    snapshot = back.snapshot
    async with house.db.begin() as tx:
        known = {row["id"]: row for row in await service.open_legs(tx)}
    here = {leg.leg: leg for leg in snapshot.legs}
    rebooted = await house.db.run(lambda tx: _is_another(tx, snapshot.boot_id))
    for leg in known.keys() - here.keys():
        ended = LegEnded(leg, snapshot.at, "failed" if rebooted else "normal")
        house.legs.send(leg, ended)
        await write_down(ended)
    for state in (here[leg] for leg in here.keys() - known.keys()):
        await _unknown_leg(house, write_down, state, snapshot)
    for row in (known[leg] for leg in here.keys() & known.keys()):
        await _answered_meanwhile(house, write_down, row, here[row["id"]], snapshot)
    await house.db.run(lambda tx: _phones(tx, snapshot))
    await restore.talks(house, here)
    if adopt:
        await house.db.run(_adopt_calls)
    await house.db.run(_free_agents)
    house.db.signals.wake("routing")
    log.info("reconciled: %d legs alive, %d known before", len(here), len(known))


async def _answered_meanwhile(
    house: House, write_down: WriteDown, row: dict[str, Any], state: LegState, snapshot: Snapshot
) -> None:
    """Somebody picked up while we were away: it is news still."""
    if row["answered_at"] is None and state.state == "up" and not state.incoming:
        answered = LegAnswered(state.leg, snapshot.at)
        house.legs.send(state.leg, answered)
        await write_down(answered)


async def _is_another(tx: Tx, boot_id: str) -> bool:
    """Whether the PBX was restarted since the last time: it lost the legs, nobody hung up."""
    try:
        _, before = await read_setting(tx, BOOT)
    except CallwrightError:
        before = None
    if before != boot_id:
        await publish_setting(tx, BOOT, boot_id, "pbx")
    return bool(before != boot_id)


async def _unknown_leg(
    house: House, write_down: WriteDown, state: LegState, snapshot: Snapshot
) -> None:
    """A caller who came while we were away is welcome; any other leg has no partner: reaped."""
    if state.incoming:
        await write_down(
            LegArrived(state.leg, snapshot.at, state.from_number, "", state.to_number, "")
        )
    else:
        await house.telephony.hang_up(state.leg)


async def _phones(tx: Tx, snapshot: Snapshot) -> None:
    for phone in await agents.phones(tx):
        online = phone.endpoint in snapshot.phones_online
        await agents.note_phone(tx, phone.endpoint, online, snapshot.at)


async def _adopt_calls(tx: Tx) -> None:
    for contact in await service.live_contacts(tx):
        tx.publish(
            CallAdopted(
                at=tx.clock.now(), site=contact.site, contact_id=contact.id,
                state=contact.state.value, leg=contact.caller_leg,
            )
        )  # fmt: skip


async def _free_agents(tx: Tx) -> None:
    """Nobody stays ringing or talking for a call that is over."""
    live = {contact.id for contact in await service.live_contacts(tx)}
    for agent in await agents.agents(tx):
        if agent.contact_id in live:
            continue
        if agent.state == AgentState.RINGING:
            await agents.change(tx, agent.id, "release")
        elif agent.state in (AgentState.TALKING, AgentState.HOLD):
            await agents.change(tx, agent.id, "wrap_up")
            await agents.change(tx, agent.id, "wrap_over")
