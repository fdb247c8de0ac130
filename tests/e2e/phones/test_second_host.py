"""An agent on another host: signs in over HTTPS, registers over WSS, talks over the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from callwright.cli._demo.load import password_file
from tests.browser import chromium
from tests.e2e.calls.floor import floor_of
from tests.e2e.phones.second_host import OURS, obstacle, second_host
from tests.e2e.phones.softphone import softphone
from tests.e2e.phones.test_browser_talk import CALLER_HZ, NUMBER, both_hear, ended
from tests.platform_process import running_platform

AGENT = "zhou.ting"
SETTINGS = {"CALLWRIGHT_BIND": OURS, "CALLWRIGHT_PBX__BIND": OURS}
# Off loopback nobody calls in but through a trunk: the callers' phones are on this machine.
TRUNKS = "[{name: carrier, host: 127.0.0.1, match: [127.0.0.1/32]}]"


@pytest.mark.skipif(obstacle() is not None, reason=obstacle() or "")
async def test_an_agent_on_another_host_talks(
    pbx_tree: Path, model_folder: Path, tmp_path: Path
) -> None:
    with second_host() as host, running_platform(pbx_tree, model_folder, **SETTINGS) as platform:
        (platform.home / "trunks.yaml").write_text(TRUNKS, "utf-8")
        platform.stop()
        platform.start()  # lines to the outside are connected at the start
        url, password = platform.place.url, password_file(platform.home).read_text().strip()
        there = host.program(chromium(), tmp_path)
        assert url.startswith(f"https://{OURS}:")
        async with (
            floor_of(platform) as floor,
            softphone(url, AGENT, password, tmp_path, there) as page,
        ):
            await page.evaluate("phone.start()")
            await floor.until_phone(AGENT, "browser")
            await floor.api.set_state(AGENT, "ready")
            caller = await floor.caller(NUMBER, CALLER_HZ)
            await floor.until_event(caller, "call.connected")
            await both_hear(page, caller)
            await caller.call.hang_up()
            await ended(page)
