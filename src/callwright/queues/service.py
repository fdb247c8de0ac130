"""Queues and lines by key and number."""

from __future__ import annotations

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.queues import store
from callwright.queues.model import Line, Queue

queues = store.queues
save_queue = store.save_queue
save_line = store.save_line
lines_out = store.lines_out


async def queue_of(tx: Tx, key: str) -> Queue:
    """The queue of a key; `not_found` otherwise."""
    queue = await store.queue_of(tx, key)
    if queue is None:
        raise CallwrightError("not_found", what="queue", key=key)
    return queue


async def line_for(tx: Tx, number: str) -> Line:
    """The line of a dialled number, else the first line: an unknown number is answered too."""
    line = await store.line_of(tx, number) or await store.first_line(tx)
    if line is None:
        raise CallwrightError("not_found", what="line", number=number)
    return line
