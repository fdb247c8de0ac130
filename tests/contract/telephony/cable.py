"""A connection that can be cut: forwards one TCP port to another."""

from __future__ import annotations

import asyncio
from typing import Self


class Cable:
    """Listens on a free port of this machine and forwards to `target` until it is cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._open = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        assert self._server is not None
        self._server.close()

    def cut(self) -> None:
        """Break what is connected and let nobody connect."""
        self._open = False
        self._flowing.set()
        for writer in self._writers:
            writer.close()

    def freeze(self) -> None:
        """Both ends believe in their connection, and nothing comes through any more."""
        self._flowing.clear()

    def mend(self) -> None:
        """Let connections through again."""
        self._open = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(
                _copy(reader, far_writer, self._flowing), _copy(far_reader, writer, self._flowing)
            )
        finally:
            self._writers -= {writer, far_writer}


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flowing: asyncio.Event
) -> None:
    try:
        while data := await reader.read(65536):
            await flowing.wait()
            writer.write(data)
    except OSError:
        pass  # the cable was cut
    finally:
        writer.close()
