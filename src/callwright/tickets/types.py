"""The keyword table in force: ours, or the one that was published last."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from callwright.kit.db import Tx
from callwright.kit.versions import publish_setting, setting_in_force
from callwright.tickets.model import parse_table

TYPES_KEY = "tickets.types"
DEFAULT_TYPES = Path(__file__).with_name("types.zh.yaml")


async def publish_types(tx: Tx, body: list[dict[str, Any]], author: str) -> int:
    """Check a keyword table and store it as the next version."""
    parse_table(body)
    return await publish_setting(tx, TYPES_KEY, body, author)


async def types_in_force(tx: Tx) -> tuple[int, list[dict[str, Any]]]:
    """The published keyword table with its version, or version 0: ours."""
    return await setting_in_force(tx, TYPES_KEY, _ours)


@lru_cache(maxsize=1)
def _ours() -> list[dict[str, Any]]:
    """The table that comes with the software, read once; nobody changes what is returned."""
    rows: list[dict[str, Any]] = yaml.safe_load(DEFAULT_TYPES.read_text("utf-8"))
    return rows
