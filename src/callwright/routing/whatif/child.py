"""The process that simulates: an errand on stdin, progress and the result as JSON lines on stdout.

It reads the database by itself, in one transaction that changes nothing, and holds nothing that is
worth saving: whoever has no more use for it kills it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database
from callwright.kit.errors import CallwrightError
from callwright.routing.policy import parse_policy
from callwright.routing.whatif.wish import Wish
from callwright.routing.whatif.work import Scene, answer, scene_of

NICENESS = 10  # calls come first
STEP = 0.01  # progress is told in steps of this size


def say(line: dict[str, Any]) -> None:
    """One line; infinity becomes null."""
    sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS) + b"\n")
    sys.stdout.buffer.flush()


class Progress:
    """Tells each stage's share when it has grown enough to be seen."""

    def __init__(self) -> None:
        self._told = ("", -1.0)

    def __call__(self, stage: str, share: float) -> None:
        before, at = self._told
        if stage != before or share >= at + STEP or share >= 1.0:
            self._told = (stage, share)
            say({"stage": stage, "progress": share})


async def _scene(errand: dict[str, Any], wish: Wish) -> Scene:
    now = datetime.fromisoformat(errand["now"])
    db = Database(errand["url"], SystemClock(), Bus(), pool_size=1)
    try:
        async with db.reading() as tx:
            return await scene_of(tx, wish.source, ZoneInfo(errand["zone"]), now)
    finally:
        await db.close()


def main() -> None:
    """Do the errand: {"url", "zone", "now", "wish", "running"}."""
    os.nice(NICENESS)
    errand = orjson.loads(sys.stdin.buffer.read())
    try:
        wish = Wish.model_validate(errand["wish"])
        say({"stage": "reading", "progress": 0.0})
        scene = asyncio.run(_scene(errand, wish))
        say({"result": answer(scene, wish, parse_policy(errand["running"]), Progress())})
    except CallwrightError as error:
        say({"error": {"code": error.code, "params": error.params}})


if __name__ == "__main__":
    main()
