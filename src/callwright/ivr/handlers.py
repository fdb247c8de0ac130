"""A call begins, or is found in the menu after a restart: the menu speaks."""

from __future__ import annotations

import logging

from callwright.calls import outbound
from callwright.calls import service as calls
from callwright.calls.events import (
    CallAdopted,
    CallAnswered,
    CallQueued,
    CallStarted,
    QueueLeft,
)
from callwright.calls.model import Contact, ContactState
from callwright.ivr import callback, capture, overflows, service, voicemail, waiting
from callwright.kit.bus import on
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House

log = logging.getLogger(__name__)

OVERFLOW_KINDS = (overflows.to_voicemail, overflows.to_callback)  # known once this is imported


@on(CallStarted)
async def call_started(event: CallStarted, house: House) -> None:
    """Welcome the caller; somebody whom we call is greeted when they answer."""
    if event.direction == "in":
        await _welcome(event, house)


@on(CallAnswered)
async def call_answered(event: CallAnswered, house: House) -> None:
    """Whom we called picked up: the recording notice first, then the agent."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, event.contact_id)
    if contact and contact.state == ContactState.DIALLING:
        await _greet(house, contact)


@on(CallQueued)
async def caller_waits(event: CallQueued, house: House) -> None:
    """They may press the queue's key to be called back."""
    await waiting.watch(house, event.contact_id)


@on(QueueLeft)
async def caller_left(event: QueueLeft, _: House) -> None:
    """No key is listened for any more."""
    waiting.leave(event.contact_id)


@on(CallAdopted)
async def call_adopted(event: CallAdopted, house: House) -> None:
    """The platform died while the caller was in the menu, which begins again; who left a message
    speaks on, who was asked about a callback waits on, and who typed in secret talks on."""
    await capture.give_up(house, event.contact_id)
    if event.state == ContactState.IVR:
        await _welcome(event, house)
    elif event.state == ContactState.VOICEMAIL:
        await voicemail.guide(house, event.contact_id)
    elif event.state in (ContactState.CHOOSING, ContactState.WAITING):
        await _wait_on(event, house)
    elif event.state == ContactState.DIALLING:
        async with house.db.reading() as tx:
            contact = await calls.contact(tx, event.contact_id)
        if contact and contact.answered_at:
            await _greet(house, contact)


async def _greet(house: House, contact: Contact) -> None:
    """The talk begins whatever becomes of the notice, which says so itself when it fails."""
    try:
        await service.greet(house, contact)
    except CallwrightError as error:
        log.warning("call out %s was not greeted: %s", contact.id, error)
    if contact.agent_id is None:
        await callback.welcome_back(house, contact)
    else:
        await outbound.connect(house, contact.id)


async def _wait_on(event: CallAdopted, house: House) -> None:
    if event.state == ContactState.CHOOSING:
        async with house.db.reading() as tx:
            contact = await calls.contact(tx, event.contact_id)
        if contact:
            await callback.stay(house, contact)
    await waiting.watch(house, event.contact_id)


async def _welcome(event: CallStarted | CallAdopted, house: House) -> None:
    try:
        await service.welcome(house, event.contact_id)
    except Exception as error:  # whatever it is, nobody is left in silence
        if not (isinstance(error, CallwrightError) and error.code == "leg_gone"):
            log.exception("menu failed: the call is ended rather than left silent")
            await house.telephony.hang_up(event.leg, "failed")
