"""Asterisk's own app_queue, added to the PBX of a running platform: the peer of our router."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.platform_process import PlatformProcess

from bench import pbx
from callwright.integrations.pbx.asterisk.ami import AmiClient

QUEUE = "bench"
USER = "bench"
# As favourable to the peer as its settings allow: one second is its shortest pause (`retry`).
_QUEUE = """
[{queue}]
strategy = rrmemory
musicclass = default
autofill = yes
ringinuse = no
joinempty = yes
leavewhenempty = no
timeout = 15
retry = 1
wrapuptime = 0
member => {member},0,bench
"""
_LINE = """
[from-trunk](+)
exten => {line},1,Answer()
 same => n,Queue({queue})
 same => n,Hangup()
"""
_USER = """
[{user}]
secret = {password}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
write = system,agent
"""


class AppQueue:
    """The queue with one paused member: the phone of an agent."""

    def __init__(self, manager: AmiClient, member: str) -> None:
        self._manager, self._member = manager, member

    async def free(self) -> None:
        """The member may take a call now."""
        await self._pause("false")

    async def busy(self) -> None:
        """The member takes no call from now on."""
        await self._pause("true")

    async def _pause(self, paused: str) -> None:
        await self._manager.action("QueuePause", Interface=self._member, Paused=paused)


@asynccontextmanager
async def app_queue(process: PlatformProcess, line: str, endpoint: str) -> AsyncIterator[AppQueue]:
    """Callers of `line` wait in a queue whose only member is the phone `endpoint`."""
    member, password = f"PJSIP/{endpoint}", secrets.token_urlsafe()
    etc = process.pbx.paths.etc
    for name, text in {
        "queues.conf": _QUEUE.format(queue=QUEUE, member=member),
        "extensions.conf": _LINE.format(line=line, queue=QUEUE),
        "manager.conf": _USER.format(user=USER, password=password),
    }.items():
        with (etc / name).open("a", encoding="utf-8") as file:
            file.write(text)
    await pbx.reload(process, "manager", "pbx_config", "app_queue")
    manager = AmiClient(replace(pbx.connection(process), ami_user=USER, ami_password=password))
    try:
        queue = AppQueue(manager, member)
        await queue.busy()
        yield queue
    finally:
        await manager.close()
