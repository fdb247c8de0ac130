"""The suite's world, once on the simulator and once on a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.contract.telephony.asterisk_world import AsteriskWorld
from tests.contract.telephony.simulated_world import SimulatedWorld
from tests.contract.telephony.world import World

ADAPTERS = ["simulator", "asterisk"]


@pytest.fixture(params=ADAPTERS)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world with nobody on the phone, on the session's PBX."""
    async with _world(request, tmp_path, "pbx") as opened:
        yield opened


@pytest.fixture(params=ADAPTERS)
async def mortal_world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose PBX may be killed, because it is this test's own."""
    async with _world(request, tmp_path, "own_pbx") as opened:
        yield opened


@asynccontextmanager
async def _world(request: pytest.FixtureRequest, folder: Path, server: str) -> AsyncIterator[World]:
    made: SimulatedWorld | AsteriskWorld
    if request.param == "simulator":
        made = SimulatedWorld(folder)
    else:
        made = AsteriskWorld(request.getfixturevalue(server))
    await made.open()
    yield made
    await made.close()
