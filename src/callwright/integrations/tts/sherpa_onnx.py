"""Text to speech by sherpa-onnx: a Kokoro or VITS model from a folder below `models`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from callwright.kit.errors import CallwrightError
from callwright.ports.tts import Speech

CHILD = "callwright.integrations.tts.child"
LONGEST_ANSWER = 2**26  # bytes: minutes of speech
PATIENCE_S = 120.0


class SherpaSpeech:
    """Starts the model's process with the first text; one text at a time."""

    def __init__(self, folder: Path, *, speaker: int = 0, threads: int = 1) -> None:
        self.voice = f"{folder.name}/{speaker}"
        self._folder, self._speaker, self._threads = folder, speaker, threads
        self._lock = asyncio.Lock()
        self._process: Process | None = None

    async def speak(self, text: str, language: str) -> Speech:
        """Render a text; see the port."""
        async with self._lock:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    head, pcm = await self._ask(text)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                await self._end()
                why = "its process ended; see the platform's log"
                raise CallwrightError("no_tts", model=self._folder.name, why=why) from error
        if "why" in head:
            raise CallwrightError("no_tts", model=self._folder.name, why=head["why"])
        return Speech(pcm, head["rate"])

    async def close(self) -> None:
        """End the process."""
        async with self._lock:
            await self._end()

    async def _ask(self, text: str) -> tuple[dict[str, Any], bytes]:
        process = self._process or await self._start()
        assert process.stdin is not None  # noqa: S101 - piped
        assert process.stdout is not None  # noqa: S101 - piped
        asked = {"text": text, "speaker": self._speaker}
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()
        head: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
        return head, await process.stdout.readexactly(head.get("bytes", 0))

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", CHILD, str(self._folder.absolute()), str(self._threads),
            stdin=PIPE, stdout=PIPE, limit=LONGEST_ANSWER,
        )  # fmt: skip
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class NoSpeech:
    """Where no model is named in the settings."""

    voice = ""

    async def speak(self, text: str, language: str) -> Speech:
        """Say which setting is empty."""
        raise CallwrightError("no_tts", field="tts.model", why="no model is named in the settings")

    async def close(self) -> None:
        """Nothing to end."""
