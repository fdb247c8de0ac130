"""What parent and child say to each other: msgpack frames with a length in front."""

from __future__ import annotations

import struct
from typing import BinaryIO, TypeVar

import msgspec

from callwright.ports.speech import Utterance

HEADER = struct.Struct("!I")


class Open(msgspec.Struct, frozen=True, tag=True):
    """A leg begins. `at` = seconds of the stream at which its sound begins (after a restart)."""

    task: int
    rate: int
    language: str
    hotwords: tuple[str, ...]
    at: float


class Sound(msgspec.Struct, frozen=True, tag=True):
    """16-bit mono PCM of a leg."""

    task: int
    pcm: bytes


class Finish(msgspec.Struct, frozen=True, tag=True):
    """No more sound comes; say what is left, then `Ended`."""

    task: int


class Drop(msgspec.Struct, frozen=True, tag=True):
    """Forget a leg or a file at once; nothing more is said of it."""

    task: int


class ReadFile(msgspec.Struct, frozen=True, tag=True):
    """Recognise one channel (0 = left) of a WAV file, after all live work."""

    task: int
    wav: str
    channel: int
    language: str


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """The model is in memory; `seconds` = how long that took."""

    seconds: float


class Heard(msgspec.Struct, frozen=True, tag=True):
    """All sound before `done_to` seconds is dealt with; it held `utterance`, or none.

    `waiting_s` = seconds of live speech still queued, over all legs.
    """

    task: int
    utterance: Utterance | None
    done_to: float
    waiting_s: float


class Ended(msgspec.Struct, frozen=True, tag=True):
    """Everything of this task has been said."""

    task: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """This task is over without an end; `why` is for people."""

    task: int
    why: str


Order = Open | Sound | Finish | Drop | ReadFile
Answer = Loaded | Heard | Ended | Failed

_encoder = msgspec.msgpack.Encoder()
order_decoder: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order)
answer_decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
Message = TypeVar("Message")


def frame(message: Order | Answer) -> bytes:
    """One message as it goes through the pipe."""
    body = _encoder.encode(message)
    return HEADER.pack(len(body)) + body


def read_frame(stream: BinaryIO, decoder: msgspec.msgpack.Decoder[Message]) -> Message | None:
    """The next message of a blocking pipe; None when the other side is gone."""
    head = stream.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    (length,) = HEADER.unpack(head)
    body = stream.read(length)
    return decoder.decode(body) if len(body) == length else None
