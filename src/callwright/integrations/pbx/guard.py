"""Blocks addresses that guess: reads the PBX's security events and tells it whom to refuse.

It also turns the page of the PBX's logs, which guessing would fill first.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

from callwright.integrations.pbx.config import PbxPaths
from callwright.integrations.pbx.config.sip import acl_conf
from callwright.integrations.pbx.guesses import Guesses, guesser
from callwright.integrations.pbx.logs import prune, too_large
from callwright.integrations.pbx.supervisor import PbxServer, RunningPbx
from callwright.kit.clock import Clock, SystemClock

_RETRY_S = 2.0
_LOOK_S = 30.0  # how often ended blocks are lifted and logs looked at
_HOST = "127.0.0.1"

log = logging.getLogger(__name__)


async def guard_against_guessing(server: PbxServer, clock: Clock | None = None) -> None:
    """Block whoever fails ten times in a minute, for an hour; runs until cancelled.

    The PBX may be restarted meanwhile: the connection is made again and the blocks are kept.
    """
    guard = _Guard(server.paths, clock or SystemClock())
    while True:
        running = server.adopted()
        try:
            if running is not None:
                await guard.run(running)
        except (OSError, asyncio.IncompleteReadError) as error:
            log.info("no security events from the PBX: %s", error)
        await guard.clock.sleep(_RETRY_S)


class _Guard:
    def __init__(self, paths: PbxPaths, clock: Clock) -> None:
        self.clock = clock
        self._file = paths.etc / "acl.conf"
        self._logs = paths.log
        self._guesses = Guesses()

    async def run(self, running: RunningPbx) -> None:
        """Log in and read events until the line breaks."""
        reader, writer = await asyncio.open_connection(_HOST, running.ami_port)
        tending = asyncio.create_task(self._tend(writer))
        try:
            await _send(
                writer,
                Action="Login",
                Username=running.ami_user,
                Secret=running.ami_password,
                Events="security",
            )
            if self._guesses.blocked:
                await self._apply(writer)
            async for event in _events(reader):
                await self._look_at(event, writer)
        finally:
            tending.cancel()
            writer.close()

    async def _look_at(self, event: dict[str, str], writer: asyncio.StreamWriter) -> None:
        address = guesser(event)
        if address is not None and self._guesses.note(address, self.clock.monotonic()):
            log.warning("an address was blocked for guessing; %d now", len(self._guesses.blocked))
            await self._apply(writer)

    async def _tend(self, writer: asyncio.StreamWriter) -> None:
        while True:
            await self.clock.sleep(_LOOK_S)
            if self._guesses.expire(self.clock.monotonic()):
                await self._apply(writer)
            if too_large(self._logs):
                await _send(writer, Action="LoggerRotate")
                prune(self._logs)

    async def _apply(self, writer: asyncio.StreamWriter) -> None:
        """Write the list and let the PBX read it."""
        _replace(self._file, acl_conf(self._guesses.blocked))
        await _send(writer, Action="Reload", Module="acl")


def _replace(file: Path, text: str) -> None:
    """Put a new text in a file's place, for the same reader."""
    owner = file.stat()
    fresh = file.with_suffix(".tmp")
    fresh.write_text(text, "utf-8")
    fresh.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(file)


async def _send(writer: asyncio.StreamWriter, **fields: str) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write(f"{lines}\r\n".encode())
    await writer.drain()


async def _events(reader: asyncio.StreamReader) -> AsyncIterator[dict[str, str]]:
    """AMI's messages as header names and values."""
    while True:
        message = await reader.readuntil(b"\r\n\r\n")
        lines = message.decode("utf-8", "replace").splitlines()
        pairs = (line.partition(": ") for line in lines)
        yield {name: value for name, found, value in pairs if found}
