"""Scripts out of files and into files: all of a file or nothing of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from callwright.kit.db import Tx
from callwright.scripts import service
from callwright.scripts.files import Format, Step, plan, read, write
from callwright.scripts.model import ScriptState


async def import_file(
    tx: Tx,
    content: bytes,
    form: Format,
    author: str,
    *,
    zone: str,
    dry_run: bool = False,
    in_use: bool = False,
) -> dict[str, Any]:
    """Write a file's scripts, for review or `in_use` at once; with one row refused, none.

    The figures say what was done, or would have been: `written` says which.
    """
    found = read(content, form, zone)
    steps = plan(found.rows, await service.newest(tx))
    written = not dry_run and not found.refused
    if written:
        for step in _in_order(steps):
            await _take(tx, step, author, in_use=in_use)
    kinds = Counter(step.kind for step in steps)
    return {
        **{kind: kinds[kind] for kind in ("created", "updated", "unchanged")},
        "refused": [asdict(refusal) for refusal in found.refused],
        "written": written,
    }


def _in_order(steps: list[Step]) -> list[Step]:
    """Rows with numbers first, so that no new number is one that a later row names."""
    return sorted(steps, key=lambda step: step.row.number is None)


async def _take(tx: Tx, step: Step, author: str, *, in_use: bool) -> None:
    if step.kind == "unchanged":
        return
    row = step.row
    if step.script is None:
        made = await service.create(tx, row.body, author, number=row.number, in_use=in_use)
    else:
        head = step.script.head
        made = await service.edit(
            tx, head.id, row.body, author, version=head.version, in_use=in_use
        )
    if not in_use:
        await service.submit(tx, made.head.id, made.head.version)


async def export_file(tx: Tx, form: Format) -> bytes:
    """All scripts that are not retired, as they were last written."""
    scripts = await service.newest(tx)
    return write((s for s in scripts if s.head.state != ScriptState.RETIRED), form)
