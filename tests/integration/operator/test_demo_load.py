"""The demo company goes into an empty database, once."""

from __future__ import annotations

import csv
from pathlib import Path

from callwright.cli._demo.load import load_demo
from callwright.cli.demo import CHECKOUT_DEMO
from callwright.customers import service as customers
from callwright.desk import people
from callwright.kit.bus import Bus
from callwright.kit.clock import SystemClock
from callwright.kit.db import Database
from callwright.kit.settings import Settings
from callwright.scripts import service as scripts
from callwright.scripts import voices


def _history() -> list[dict[str, str]]:
    with (CHECKOUT_DEMO / "company" / "history.csv").open(encoding="utf-8-sig") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: int(row["days_ago"]))


async def test_loaded_once_and_all_scripts_are_in_use(database_url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    counts = await load_demo(settings, database_url, CHECKOUT_DEMO)
    assert counts is not None
    assert (counts["scripts"], counts["voices"]) == (200, 11)
    assert await load_demo(settings, database_url, CHECKOUT_DEMO) is None
    db = Database(database_url, SystemClock(), Bus(), pool_size=1)
    async with db.begin() as tx:
        assert len(await scripts.usable(tx, None)) == 200
        assert len(await scripts.groups(tx)) >= 15
        sounding = await voices.voices(tx, await scripts.newest(tx))
        assert len(sounding) == 11
        assert counts["past contacts"] == 180
        [who, *_] = await customers.find(tx, "黄志强", area_code="021", region="CN", limit=5)
        past = (await people.page(tx, who.id))["past"]
        noted = [row["summary"] for row in _history() if row["customer"] == "C0001"]
        assert [one["summary"] for one in past] == noted
        assert all(one["agent"]["name"] != one["agent"]["login"] for one in past)
    await db.close()
