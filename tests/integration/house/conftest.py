"""A furnished house for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.house import TestHouse, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """Running, with two queues, one line and no agents."""
    async with open_house(database_url, tmp_path) as opened:
        yield opened
