"""The recognition process: reads orders from stdin, answers on stdout, one model in memory.

Started by the platform as `python -m callwright.integrations.speech.child CONFIG`.
"""

from __future__ import annotations

import itertools
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from callwright.integrations.speech.audio import wav_blocks, wav_rate
from callwright.integrations.speech.ear import Ear
from callwright.integrations.speech.engine import Engine, EngineConfig, make_engine
from callwright.integrations.speech.segmenter import Cut
from callwright.integrations.speech.wire import (
    Answer,
    Drop,
    Ended,
    Failed,
    Finish,
    Heard,
    Loaded,
    Open,
    Order,
    ReadFile,
    Sound,
    frame,
    order_decoder,
    read_frame,
)
from callwright.ports.speech import Utterance, Word

NICENESS = 10
LIVE, FILE = 0, 1  # what runs first
FILE_BLOCK_S = 10.0  # sound of a file looked at between two turns of live work
IDLE_STEP_S = 5.0  # how often silence is reported as dealt with


@dataclass(order=True, slots=True)
class _Work:
    """One turn of the recogniser. The order of arrival decides inside one class."""

    priority: int
    number: int
    run: Callable[[], None] = field(compare=False)


@dataclass(slots=True)
class _Leg:
    """A live leg. `waiting` = its cuts not yet recognised; `told` = seconds reported."""

    ear: Ear
    order: Open
    told: float
    waiting: int = 0


@dataclass(slots=True)
class _File:
    """A file being read: cuts come block by block, so that live work can step in between."""

    order: ReadFile
    rate: int
    cuts: Iterator[list[Cut]]


class Child:
    """One thread reads orders and finds utterances, the other recognises them."""

    def __init__(self, engine: Engine, out: BinaryIO) -> None:
        self._engine = engine
        self._out = out
        self._write = threading.Lock()
        self._numbers = itertools.count()
        self._work: queue.PriorityQueue[_Work] = queue.PriorityQueue()
        self._legs: dict[int, _Leg] = {}
        self._files: set[int] = set()
        self._waiting_s = 0.0
        self._loaded = False

    def listen(self, orders: BinaryIO) -> None:
        """Until the platform closes the pipe or dies."""
        threading.Thread(target=self._recognise_forever, daemon=True).start()
        self._queue(LIVE, self._load)
        while (order := read_frame(orders, order_decoder)) is not None:
            try:
                self._take(order)
            except Exception as error:
                self._fail(order.task, error)

    def _take(self, order: Order) -> None:
        match order:
            case Open(task, rate, _, _, at):
                self._legs[task] = _Leg(Ear(rate, at=at), order, at)
            case Sound(task, pcm) if task in self._legs:
                leg = self._legs[task]
                self._queue_cuts(leg, leg.ear.hear(np.frombuffer(pcm, dtype="<i2")))
                self._tell_silence(leg)
            case Finish(task) if task in self._legs:
                leg = self._legs[task]
                self._queue_cuts(leg, leg.ear.end())
                self._queue(LIVE, lambda: self._end(task))
            case Drop(task):
                self._forget(task)
            case ReadFile():
                self._open_file(order)
            case _:
                pass  # sound of a leg that was dropped meanwhile

    def _queue(self, priority: int, run: Callable[[], None]) -> None:
        self._work.put(_Work(priority, next(self._numbers), run))

    def _queue_cuts(self, leg: _Leg, cuts: list[Cut]) -> None:
        for cut in cuts:
            leg.waiting += 1
            with self._write:
                self._waiting_s += cut.samples.size / leg.ear.rate
            self._queue(LIVE, lambda cut=cut: self._live_cut(leg, cut))  # type: ignore[misc]

    def _live_cut(self, leg: _Leg, cut: Cut) -> None:
        task, order = leg.order.task, leg.order
        with self._write:
            self._waiting_s = max(0.0, self._waiting_s - cut.samples.size / leg.ear.rate)
        if task not in self._legs:
            return
        try:
            utterance = self._hear(cut, leg.ear.rate, order.language, order.hotwords)
        except Exception as error:
            self._fail(task, error)
            return
        leg.waiting -= 1
        self._answer(Heard(task, utterance, cut.done_to, round(self._waiting_s, 2)))

    def _tell_silence(self, leg: _Leg) -> None:
        at = leg.ear.idle_at
        if at is not None and not leg.waiting and at - leg.told >= IDLE_STEP_S:
            leg.told = at
            self._answer(Heard(leg.order.task, None, at, round(self._waiting_s, 2)))

    def _open_file(self, order: ReadFile) -> None:
        rate = wav_rate(Path(order.wav), order.channel)
        ear = Ear(rate)
        file = _File(order, ear.rate, _file_cuts(order, ear))
        self._files.add(order.task)
        self._queue(FILE, lambda: self._file_step(file))

    def _file_step(self, file: _File) -> None:
        task = file.order.task
        if task not in self._files:
            return
        try:
            cuts = next(file.cuts, None)
        except Exception as error:
            self._fail(task, error)
            return
        if cuts is None:
            self._end(task)
            return
        for cut in cuts:
            self._queue(FILE, lambda cut=cut: self._file_cut(file, cut))  # type: ignore[misc]
        self._queue(FILE, lambda: self._file_step(file))

    def _file_cut(self, file: _File, cut: Cut) -> None:
        task = file.order.task
        if task not in self._files:
            return
        try:
            utterance = self._hear(cut, file.rate, file.order.language, ())
        except Exception as error:
            self._fail(task, error)
            return
        self._answer(Heard(task, utterance, cut.done_to, round(self._waiting_s, 2)))

    def _hear(
        self, cut: Cut, rate: int, language: str, hotwords: tuple[str, ...]
    ) -> Utterance | None:
        if not self._loaded:
            self._load()
        heard = self._engine.recognise(cut.samples, rate, language, hotwords)
        return None if heard is None else _shifted(heard, cut.start)

    def _load(self) -> None:
        begun = time.monotonic()
        self._engine.load()
        self._loaded = True
        self._answer(Loaded(round(time.monotonic() - begun, 3)))

    def _recognise_forever(self) -> None:
        while True:
            work = self._work.get()
            try:
                work.run()
            except Exception as error:  # the load at start: each task meets the fault itself
                print(f"speech: {error}", file=sys.stderr, flush=True)

    def _end(self, task: int) -> None:
        if task in self._legs or task in self._files:
            self._forget(task)
            self._answer(Ended(task))

    def _fail(self, task: int, error: Exception) -> None:
        self._forget(task)
        self._answer(Failed(task, f"{type(error).__name__}: {error}"))

    def _forget(self, task: int) -> None:
        self._legs.pop(task, None)
        self._files.discard(task)

    def _answer(self, answer: Answer) -> None:
        with self._write:
            self._out.write(frame(answer))
            self._out.flush()


def _file_cuts(order: ReadFile, ear: Ear) -> Iterator[list[Cut]]:
    for block in wav_blocks(Path(order.wav), order.channel, FILE_BLOCK_S):
        yield ear.hear(block)
    yield ear.end()


def _shifted(heard: Utterance, by: float) -> Utterance:
    words = tuple(
        Word(word.text, round(word.start + by, 3), round(word.end + by, 3), word.p)
        for word in heard.words
    )
    start, end = round(heard.start + by, 3), round(heard.end + by, 3)
    return Utterance(heard.text, start, end, words, heard.language, heard.confidence)


def main() -> None:
    """Talk over stdin and stdout; what libraries print goes to stderr."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the platform's: it closes our pipe
    config = msgspec.json.decode(sys.argv[1].encode(), type=EngineConfig)
    os.environ.setdefault("OMP_NUM_THREADS", str(config.threads))
    Child(make_engine(config), out).listen(sys.stdin.buffer)
    os._exit(0)  # the recogniser may be deep inside a library; nothing of it is worth waiting for


if __name__ == "__main__":
    main()
