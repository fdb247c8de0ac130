"""Ask whether we are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from callwright.calendars.model import is_open, parse_calendar
from callwright.kit.db import Tx
from callwright.kit.versions import publish_setting, read_setting


async def publish_calendar(tx: Tx, key: str, body: dict[str, Any], author: str) -> int:
    """Check and store a calendar; return its version."""
    parse_calendar(body)
    return await publish_setting(tx, f"calendar:{key}", body, author)


async def open_at(tx: Tx, key: str, at: datetime) -> bool:
    """Whether calendar `key` is open at a moment."""
    _, body = await read_setting(tx, f"calendar:{key}")
    return is_open(parse_calendar(body), at)
