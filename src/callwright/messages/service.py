"""Put messages into the outbox, and hand them to the gateway until it has taken them."""

from __future__ import annotations

import logging
from uuid import UUID

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.kit.timers import set_timer
from callwright.messages import store
from callwright.messages.events import MessageFailed, MessageQueued, MessageSent
from callwright.messages.model import Message, MessageState, after, next_try
from callwright.ports.house import House
from callwright.ports.sms import TextMessage

log = logging.getLogger(__name__)

RETRY_TIMER = "message.retry"

messages_of = store.messages_of
message_of_key = store.message_of_key
opt_out = store.opt_out
opt_in = store.opt_in
has_opted_out = store.has_opted_out


async def queue(
    tx: Tx,
    *,
    contact_id: UUID,
    customer_id: UUID | None,
    script_id: UUID | None,
    to: str,
    text: str,
    key: str,
    author: str,
) -> tuple[Message, bool]:
    """Write a message and say whether it is new: a key makes one message, pressed how often ever.

    Raises `opted_out` when nobody at the number wants messages.
    """
    if await store.has_opted_out(tx, to):
        raise CallwrightError("opted_out", contact=str(contact_id))
    now = tx.clock.now()
    message = Message(
        new_id(), contact_id, customer_id, script_id, to, text, key, author,
        MessageState.QUEUED, 0, "", now, None,
    )  # fmt: skip
    if not await store.insert_message(tx, message):
        before = await store.message_of_key(tx, contact_id, key)
        if before is None or before.script_id != script_id:
            raise CallwrightError("already_exists", what="message", field="key")
        return before, False
    tx.publish(MessageQueued(at=now, contact_id=contact_id, message_id=message.id))
    return message, True


async def deliver(house: House, message_id: UUID) -> None:
    """Hand a waiting message over. It may run twice: the gateway knows the id."""
    async with house.db.begin() as tx:
        message = await store.message(tx, message_id)
        if message is None or message.state != MessageState.QUEUED:
            return
        if await store.has_opted_out(tx, message.to):
            await _give_up(tx, message, "opted_out", message.tries)
            return
    try:
        ref = await house.sms.send(TextMessage(str(message.id), message.to, message.text))
    except CallwrightError as error:
        code, final = error.code, error.code == "sms_refused"
        await house.db.run(lambda tx: _failed(tx, message, code, final=final))
        return
    await house.db.run(lambda tx: _sent(tx, message, house.sms.name, ref))


async def _sent(tx: Tx, message: Message, gateway: str, ref: str) -> None:
    now, tries = tx.clock.now(), message.tries + 1
    state = after(message.state, "hand_over").value
    if await store.update_message(
        tx, message.id, state=state, tries=tries, sent_at=now, gateway_ref=ref
    ):
        tx.publish(
            MessageSent(
                at=now, contact_id=message.contact_id, message_id=message.id, gateway=gateway,
                tries=tries,
            )
        )  # fmt: skip


async def _failed(tx: Tx, message: Message, code: str, *, final: bool) -> None:
    tries = message.tries + 1
    due = None if final else next_try(tries, tx.clock.now())
    if due is None:
        await _give_up(tx, message, code, tries)
        return
    state = after(message.state, "try_again").value
    if await store.update_message(tx, message.id, state=state, tries=tries, reason=code):
        log.warning("message %s: %s, try %d in vain", message.id, code, tries)
        body = {"message_id": str(message.id)}
        await set_timer(tx, f"message:{message.id}", RETRY_TIMER, due, body)


async def _give_up(tx: Tx, message: Message, code: str, tries: int) -> None:
    state = after(message.state, "give_up").value
    if await store.update_message(tx, message.id, state=state, tries=tries, reason=code):
        tx.publish(
            MessageFailed(
                at=tx.clock.now(), contact_id=message.contact_id, message_id=message.id,
                reason=code, tries=tries,
            )
        )  # fmt: skip
