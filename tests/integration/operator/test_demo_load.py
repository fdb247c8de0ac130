"""The demo company goes into an empty database, once."""

from __future__ import annotations

from pathlib import Path

from callwright.cli._demo.load import load_demo
from callwright.cli.demo import CHECKOUT_DEMO
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database
from callwright.kit.settings import Settings
from callwright.scripts import service as scripts


async def test_loaded_once_and_all_scripts_are_in_use(database_url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    counts = await load_demo(settings, database_url, CHECKOUT_DEMO)
    assert counts is not None
    assert counts["scripts"] == 200
    assert await load_demo(settings, database_url, CHECKOUT_DEMO) is None
    db = Database(database_url, SystemClock(), Bus(), pool_size=1)
    async with db.begin() as tx:
        assert len(await scripts.usable(tx, None)) == 200
        assert len(await scripts.groups(tx)) >= 15
    await db.close()
