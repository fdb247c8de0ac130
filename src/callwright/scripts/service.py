"""The verbs of ready replies: write, submit, approve, reject, retire, count a use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from callwright.accounts.model import User
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.scripts import store
from callwright.scripts.events import ScriptChanged
from callwright.scripts.model import (
    Body,
    Head,
    Script,
    ScriptState,
    Version,
    after,
    in_use,
    may_approve,
)
from callwright.scripts.search import prepare

versions_of = store.versions_of
groups = store.groups
usage = store.usage

# Read once, and again when any script has changed: they are looked through at every key.
_kept: dict[str, tuple[object, list[Script]]] = {}


async def newest(tx: Tx) -> list[Script]:
    """Every script as it was last written, by number."""
    return await _all(tx, "version")


async def published(tx: Tx) -> list[Script]:
    """Every script in the version that was approved last, by number."""
    return await _all(tx, "published")


async def _all(tx: Tx, which: store.Which) -> list[Script]:
    stamp = await store.stamp(tx)
    if which not in _kept or _kept[which][0] != stamp:
        found = await store.scripts(tx, which)
        await asyncio.to_thread(prepare, found)
        _kept[which] = stamp, found
    return _kept[which][1]


async def usable(tx: Tx, department: str | None) -> list[Script]:
    """What people of a department may send or play now."""
    return in_use(await published(tx), tx.clock.now(), department)


async def script(tx: Tx, script_id: UUID) -> Script:
    """One script as it was last written; `not_found` otherwise."""
    found = await store.script(tx, script_id, "version")
    if found is None:
        raise CallwrightError("not_found", what="script", id=str(script_id))
    return found


async def usable_script(tx: Tx, script_id: UUID, department: str | None) -> Script:
    """One script in its approved version; `wrong_state` when it may not be used now."""
    found = await store.script(tx, script_id, "published")
    if found is None:
        head = (await script(tx, script_id)).head
        raise CallwrightError("wrong_state", what="script", no=head.no, state=head.state.value)
    no = found.head.no
    if not in_use([found], tx.clock.now(), None):
        raise CallwrightError("wrong_state", what="script", no=no, state="expired")
    if not in_use([found], tx.clock.now(), department):
        raise CallwrightError("not_allowed", what="script", no=no, department=department)
    return found


async def create(
    tx: Tx, body: Body, author: str, *, number: int | None = None, in_use: bool = False
) -> Script:
    """Write a new script; without a number it gets the next one. `in_use` = approved with it."""
    await store.lock_numbers(tx)
    now = tx.clock.now()
    state = ScriptState.PUBLISHED if in_use else ScriptState.DRAFT
    number = number or await store.next_number(tx)
    head = Head(new_id(), number, state, 1, 1 if in_use else None, now)
    await store.insert_script(
        tx,
        {
            "id": head.id, "number": number, "state": state.value, "version": 1,
            "published": head.published, "created_at": now, "updated_at": now,
        },
    )  # fmt: skip
    return await _append(tx, head, body, author)


async def edit(
    tx: Tx, script_id: UUID, body: Body, author: str, *, version: int, in_use: bool = False
) -> Script:
    """Append the next version. `version` = the one the author saw, else `wrong_state`."""
    head = await _locked(tx, script_id, version)
    await store.lock_numbers(tx)
    following = replace(
        head,
        state=ScriptState.PUBLISHED if in_use else after(head.state, "edit"),
        version=version + 1,
        published=version + 1 if in_use else head.published,
        updated_at=tx.clock.now(),
    )
    await store.update_script(
        tx, script_id, state=following.state.value, version=following.version,
        published=following.published, updated_at=following.updated_at,
    )  # fmt: skip
    return await _append(tx, following, body, author)


async def submit(tx: Tx, script_id: UUID, version: int) -> Script:
    """Ask for approval."""
    return await _move(tx, script_id, version, "submit")


async def approve(tx: Tx, script_id: UUID, user: User, version: int) -> Script:
    """Put the version in use. Four eyes, but for managers and admins."""
    found = await script(tx, script_id)
    if not may_approve(approver=user.login, role=user.role, author=found.version.author):
        raise CallwrightError("not_allowed", why="authors do not approve their own scripts")
    await store.approve_version(tx, script_id, version, user.login)
    return await _move(tx, script_id, version, "approve", published=version)


async def reject(tx: Tx, script_id: UUID, version: int) -> Script:
    """Back to the author."""
    return await _move(tx, script_id, version, "reject")


async def retire(tx: Tx, script_id: UUID, version: int) -> Script:
    """Nobody may use it any more."""
    return await _move(tx, script_id, version, "retire", published=None)


async def count_use(tx: Tx, script_id: UUID, *, sent: int = 0, played: int = 0) -> None:
    """It was sent or played once more; whoever calls this publishes the event."""
    await store.count_use(tx, script_id, tx.clock.now(), sent=sent, played=played)


async def _move(tx: Tx, script_id: UUID, version: int, trigger: str, **columns: object) -> Script:
    head = await _locked(tx, script_id, version)
    state = after(head.state, trigger)
    now = tx.clock.now()
    await store.update_script(tx, script_id, state=state.value, updated_at=now, **columns)
    tx.publish(ScriptChanged(at=now, script_id=script_id, version=version, state=state.value))
    return await script(tx, script_id)


async def _append(tx: Tx, head: Head, body: Body, author: str) -> Script:
    approver = author if head.published == head.version else None
    written = Version(head.id, head.version, body, author, tx.clock.now(), approver)
    await store.add_version(tx, written)
    await store.add_groups(tx, _missing(await store.groups(tx), [body.group]))
    tx.publish(
        ScriptChanged(
            at=written.at, script_id=head.id, version=head.version, state=head.state.value
        )
    )
    return Script(head, written)


def _missing(known: Iterable[str], names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name not in set(known)]


async def _locked(tx: Tx, script_id: UUID, version: int) -> Head:
    head = await store.head_for_update(tx, script_id)
    if head is None:
        raise CallwrightError("not_found", what="script", id=str(script_id))
    if head.version != version:
        raise CallwrightError(
            "wrong_state", what="script", no=head.no, state=head.state.value,
            version=head.version, seen=version,
        )  # fmt: skip
    return head
