"""A caller leaves a message: prompt, tone, and listening until they have finished."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.ivr.ear import Ear
from callwright.ivr.speaking import say, tone_file
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.ports.telephony import DigitPressed, LegEnded, PbxEvent
from callwright.queues import service as queues
from callwright.queues.promises import VoicemailRule
from callwright.recordings import service as recordings
from callwright.voicemails import service as voicemails

log = logging.getLogger(__name__)

END_KEY, PROMPT = "#", "voicemail_prompt"
TAIL_S = 0.5  # kept after the last word


async def take(
    house: House,
    contact_id: UUID,
    queue: str = "",
    *,
    prompt: str = "",
    also: Callable[[Tx], None] | None = None,
) -> None:
    """Let a caller leave a message, from the queue or from a menu (then for `queue`).

    `prompt` = what is said before the tone, empty = the usual words; `also` is done in the
    transaction that takes the caller out of the queue. Raises `wrong_state` when the caller is in
    neither.
    """

    async def begin(tx: Tx) -> None:
        contact = await calls.leave_queue(tx, contact_id, "leave_message", "voicemail")
        key = contact.queue or (await queues.queue_of(tx, queue)).key
        rule = await queues.voicemail_rule(tx, key)
        await voicemails.begin(tx, contact_id, key, rule.least_s)
        if also is not None:
            also(tx)

    await house.db.run(begin)
    await guide(house, contact_id, prompt or PROMPT)


async def guide(house: House, contact_id: UUID, prompt: str = PROMPT) -> None:
    """Lead a caller through it; after a restart of the platform from where they are."""
    async with house.db.reading() as tx:
        contact = await calls.contact(tx, contact_id)
        row = await voicemails.voicemail_of(tx, contact_id)
        rule = await queues.voicemail_rule(tx, row["queue"] if row else "")
    if contact is None or row is None:
        return
    await house.telephony.unhold(contact.caller_leg)
    since: datetime | None = row["started_at"]
    with house.legs.subscribe(contact.caller_leg) as events:
        if row["state"] == "prompt":
            since = await _invite(house, contact, prompt, events)
        if since is None:
            return
        how, at = await _listen(house, contact, rule, since=since, events=events)
    if how != "hung_up":  # whose end is written down where the leg's is
        await _thank(house, contact, how, at)


async def _invite(
    house: House, contact: Contact, prompt: str, events: asyncio.Queue[PbxEvent]
) -> datetime | None:
    """The prompt and the tone; None when there will be no message. Keys before it mean nothing."""
    if not await recordings.runs(house, contact.id, contact.caller_leg):
        await house.db.run(lambda tx: voicemails.not_recorded(tx, contact.id))
        await _goodbye(house, contact, voicemails.FAILED, "voicemail_failed")
        return None
    if not await say(house, contact, [prompt]):
        return None
    await house.telephony.play(contact.caller_leg, [tone_file(house)])
    before = [events.get_nowait() for _ in range(events.qsize())]
    if any(isinstance(event, LegEnded) for event in before):
        return None
    await house.db.run(lambda tx: voicemails.tone_heard(tx, contact.id))
    return house.clock.now()


@dataclass(slots=True)
class _Listening:
    """One caller being listened to; `since` = the tone, `until` = when the last word was said."""

    house: House
    contact: Contact
    rule: VoicemailRule
    since: datetime
    until: datetime | None = None

    async def silence(self) -> str:
        """Return when they have finished; never where the sound cannot be had."""
        try:
            await self._hear()
        except Exception as error:  # the message goes on; keys and its longest time still end it
            log.warning("voicemail %s: nobody hears a silence: %r", self.contact.id, error)
            voicemails.note_heard(self.contact.id, None)
            await asyncio.Event().wait()
        return "silence"

    async def _hear(self) -> None:
        stream = await self.house.telephony.stream(self.contact.caller_leg)
        ear = Ear()
        # who was heard only from the middle on may have said enough before
        from_the_tone = stream.started_at - self.since <= voicemails.LAG
        try:
            async for frame in stream:
                ear.hear(frame, len(frame) / 2 / stream.sample_rate)
                enough = ear.voiced_s >= self.rule.least_s
                so_far = stream.started_at + timedelta(seconds=ear.heard_s)
                quiet = from_the_tone and not enough
                voicemails.note_heard(self.contact.id, so_far if quiet else None)
                if ear.has_finished(self.rule.silence_s):
                    break
            else:  # the leg is gone, which is told elsewhere
                await asyncio.Event().wait()
        finally:
            await stream.close()
        self.until = stream.started_at + timedelta(seconds=ear.last_voice_s + TAIL_S)


async def _listen(
    house: House,
    contact: Contact,
    rule: VoicemailRule,
    *,
    since: datetime,
    events: asyncio.Queue[PbxEvent],
) -> tuple[str, datetime]:
    """How the message ended (key, silence, longest, hung_up), and when."""
    listening = _Listening(house, contact, rule, since)
    left_s = rule.longest_s - (house.clock.now() - since).total_seconds()
    how = await _first(
        {
            "told": _told(events),
            "silence": listening.silence(),
            "longest": _after(house, left_s),
        }
    )
    return how, listening.until or house.clock.now()


async def _first(ends: dict[str, Coroutine[None, None, str]]) -> str:
    """What the first of them says; the others are given up."""
    tasks = [asyncio.create_task(work, name=name) for name, work in ends.items()]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return min(task.result() for task in done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told(events: asyncio.Queue[PbxEvent]) -> str:
    """The caller ends it: by the key, or by leaving."""
    while True:
        event = await events.get()
        if isinstance(event, LegEnded):
            return "hung_up"
        if isinstance(event, DigitPressed) and event.digit == END_KEY:
            return "key"


async def _after(house: House, seconds: float) -> str:
    await house.clock.sleep(max(seconds, 0.0))
    return "longest"


async def _thank(house: House, contact: Contact, how: str, at: datetime) -> None:
    async def finish(tx: Tx) -> str:
        reason = await voicemails.finish(tx, contact.id, how, at)
        await calls.say_goodbye(tx, contact.id, reason)
        return reason

    try:
        reason = await house.db.run(finish)
    except CallwrightError as error:
        log.info("voicemail %s: the caller was quicker: %s", contact.id, error)
        return
    finally:
        voicemails.note_heard(contact.id, None)
    kept = reason == voicemails.LEFT
    await say(house, contact, ["voicemail_thanks" if kept else "voicemail_short"])
    await house.telephony.hang_up(contact.caller_leg)


async def _goodbye(house: House, contact: Contact, reason: str, prompt: str) -> None:
    await house.db.run(lambda tx: calls.say_goodbye(tx, contact.id, reason))
    await say(house, contact, [prompt])
    await house.telephony.hang_up(contact.caller_leg)
