"""The suite's world, once on the simulator and once on a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.telephony.asterisk_world import AsteriskWorld
from tests.contract.telephony.simulated_world import SimulatedWorld
from tests.contract.telephony.world import World
from tests.pbx_server import PbxUnderTest


@pytest.fixture(params=["simulator", "asterisk"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh world with nobody on the phone."""
    if request.param == "simulator":
        simulated = SimulatedWorld(tmp_path)
        await simulated.open()
        yield simulated
        await simulated.close()
        return
    pbx: PbxUnderTest = request.getfixturevalue("pbx")
    real = AsteriskWorld(pbx)
    await real.open()
    yield real
    await real.close()
