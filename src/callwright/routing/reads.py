"""What reports and replays ask of routing: how honest announced waits were; past offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from callwright.calls import service as calls
from callwright.kit.db import Tx
from callwright.kit.journal import events_between
from callwright.routing.events import QueueAnnounced
from callwright.routing.store import o

WITHIN_S = 60.0  # as good as whole minutes can be


@dataclass(frozen=True, slots=True)
class AnnouncementError:
    """Announced against real waits of one queue, in seconds.

    `answered` = announcements of a wait that was heard whole, whose caller was then answered there;
    only these have a real wait. `left` = whose caller left or went elsewhere: counted, not judged.
    `mean` > 0 = we promised too long; None where nothing was answered.
    """

    queue: str
    answered: int
    left: int
    mean: float | None
    mean_absolute: float | None
    within_a_minute: float | None


async def announcement_error(
    tx: Tx, since: datetime, until: datetime, queue: str | None = None
) -> list[AnnouncementError]:
    """By queue, for what was announced from `since` to `until`; who still waits is left out."""
    rows = [
        row
        for row in await events_between(tx, QueueAnnounced.NAME, since, until)
        if row["body"]["played"] == "completed"
        and row["body"]["ewt_s"] is not None
        and queue in (None, row["body"]["queue"])
    ]
    ends = await calls.ends_of(tx, [UUID(row["subjects"]["visit_id"]) for row in rows])
    found: dict[str, tuple[list[float], int]] = {}
    for row in rows:
        end = ends.get(UUID(row["subjects"]["visit_id"]))
        if end is None:
            continue
        left_at, exit_ = end
        errors, left = found.get(row["body"]["queue"], ([], 0))
        if exit_ == "answered":
            errors.append(row["body"]["ewt_s"] - (left_at - row["at"]).total_seconds())
        else:
            left += 1
        found[row["body"]["queue"]] = (errors, left)
    return [_of(key, *found[key]) for key in sorted(found)]


def _of(queue: str, errors: list[float], left: int) -> AnnouncementError:
    count = len(errors)
    if not count:
        return AnnouncementError(queue, 0, left, None, None, None)
    return AnnouncementError(
        queue,
        count,
        left,
        round(sum(errors) / count, 1),
        round(sum(map(abs, errors)) / count, 1),
        round(sum(abs(error) <= WITHIN_S for error in errors) / count, 3),
    )


async def offers_between(tx: Tx, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Offers that the queues made in a stretch, in order, whatever became of them."""
    query = (
        sa.select(o.visit_id, o.contact_id, o.agent_id, o.made_at, o.closed_at, o.result)
        .where(o.made_at >= since, o.made_at < until, o.kind == "queue")
        .order_by(o.made_at, o.id)
    )
    return await tx.rows(query)


async def ringing_at(tx: Tx, at: datetime) -> list[dict[str, Any]]:
    """Offers that were open at a moment: contact_id, agent_id."""
    query = sa.select(o.contact_id, o.agent_id).where(
        o.made_at < at, sa.or_(o.closed_at.is_(None), o.closed_at >= at)
    )
    return await tx.rows(query)
