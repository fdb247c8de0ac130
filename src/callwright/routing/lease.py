"""One router per site: a lease in PostgreSQL that outlives no death and trusts no clock.

The holder adds to `beats` once a second, and with each offer. Another router watches the row; when
it has not moved for `SILENT_S` of the watcher's own steady clock, the watcher takes it with the
next `term`, if the row still is as it was seen. So neither the time of the database nor that of a
machine matters, and clock steps cannot give the lease away. Who was only asleep finds another term:
their offers are refused by the very statement that writes them (`store.BEAT`).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.house import House
from callwright.routing import store

log = logging.getLogger(__name__)

BEAT_S = 1.0
SILENT_S = 3.0  # with the beat and a round trip less than the five seconds that callers may lose


class Lease:
    """This process's part of it. `term` None = somebody else routes."""

    def __init__(self, house: House) -> None:
        self.house, self.site = house, house.settings.site
        self.holder = new_id()
        self.term: int | None = None
        self._seen: dict[str, Any] | None = None
        self._seen_at = 0.0
        self.taken = asyncio.Event()

    @property
    def fence(self) -> dict[str, Any]:
        """The parameters of `store.BEAT`; a term that never was while we hold none."""
        return {"of_site": self.site, "by_holder": self.holder, "in_term": self.term or 0}

    async def hold(self, tx: Tx) -> None:
        """Make sure that what `tx` writes is written under our term; `wrong_state` otherwise."""
        if self.term is None or not await store.beat(tx, self.site, self.holder, self.term):
            raise CallwrightError("wrong_state", what="lease", site=self.site)

    async def keep(self) -> None:
        """Hold it or wait for it, until cancelled."""
        while True:
            try:
                await self.beat()
            except Exception:
                log.exception("the router's lease could not be looked at; trying again")
            await self.house.clock.sleep(BEAT_S)

    async def beat(self) -> bool:
        """Say that we live, or take over from who is silent; whether we hold it now."""
        async with self.house.db.begin() as tx:
            term = await self._still_ours(tx) or await self._take(tx)
        if term and term != self.term:
            log.info("routing for site %s, term %d", self.site, term)
        elif self.term and not term:
            log.warning("another router took over site %s", self.site)
        new, self.term = term != self.term and term is not None, term
        if new:
            self.taken.set()
        return term is not None

    async def leave(self) -> None:
        """An orderly end: nobody has to wait for our silence. A beat that was cut off may have
        taken it all the same."""
        self.term = None
        async with self.house.db.begin() as tx:
            await store.leave_lease(tx, self.site, self.holder)

    async def _still_ours(self, tx: Tx) -> int | None:
        if self.term is None:
            return None
        return self.term if await store.beat(tx, self.site, self.holder, self.term) else None

    async def _take(self, tx: Tx) -> int | None:
        """The new term; None when somebody else has it."""
        row = await store.lease_of(tx, self.site)
        if row is None:
            return 1 if await store.first_lease(tx, self.site, self.holder) else None
        if row["holder"] is not None and not self._silent(row):
            return None
        return row["term"] + 1 if await store.take_lease(tx, self.site, self.holder, row) else None

    def _silent(self, row: dict[str, Any]) -> bool:
        """Whether the holder has not moved for long, by our own steady clock."""
        now = self.house.clock.monotonic()
        if row != self._seen:
            self._seen, self._seen_at = row, now
        return now - self._seen_at >= SILENT_S
