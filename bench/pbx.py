"""The PBX of a running platform, as a benchmark may change it."""

from __future__ import annotations

import re

from tests.platform_process import PlatformProcess

from callwright.integrations.pbx.asterisk import AsteriskConnection
from callwright.integrations.pbx.asterisk.ami import AmiClient

_DEAD_LINE = re.compile(r"^(rtp_timeout(?:_hold)? = )\d+$", re.MULTILINE)


def connection(process: PlatformProcess) -> AsteriskConnection:
    """How the platform itself reaches its PBX."""
    running = process.pbx.ensure()
    return AsteriskConnection(
        ari_url=running.ari_url, ari_user=running.ari_user, ari_password=running.ari_password,
        ami_host="127.0.0.1", ami_port=running.ami_port, ami_user=running.ami_user,
        ami_password=running.ami_password, sip_host=running.sip_host, sip_port=running.sip_port,
        spool=process.pbx.paths.spool,
    )  # fmt: skip


async def reload(process: PlatformProcess, *modules: str) -> None:
    """Let Asterisk read the files of these modules again."""
    manager = AmiClient(connection(process))
    try:
        for module in modules:
            await manager.action("Reload", Module=module)
    finally:
        await manager.close()


async def let_silent_lines_live(process: PlatformProcess) -> None:
    """The phones here send no sound: after a minute their lines would count as broken."""
    file = process.pbx.paths.etc / "pjsip.conf"
    text, found = _DEAD_LINE.subn(r"\g<1>0", file.read_text("utf-8"))
    if not found:
        raise LookupError(f"no time-out for silent lines in {file}")
    file.write_text(text, "utf-8")
    await reload(process, "res_pjsip")


async def without_music(process: PlatformProcess) -> None:
    """Who waits hears nothing from now on but announcements: each stream of music costs the PBX
    a third of a percent of a core, and hundreds of them would be all that is measured."""
    for file in process.pbx.paths.music.iterdir():
        file.unlink()
    await reload(process, "res_musiconhold")
