"""Files and rows agree, and the nightly audit says where they do not."""

from __future__ import annotations

import logging

import pytest
from tests.house import TestHouse

from callwright.kit.timers import timer_handler
from callwright.recordings import service
from callwright.recordings.handlers import AUDIT_TIMER


async def test_missing_and_unknown_files_are_found(
    house: TestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    await house.add_agent("anna")
    leg = await house.caller()
    await house.in_state(leg, "talking")
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    home = house.house.settings.home
    assert await house.run(lambda tx: service.audit_files(tx, home)) == ([], [])
    original = service.original_file(home, page["recording"]["path"])
    stranger = original.with_name("stranger.wav")
    original.rename(stranger)
    missing, unknown = await house.run(lambda tx: service.audit_files(tx, home))
    assert missing == [str(original)]
    assert unknown == [str(stranger)]
    audit = timer_handler(AUDIT_TIMER)
    assert audit is not None
    with caplog.at_level(logging.WARNING):
        await audit({}, house.house)
    assert str(original) in caplog.text
    assert str(stranger) in caplog.text
