"""Playing a reply into a live talk: heard by both sides, stoppable, written down as the system's
words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from callwright.accounts import service as accounts
from callwright.accounts.model import User
from callwright.calls import service as calls
from callwright.calls.model import ContactState
from callwright.desk import replies
from callwright.desk.replies import Choice, Ready
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.ports.telephony import PlayResult
from callwright.scripts import service as scripts
from callwright.scripts import voices
from callwright.scripts.events import ScriptPlayed, ScriptStarted
from callwright.scripts.voices import Voice
from callwright.transcripts import service as transcripts

STOP_TRIES, STOP_AGAIN_S = 20, 0.05

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Playing:
    """What sounds in a contact's talk now."""

    ready: Ready
    voice: Voice
    bridge: str
    turn_id: UUID
    started_at: datetime

    def view(self) -> dict[str, Any]:
        """As the desk shows it."""
        script = self.ready.script
        return {
            "script_id": script.head.id, "no": script.head.no, "title": script.body.title,
            "seconds": self.voice.seconds, "started_at": self.started_at,
        }  # fmt: skip


_playing: dict[UUID, Playing | None] = {}  # by contact; None = about to begin


def playing(contact_id: UUID) -> dict[str, Any] | None:
    """What sounds in a contact's talk now."""
    now = _playing.get(contact_id)
    return now.view() if now else None


async def play(house: House, choice: Choice, typed: Mapping[str, str]) -> float:
    """Begin to play; return how many seconds it sounds. `wrong_state` when it cannot be."""
    contact_id = choice.contact_id
    if contact_id in _playing:
        raise CallwrightError("wrong_state", what="playing", state="playing")
    _playing[contact_id] = None
    try:
        async with house.db.begin() as tx:
            begun = await _begin(house, tx, choice, typed)
    except BaseException:
        del _playing[contact_id]
        raise
    _playing[contact_id] = begun
    house.bus.spawn(_sound(house, contact_id, begun), f"script {begun.ready.script.head.no}")
    return begun.voice.seconds


async def _begin(house: House, tx: Tx, choice: Choice, typed: Mapping[str, str]) -> Playing:
    found = await replies.ready(tx, choice, typed)
    bridge = await _talk_of(tx, found)
    voice = await voices.clip_for(house, tx, found.script, found.complete())
    begun = Playing(found, voice, bridge, new_id(), tx.clock.now())
    await _write_turn(tx, begun, voice.seconds)
    tx.publish(
        ScriptStarted(
            at=begun.started_at, site=found.contact.site, contact_id=found.contact.id,
            script_id=found.script.head.id, agent_id=found.agent.id,
            version=found.script.version.version, seconds=voice.seconds,
        )
    )  # fmt: skip
    await accounts.audit(
        tx, choice.user, "script.play", f"contact:{found.contact.id} {found.script.head.no}"
    )
    return begun


async def _talk_of(tx: Tx, found: Ready) -> str:
    """The bridge in which the agent and the caller hear each other."""
    talk = await calls.talk(tx, found.contact.id)
    if talk.contact.state != ContactState.TALKING:
        raise CallwrightError("wrong_state", what="contact", state=talk.contact.state.value)
    if talk.owner is None or talk.owner.agent_id != found.agent.id:
        raise CallwrightError("wrong_state", what="agent", state=found.agent.state.value)
    return talk.owner.bridge


async def _sound(house: House, contact_id: UUID, begun: Playing) -> None:
    began = house.clock.monotonic()
    try:
        result = await house.telephony.play_to_bridge(begun.bridge, str(begun.voice.path))
    except CallwrightError as error:
        result = PlayResult("failed", str(error))
    finally:
        _playing.pop(contact_id, None)
    heard = min(house.clock.monotonic() - began, begun.voice.seconds)
    await house.db.run(lambda tx: _ended(tx, begun, result, round(heard, 3)))


async def _ended(tx: Tx, begun: Playing, result: PlayResult, heard: float) -> None:
    found = begun.ready
    failed = result.state == "failed"
    if failed:
        log.warning("script %s was not played: %s", found.script.head.no, result.reason)
    await _write_turn(tx, begun, 0.0 if failed else heard)
    if not failed:
        await scripts.count_use(tx, found.script.head.id, played=1)
    outcome = result.state if result.state in ("completed", "failed") else "interrupted"
    tx.publish(
        ScriptPlayed(
            at=tx.clock.now(), site=found.contact.site, contact_id=found.contact.id,
            script_id=found.script.head.id, agent_id=found.agent.id,
            version=found.script.version.version, result=outcome,
            seconds=0.0 if failed else heard,
        )
    )  # fmt: skip


async def _write_turn(tx: Tx, begun: Playing, seconds: float) -> None:
    await transcripts.note_played(
        tx, begun.ready.contact.id, begun.turn_id, text=begun.ready.filled.text,
        at=begun.started_at, seconds=seconds,
    )  # fmt: skip


async def stop(house: House, user: User, contact_id: UUID) -> bool:
    """Stop what plays; whether anything did. Only for the agent in this call."""
    async with house.db.begin() as tx:
        await replies.busy_with(tx, user, contact_id)
    return await stop_in(house, contact_id)


async def stop_in(house: House, contact_id: UUID) -> bool:
    """Stop what plays in a contact's talk; whether anything did."""
    now = _playing.get(contact_id)
    if now is None:
        return False
    for _ in range(STOP_TRIES):  # one that comes before the PBX has begun finds nothing there
        await house.telephony.stop_bridge_playing(now.bridge)
        if _playing.get(contact_id) is not now:
            break
        await house.clock.sleep(STOP_AGAIN_S)
    return True


async def stop_of(house: House, agent_id: UUID) -> None:
    """Stop what an agent plays, in whichever call."""
    for contact_id, now in list(_playing.items()):
        if now and now.ready.agent.id == agent_id:
            await stop_in(house, contact_id)
