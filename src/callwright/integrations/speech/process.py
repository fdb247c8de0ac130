"""The recognition process as the platform holds it: start, send, receive, end."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

import msgspec

from callwright.integrations.speech.engine import EngineConfig
from callwright.integrations.speech.wire import HEADER, Answer, Order, answer_decoder, frame

MODULE = "callwright.integrations.speech.child"


class SpeechProcess:
    """One running child. Orders never block; answers end when it dies."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout

    @classmethod
    async def start(cls, config: EngineConfig) -> SpeechProcess:
        """A new child with nothing loaded; in a session of its own, so Ctrl+C does not meet it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            MODULE,
            msgspec.json.encode(config).decode(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, order: Order) -> None:
        """Queue an order; a dead child is noticed by the end of its answers."""
        if not self._stdin.is_closing():
            self._stdin.write(frame(order))

    async def answers(self) -> AsyncIterator[Answer]:
        """What it says, until it is gone."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await self._stdout.readexactly(HEADER.size)
                body = await self._stdout.readexactly(HEADER.unpack(head)[0])
                yield answer_decoder.decode(body)

    async def end(self) -> int:
        """Kill it (it holds nothing worth saving) and reap it; returns its exit status."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        self._stdin.close()
        return await self._process.wait()
