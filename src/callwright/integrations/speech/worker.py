"""Speech to text by one niced child process: started with the first sound, again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from pathlib import Path

import structlog

from callwright.integrations.speech.audio import wav_rate
from callwright.integrations.speech.engine import EngineConfig
from callwright.integrations.speech.process import SpeechProcess
from callwright.integrations.speech.tasks import FileTask, LiveLeg, Task
from callwright.integrations.speech.wire import Answer, Drop, Ended, Failed, Heard, Loaded
from callwright.kit.errors import invalid
from callwright.ports.speech import LiveRecognition, SpeechHealth, StreamOptions, Utterance

RATES = range(8000, 96001)  # Hz

log = structlog.get_logger(__name__)


class SpeechWorker:
    """A `SpeechToText`. `missing` = what the model's folder lacks, empty when it is complete."""

    def __init__(self, config: EngineConfig, missing: str = "") -> None:
        self._config = config
        self._missing = missing
        self._numbers = itertools.count(1)
        self._tasks: dict[int, Task] = {}
        self._process: SpeechProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._loaded = False
        self._waiting_s = 0.0
        self._trouble = ""  # why the last thing that failed did; forgotten with the next success
        self._closed = False

    async def start(self) -> None:
        """Nothing to do: the child comes with the first sound."""

    async def close(self) -> None:
        """End the child; whoever waits gets `speech_failed`."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        self._fail_all("the recogniser was closed")

    def live(self, options: StreamOptions) -> LiveRecognition:
        """A new leg; costs nothing before its first sound."""
        if options.sample_rate not in RATES:
            raise invalid("sample_rate", f"{options.sample_rate} Hz")
        return LiveLeg(next(self._numbers), options, self._submit, self._forget)

    async def recognise_file(
        self, wav: Path, *, channel: int, language: str = ""
    ) -> list[Utterance]:
        """One channel (0 = left) of a 16-bit PCM WAV file, after all live work."""
        await asyncio.to_thread(wav_rate, wav, channel)  # bad input is named before any work
        task = FileTask(next(self._numbers), wav, channel, language)
        self._submit(task)
        try:
            return await task.result
        finally:
            if self._tasks.pop(task.number, None) is not None and self._process is not None:
                self._process.send(Drop(task.number))

    async def health(self) -> SpeechHealth:
        """`backlog_s` = live speech cut out but not yet recognised; `detail` = the last fault."""
        broken = bool(self._trouble) and not self._loaded  # one bad file breaks no engine
        return SpeechHealth(
            ready=not (self._missing or broken or self._closed),
            engine=self._config.engine,
            model=Path(self._config.model).name,
            loaded=self._loaded,
            backlog_s=self._waiting_s,
            detail=self._missing or self._trouble,
        )

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return None if self._process is None else self._process.pid

    def _submit(self, task: Task) -> None:
        if self._missing or self._closed:
            task.failed(self._missing or "the recogniser was closed")
            return
        self._tasks[task.number] = task
        if self._process is not None:
            task.begin(self._process.send)
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep())

    def _forget(self, task: Task) -> None:
        self._tasks.pop(task.number, None)

    async def _keep(self) -> None:
        """Hold a child as long as there is work; an idle one stays until it dies or we close."""
        while self._tasks and not self._closed:
            try:
                process = await SpeechProcess.start(self._config)
            except OSError as error:
                self._trouble = f"the recogniser could not be started: {error}"
                self._fail_all(self._trouble)
                return
            status = await self._serve(process)
            log.warning("speech_child_died", status=status, tasks=len(self._tasks))
            for task in list(self._tasks.values()):
                if not task.child_gone():
                    self._tasks.pop(task.number, None)
                    self._trouble = f"the recogniser died twice (status {status})"
                    task.failed(self._trouble)

    async def _serve(self, process: SpeechProcess) -> int:
        try:
            self._process = process
            for task in list(self._tasks.values()):
                task.begin(process.send)
            async for answer in process.answers():
                self._take(answer)
        finally:
            self._process, self._loaded, self._waiting_s = None, False, 0.0
            status = await process.end()
        return status

    def _take(self, answer: Answer) -> None:
        match answer:
            case Loaded(seconds):
                self._loaded = True
                log.info("speech_model_loaded", seconds=seconds, model=self._config.model)
            case Heard(task, waiting_s=waiting_s):
                self._waiting_s, self._trouble = waiting_s, ""
                if task in self._tasks:
                    self._tasks[task].heard(answer)
            case Ended(task):
                if (found := self._tasks.pop(task, None)) is not None:
                    found.ended()
            case Failed(task, why):
                self._trouble = why
                if (found := self._tasks.pop(task, None)) is not None:
                    found.failed(why)

    def _fail_all(self, why: str) -> None:
        for task in list(self._tasks.values()):
            task.failed(why)
        self._tasks.clear()
