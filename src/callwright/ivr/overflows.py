"""Two more ways for callers who cannot wait: a message, and a callback that keeps the place."""

from __future__ import annotations

from dataclasses import replace

from callwright.calls import service as calls
from callwright.ivr import callback, voicemail
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.queues.model import Target
from callwright.routing.overflow import Turn, goodbye, overflow_kind, tell


@overflow_kind("voicemail")
async def to_voicemail(house: House, turn: Turn) -> None:
    """They leave a message, which becomes a ticket. `prompt` = what is said before the tone."""
    prompt = turn.target.prompt
    await voicemail.take(house, turn.contact.id, prompt=prompt, also=lambda tx: tell(tx, turn))


@overflow_kind("callback")
async def to_callback(house: House, turn: Turn) -> None:
    """They are asked whether to be called back; who does not want that hears the goodbye."""
    if await callback.offer(house, turn.contact.id, also=lambda tx: tell(tx, turn)):
        return
    try:
        await goodbye(house, replace(turn, target=Target("goodbye")))
    except CallwrightError as error:
        if error.code != "wrong_state":
            raise
        # they left, or an agent's phone rings: should it ring in vain, they are looked at again
        await house.db.run(lambda tx: calls.look_again(tx, turn.contact.id))
