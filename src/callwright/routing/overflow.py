"""Callers who cannot wait: why, and what becomes of them, one function for each kind of target.

A kind is registered by name with `@overflow_kind`; its fields stand in `queues.model.KINDS`. It
gets the caller in state `waiting` and moves them on in a transaction of its own, in which it calls
`tell`; when somebody was quicker that transaction raises `wrong_state` and nothing happens.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

from callwright.agents import service as agents
from callwright.calendars import service as calendars
from callwright.calls import service as calls
from callwright.calls.model import Contact, ContactState, Visit
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.queues import service as queues
from callwright.queues.model import Cause, Queue, Target
from callwright.routing.events import CallOverflowed

log = logging.getLogger(__name__)

# Where nothing else is set: the words, and the reason that is stored.
GOODBYE: dict[Cause, str] = {
    "full": "goodbye_full",
    "too_long": "goodbye_timeout",
    "nobody_on_duty": "goodbye_nobody",
    "after_hours": "closed",
}
REASON: dict[Cause, str] = {
    "full": "queue_full",
    "too_long": "queue_timeout",
    "nobody_on_duty": "no_agents",
    "after_hours": "closed",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One caller who cannot wait: where they stood, why they cannot, and where to."""

    contact: Contact
    visit: Visit
    queue: Queue
    cause: Cause
    target: Target


OverflowKind = Callable[[House, Turn], Awaitable[None]]
_KINDS: dict[str, OverflowKind] = {}


def overflow_kind(name: str) -> Callable[[OverflowKind], OverflowKind]:
    """Do this with a caller whose target is of this kind."""

    def wrap(work: OverflowKind) -> OverflowKind:
        if name in _KINDS:
            raise ValueError(f"overflow kind {name!r} is there twice")
        _KINDS[name] = work
        return work

    return wrap


def kinds() -> frozenset[str]:
    """The names of all kinds that can be carried out."""
    return frozenset(_KINDS)


def tell(tx: Tx, turn: Turn) -> None:
    """Say why the caller left the queue and where to; with the change, in its transaction."""
    tx.publish(
        CallOverflowed(
            at=tx.clock.now(), site=turn.contact.site, contact_id=turn.contact.id,
            visit_id=turn.visit.id, queue=turn.queue.key, cause=turn.cause,
            kind=turn.target.kind, to=turn.target.queue,
        )
    )  # fmt: skip


async def cause_on_entry(tx: Tx, contact_id: UUID, visit_id: UUID) -> Cause | None:
    """Why a caller who has just come cannot wait here; None when they can."""
    visit = await calls.open_visit(tx, contact_id)
    if visit is None or visit.id != visit_id:
        return None
    queue = await queues.queue_of(tx, visit.queue)
    if not await is_open(tx, queue):
        return "after_hours"
    if not await agents.count_on_duty(tx, queue.key):
        return "nobody_on_duty"
    if queue.max_waiting is None or await calls.was_here_before(tx, visit):
        return None  # who comes back from a transfer in vain is not turned away
    contact = await calls.contact(tx, contact_id)
    if contact and contact.direction == "out":
        return None  # nor who was called back
    return "full" if await calls.ahead_of(tx, visit) >= queue.max_waiting else None


async def is_open(tx: Tx, queue: Queue) -> bool:
    """Whether a queue takes callers now."""
    return not queue.calendar or await calendars.open_at(tx, queue.calendar, tx.clock.now())


async def overflow(
    house: House, contact_id: UUID, cause: Cause, visit_id: UUID | None = None
) -> None:
    """Move a waiting caller on as their queue says. Nothing happens while an agent's phone rings,
    or when they have left the stay `visit_id` already."""
    async with house.db.reading() as tx:
        turn = await _turn(tx, contact_id, cause, visit_id)
    if turn is None:
        return
    try:
        await _KINDS[turn.target.kind](house, turn)
    except CallwrightError as error:
        if error.code in ("wrong_state", "leg_gone"):
            log.info("no overflow for %s: %s", contact_id, error)
            return
        log.error("overflow of %s to %s failed: %s", contact_id, turn.target.kind, error)
        await goodbye(house, replace(turn, target=Target("goodbye")))


async def _turn(tx: Tx, contact_id: UUID, cause: Cause, visit_id: UUID | None) -> Turn | None:
    contact = await calls.contact(tx, contact_id)
    visit = await calls.open_visit(tx, contact_id)
    if contact is None or visit is None or contact.state != ContactState.WAITING:
        return None
    if visit_id not in (None, visit.id):
        return None
    queue = await queues.queue_of(tx, visit.queue)
    target = queue.overflow.get(cause, Target("goodbye"))
    if target.kind not in _KINDS:
        log.error("queue %s: no overflow of kind %s here", queue.key, target.kind)
        target = Target("goodbye")
    if target.queue and target.queue in await calls.overflowed_from(tx, contact_id):
        target = Target("goodbye")  # settings changed meanwhile: nobody goes round in a circle
    return Turn(contact, visit, queue, cause, target)


@overflow_kind("goodbye")
async def goodbye(house: House, turn: Turn) -> None:
    """A spoken sentence, and the end."""
    prompt = turn.target.prompt or GOODBYE[turn.cause]
    await say_goodbye(house, turn.contact.id, REASON[turn.cause], prompt, turn)


@overflow_kind("queue")
async def other_queue(house: House, turn: Turn) -> None:
    """Wait in another queue, as old as before."""

    async def write(tx: Tx) -> None:
        await calls.overflow_to(tx, turn.contact.id, turn.target.queue)
        tell(tx, turn)

    await house.db.run(write)


async def say_goodbye(
    house: House, contact_id: UUID, reason: str, prompt: str, turn: Turn | None = None
) -> None:
    """End a waiting call with a stored reason and a spoken sentence."""

    async def write(tx: Tx) -> Contact:
        contact = await calls.say_goodbye(tx, contact_id, reason)
        if turn is not None:
            tell(tx, turn)
        return contact

    contact = await house.db.run(write)
    await house.telephony.unhold(contact.caller_leg)
    played = await house.telephony.play(
        contact.caller_leg, [house.prompt(prompt, contact.language)]
    )
    if played.state == "failed":
        log.error("goodbye was not spoken: %s", played.reason)
    await house.telephony.hang_up(contact.caller_leg)
