"""The doctor names calendars that cannot be read, and lines whose calendar is not there."""

from __future__ import annotations

from pathlib import Path

from callwright.calendars import service as calendars
from callwright.cli._doctor.calendars import check_calendars
from callwright.cli._tx import transaction
from callwright.kit.settings import Settings
from callwright.kit.versions import publish_setting
from callwright.migrations.run import migrate
from callwright.queues import service as queues
from callwright.queues.model import Line


async def furnish(url: str) -> None:
    async with transaction(url) as tx:
        await calendars.publish_calendar(tx, "good", {"week": {"mon": ["09:00-18:00"]}}, "test")
        await queues.save_line(tx, Line("1", "one", "main", "good", "main", "021"))


async def spoil(url: str) -> None:
    async with transaction(url) as tx:
        await publish_setting(tx, "calendar:old", {"week": {"mon": ["18:00"]}}, "test")
        await queues.save_line(tx, Line("2", "two", "main", "lost", "main", "021"))


async def test_what_is_wrong_with_calendars_is_found(database_url: str, tmp_path: Path) -> None:
    import asyncio

    migrate(database_url)
    settings = Settings(home=tmp_path, database_url=database_url)
    await furnish(database_url)
    [well] = await asyncio.to_thread(lambda: list(check_calendars(settings)))
    assert (well.level, well.fact) == ("ok", "1, all holidays known")
    await spoil(database_url)
    bad, warn = await asyncio.to_thread(lambda: list(check_calendars(settings)))
    assert (bad.level, warn.level) == ("bad", "warn")
    assert "line 2 names calendar 'lost'" in bad.fact
    assert "week.mon[0]" in warn.fact
    assert bad.remedy
    assert warn.remedy
