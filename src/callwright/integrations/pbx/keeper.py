"""What the platform does for its PBX as long as it lives: start it again, keep guessers out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from callwright.integrations.pbx.guard import guard_against_guessing
from callwright.integrations.pbx.supervisor import PbxServer, RunningPbx


async def keep_pbx(
    server: PbxServer, on_restart: Callable[[RunningPbx], Awaitable[None]] | None = None
) -> None:
    """Run until cancelled; the PBX goes on. `on_restart` hears of each fresh start, calls gone."""
    await asyncio.gather(server.watch(on_restart), guard_against_guessing(server))
