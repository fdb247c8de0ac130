"""Queues and lines by key and number; settings are published as versions."""

from __future__ import annotations

import dataclasses
from typing import Any

from callwright.calendars import service as calendars
from callwright.kit import versions
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.versions import publish_setting, read_setting, setting_in_force
from callwright.queues import store
from callwright.queues.model import Line, Queue, check, not_found, queue_of_row
from callwright.queues.promises import CallbackRule, Rule, VoicemailRule, parse_rule

RULES: dict[str, type[CallbackRule | VoicemailRule]] = {
    "callback": CallbackRule,
    "voicemail": VoicemailRule,
}

queues = store.queues
save_line = store.save_line
lines = store.lines
lines_out = store.lines_out


async def save_queue(tx: Tx, queue: Queue, author: str = "system") -> int:
    """Write a queue as it is and keep it as the next version; returns the version."""
    await store.save_queue(tx, queue)
    return await publish_setting(tx, _setting(queue.key), _body(queue), author)


async def publish_queue(tx: Tx, queue: Queue, author: str) -> int:
    """Check a queue against all others and the calendars, and put it in force.

    Returns the version. A queue that was never published keeps its old settings as version 1.
    """
    await store.lock_queues(tx)
    known = await store.queues(tx)
    check(queue, known, await _calendars(tx, queue))
    before = next((other for other in known if other.key == queue.key), None)
    if before and not await versions_of(tx, queue.key):
        await publish_setting(tx, _setting(queue.key), _body(before), "system")
    return await save_queue(tx, queue, author)


async def roll_back(tx: Tx, key: str, version: int, author: str) -> int:
    """Put an old version in force again, as the next one, if it still fits to the others."""
    return await publish_queue(tx, await queue_at(tx, key, version), author)


async def queue_of(tx: Tx, key: str) -> Queue:
    """The queue of a key; `not_found` otherwise."""
    queue = await store.queue_of(tx, key)
    if queue is None:
        raise not_found(key)
    return queue


async def queue_at(tx: Tx, key: str, version: int) -> Queue:
    """The settings of a queue in one version; `not_found` otherwise."""
    _, body = await read_setting(tx, _setting(key), version)
    return queue_of_row({**body, "key": key})


async def versions_of(tx: Tx, key: str) -> list[dict[str, Any]]:
    """Who published which version when, newest first."""
    return await versions.versions_of(tx, _setting(key))


async def line_for(tx: Tx, number: str) -> Line:
    """The line of a dialled number, else the first line: an unknown number is answered too."""
    line = await store.line_of(tx, number) or await store.first_line(tx)
    if line is None:
        raise CallwrightError("not_found", what="line", number=number)
    return line


def _setting(key: str) -> str:
    return f"queue:{key}"


def _body(queue: Queue) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(queue).items() if name != "key"}


async def _calendars(tx: Tx, queue: Queue) -> set[str]:
    """Those of the calendars that a queue names which there are."""
    try:
        await calendars.calendar_of(tx, queue.calendar)
    except CallwrightError:
        return set()
    return {queue.calendar}


async def callback_rule(tx: Tx, key: str) -> CallbackRule:
    """How a queue calls back; what comes with the software until one is published."""
    return await _rule_in_force(tx, f"callback:{key}", CallbackRule)


async def voicemail_rule(tx: Tx, key: str) -> VoicemailRule:
    """How long a message to a queue may be."""
    return await _rule_in_force(tx, f"voicemail:{key}", VoicemailRule)


async def _rule_in_force(tx: Tx, key: str, kind: type[Rule]) -> Rule:
    _, body = await setting_in_force(tx, key, dict)
    return parse_rule(kind, body)


async def rule_of(tx: Tx, what: str, key: str) -> tuple[int, dict[str, Any]]:
    """The rule of a queue with its version, 0 = as it comes with the software."""
    await queue_of(tx, key)
    version, body = await setting_in_force(tx, f"{what}:{key}", dict)
    return version, parse_rule(RULES[what], body).model_dump()


async def publish_rule(tx: Tx, what: str, key: str, body: dict[str, Any], author: str) -> int:
    """Check a queue's `callback` or `voicemail` rule and store it as the next version."""
    await queue_of(tx, key)
    rule = parse_rule(RULES[what], body)
    return await publish_setting(tx, f"{what}:{key}", rule.model_dump(), author)
