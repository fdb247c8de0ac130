"""What the masking engine finds and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal[
    "mobile",
    "landline",
    "id_card",
    "bank_card",
    "passport",
    "plate",
    "email",
    "account",
    "address",
    "name",
]

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """One personal datum. `start` and `end` are characters of the original text, end exclusive.

    `rule` says why it was taken for one: `<kind>:<evidence>`, for example `bank_card:luhn`.
    """

    start: int
    end: int
    kind: Kind
    rule: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with every datum starred, character for character: offsets stay true."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A find before it is rendered.

    `parts` are the ranges that belong to the datum (pauses and fillers lie between them);
    `shown` are the ranges inside them that stay readable, such as the last four digits.
    """

    kind: Kind
    rule: str
    parts: tuple[Range, ...]
    shown: tuple[Range, ...] = ()

    @property
    def start(self) -> int:
        """First character of the datum."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """One past the last character of the datum."""
        return max(end for _, end in self.parts)


class SpokenWord(Protocol):
    """A recognised word with its time in the sound, in seconds."""

    @property
    def text(self) -> str:
        """The word as written in the transcript."""
        ...

    @property
    def start(self) -> float:
        """Where it begins, seconds."""
        ...

    @property
    def end(self) -> float:
        """Where it ends, seconds."""
        ...
