"""Trees of menus: checked, published, compared, rolled back. A call keeps its version."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from callwright.calendars import service as calendars
from callwright.ivr import checks
from callwright.ivr.compare import Difference, compare
from callwright.ivr.model import Ivr, Target
from callwright.ivr.parse import parse_ivr
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.versions import (
    latest_settings,
    publish_setting,
    read_setting,
    versions_of,
)
from callwright.queues import service as queues

PREFIX = "ivr:"


def spoken_prompts(home: Path) -> frozenset[str]:
    """The names that this house has a sound for, in any language."""
    return prompts_in(home / "prompts")


def prompts_in(folder: Path) -> frozenset[str]:
    """The names of the sound files of a folder: `menu.zh.wav` is `menu`."""
    return frozenset(file.name.partition(".")[0] for file in folder.glob("*.wav"))


async def check(tx: Tx, body: dict[str, Any], prompts: Collection[str] | None = None) -> Ivr:
    """The tree, when it may be published: also its queues and calendars exist. `invalid` names
    the place. `prompts` = names that can be spoken; None where their files are not at hand."""
    ivr = parse_ivr(body)
    checks.check(ivr, prompts)
    known = {queue.key for queue in await queues.queues(tx)}
    for where, target in _targets(ivr):
        if target.queue and target.queue not in known:
            raise invalid(where, f"there is no queue {target.queue!r}")
    for node in ivr.nodes.values():
        if node.calendar:
            await _check_calendar(tx, f"nodes.{node.name}.calendar", node.calendar)
    return ivr


def _targets(ivr: Ivr) -> Iterator[tuple[str, Target]]:
    for where, target, _ in checks.targets(ivr):
        yield where, target


async def _check_calendar(tx: Tx, where: str, key: str) -> None:
    try:
        await calendars.calendar_of(tx, key)
    except CallwrightError as error:
        raise invalid(where, f"there is no calendar {key!r}") from error


async def publish(
    tx: Tx,
    key: str,
    body: dict[str, Any],
    author: str,
    prompts: Collection[str] | None = None,
) -> int:
    """Check a tree and store it as the next version."""
    await check(tx, body, prompts)
    return await publish_setting(tx, f"{PREFIX}{key}", body, author)


async def published(tx: Tx, key: str, version: int | None = None) -> tuple[int, Any]:
    """A version of a tree, the latest by default; `not_found` otherwise."""
    return await read_setting(tx, f"{PREFIX}{key}", version)


async def keys(tx: Tx) -> list[str]:
    """The names of all trees."""
    return [row["key"].removeprefix(PREFIX) for row in await latest_settings(tx, PREFIX)]


async def versions(tx: Tx, key: str) -> list[dict[str, Any]]:
    """All versions of a tree, the newest first: version, author, at."""
    found = await versions_of(tx, f"{PREFIX}{key}")
    if not found:
        raise CallwrightError("not_found", what="ivr", key=key)
    return found


async def differences(tx: Tx, key: str, before: int, after: int) -> list[Difference]:
    """What differs between two versions."""
    _, old = await published(tx, key, before)
    _, new = await published(tx, key, after)
    return compare(old, new)


async def roll_back(
    tx: Tx, key: str, version: int, author: str, prompts: Collection[str] | None = None
) -> int:
    """An earlier version again, as the newest one: nothing is ever taken away. Checked anew, since
    its queues and prompts may be gone."""
    _, body = await published(tx, key, version)
    return await publish(tx, key, body, author, prompts)
