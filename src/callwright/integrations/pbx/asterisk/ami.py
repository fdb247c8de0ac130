"""Asterisk's manager interface, for the recordings that ARI has no verbs for."""

from __future__ import annotations

import asyncio
import itertools

from callwright.integrations.pbx.asterisk.connection import AsteriskConnection
from callwright.kit.errors import CallwrightError

TIMEOUT_S = 5.0


class AmiRefusalError(Exception):
    """Asterisk refused an action; the text is its own."""


class AmiClient:
    """One lasting connection, opened when first needed and again after each break."""

    def __init__(self, connection: AsteriskConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def action(self, name: str, **fields: str) -> dict[str, str]:
        """Do one action and return the answer's fields, or raise AmiRefusalError."""
        async with self._turn:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    return await self._try_twice(name, fields)
            except (OSError, EOFError, TimeoutError) as error:
                await self._drop()
                raise CallwrightError("pbx_unreachable") from error

    async def close(self) -> None:
        """Log off."""
        async with self._turn:
            await self._drop()

    async def _try_twice(self, name: str, fields: dict[str, str]) -> dict[str, str]:
        """A connection that broke while idle shows only now: then once more on a new one."""
        if self._streams is not None:
            try:
                return await self._ask(name, fields)
            except (OSError, EOFError):
                await self._drop()
        await self._connect()
        return await self._ask(name, fields)

    async def _connect(self) -> None:
        known = self._connection
        reader, writer = await asyncio.open_connection(known.ami_host, known.ami_port)
        self._streams = reader, writer
        await reader.readline()  # greeting
        login = {"Username": known.ami_user, "Secret": known.ami_password, "Events": "off"}
        await self._ask("Login", login)

    async def _drop(self) -> None:
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()

    async def _ask(self, name: str, fields: dict[str, str]) -> dict[str, str]:
        if self._streams is None:
            raise ConnectionResetError("not connected")
        reader, writer = self._streams
        number = str(next(self._numbers))
        lines = {"Action": name, "ActionID": number, **fields}
        if any("\r" in value or "\n" in value for value in lines.values()):
            raise ValueError("a line break in an action")
        writer.write(("".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n").encode())
        while True:
            answer = await _read_block(reader)
            if answer.get("ActionID") == number and "Response" in answer:
                break
        if answer["Response"] != "Success":
            raise AmiRefusalError(answer.get("Message", ""))
        return answer


async def _read_block(reader: asyncio.StreamReader) -> dict[str, str]:
    block: dict[str, str] = {}
    while True:
        line = await reader.readline()
        if not line:
            raise EOFError("the PBX closed the manager connection")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            if block:
                return block
            continue
        name, _, value = text.partition(": ")
        block[name] = value
