"""The guard at work: look at a caller before the menu speaks, and keep the list of numbers."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers

from callwright.calls import guard_store as store
from callwright.calls import service
from callwright.calls.events import CallerGuarded
from callwright.calls.guard import (
    END_REASON,
    SENT_AWAY,
    Caller,
    GuardPolicy,
    Judgement,
    Kind,
    judge,
    parse_policy,
)
from callwright.calls.model import Contact, ContactState
from callwright.customers.phone import identify
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.find import digits_in
from callwright.kit.ids import new_id
from callwright.kit.settings import CompanySettings
from callwright.kit.versions import publish_setting, setting_in_force
from callwright.ports.house import House

log = logging.getLogger(__name__)

KEY = "calls.guard"
SHORTEST_PREFIX = 2  # digits after the country's own

entries = store.entries


async def look(tx: Tx, contact_id: UUID, region: str) -> None:
    """Judge a call that has just come in. Whatever goes wrong in here, the call comes in."""
    said = len(tx.events)
    try:
        async with tx.conn.begin_nested():
            await _look(tx, contact_id, region)
    except Exception:
        del tx.events[said:]
        log.exception("the guard failed: the caller is let in")


async def _look(tx: Tx, contact_id: UUID, region: str) -> None:
    contact = await service.locked(tx, contact_id)
    _, policy = await policy_in_force(tx)
    judgement = judge(await _caller(tx, contact, policy, region), policy)
    if not judgement.rule:
        return
    late_s = policy.low_after_s if judgement.action == "low" else 0
    await store.insert_caught(
        tx,
        {
            "contact_id": contact_id, "rule": judgement.rule, "action": judgement.action,
            "reasons": list(judgement.reasons), "late_s": late_s,
        },
    )  # fmt: skip
    if judgement.action in SENT_AWAY:
        await service.say_goodbye(tx, contact_id, END_REASON)
    _tell(tx, contact, judgement)


async def _caller(tx: Tx, contact: Contact, policy: GuardPolicy, region: str) -> Caller:
    hidden = contact.number_kind == "hidden"
    often = policy.hidden if hidden else policy.nuisance
    since = contact.started_at - timedelta(seconds=often.within_s)
    recent, live = await store.counts(tx, contact, since)
    keys = [] if hidden else _keys(contact, region)
    known = await store.entries_for(tx, keys, contact.started_at) if keys else []
    return Caller(hidden, contact.tier, known, recent, live)


def _keys(contact: Contact, region: str) -> list[str]:
    """What the list may call this number: short ones and hotlines are told as if from home."""
    digits = digits_in(contact.from_number)
    return [contact.e164] if contact.e164 else [digits, f"+{_home(region)}{digits}"]


def _home(region: str) -> str:
    return str(phonenumbers.country_code_for_region(region))


def _tell(tx: Tx, contact: Contact, judgement: Judgement) -> None:
    tx.publish(
        CallerGuarded(
            at=tx.clock.now(), site=contact.site, contact_id=contact.id, rule=judgement.rule,
            action=judgement.action, reasons=list(judgement.reasons),
        )
    )  # fmt: skip


async def send_away(house: House, contact_id: UUID, action: str) -> None:
    """Busy, or a sentence and the end."""
    async with house.db.reading() as tx:
        contact = await service.contact(tx, contact_id)
        _, policy = await policy_in_force(tx)
    if contact is None or contact.state != ContactState.LEAVING:
        return
    if action == "reject":
        await house.telephony.hang_up(contact.caller_leg, "busy")
        return
    try:
        await house.telephony.answer(contact.caller_leg)
        await house.db.run(lambda tx: service.answered(tx, contact_id, None))
        prompt = house.prompt(policy.prompt, contact.language)
        played = await house.telephony.play(contact.caller_leg, [prompt])
        if played.state == "failed":
            log.error("the guard's sentence was not spoken: %s", played.reason)
    except CallwrightError as error:
        log.info("no sentence for %s: %s", contact_id, error)
    await house.telephony.hang_up(contact.caller_leg)


async def policy_in_force(tx: Tx) -> tuple[int, GuardPolicy]:
    """The published policy with its version, or version 0: ours."""
    version, body = await setting_in_force(tx, KEY, dict)
    return version, parse_policy(body)


async def publish_policy(tx: Tx, body: Any, author: str) -> int:
    """Check and store the next version; the next call follows it."""
    return await publish_setting(tx, KEY, parse_policy(body).model_dump(), author)


async def add_entry(
    tx: Tx,
    company: CompanySettings,
    *,
    kind: Kind,
    number: str,
    prefix: bool,
    reason: str,
    author: str,
    expires_at: datetime | None,
) -> dict[str, Any]:
    """Put a number, or all that begin so, on the list; what stood there for it is history."""
    if expires_at and expires_at <= tx.clock.now():
        raise invalid("expires_at", "is over already")
    stored = stored_prefix(number, company.region) if prefix else stored_number(number, company)
    await store.replace(tx, stored, prefix, author)
    row = {
        "id": new_id(), "kind": kind, "number": stored, "prefix": prefix, "reason": reason,
        "author": author, "created_at": tx.clock.now(), "expires_at": expires_at,
    }  # fmt: skip
    await store.insert_entry(tx, row)
    return row


async def remove_entry(tx: Tx, entry_id: UUID, author: str) -> None:
    """Take it off the list; `not_found` when it is not there."""
    if not await store.remove_entry(tx, entry_id, author):
        raise CallwrightError("not_found", what="caller entry", id=str(entry_id))


def stored_number(raw: str, company: CompanySettings) -> str:
    """A whole number as calls carry it."""
    found = identify(raw, area_code=company.area_code, region=company.region)
    if found.kind in ("invalid", "hidden"):
        raise invalid("number", "is no number; hidden callers have a rule of their own")
    return found.e164 or digits_in(raw)


def stored_prefix(raw: str, region: str) -> str:
    """How international numbers begin: 170 at home in China is +86170, 00852 is +852."""
    digits, home = digits_in(raw), _home(region)
    if raw.strip().startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    else:
        whole = home + digits.removeprefix("0")
    if len(whole) < SHORTEST_PREFIX or whole == home:
        raise invalid("number", "would block everybody at home")
    return f"+{whole}"
