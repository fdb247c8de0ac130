"""The PBX as the house sees it: legs, bridges, media. Queues and states are never the PBX's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

EndCause = Literal[
    "normal", "busy", "no_answer", "rejected", "unreachable", "cancelled", "congestion", "failed"
]
PlayState = Literal["completed", "interrupted", "failed", "leg_gone", "bridge_gone"]
DigitsEnd = Literal["complete", "terminator", "timeout", "leg_gone"]


@dataclass(frozen=True, slots=True)
class LegArrived:
    """A caller came in and waits, unanswered. Numbers are raw, as the trunk sent them."""

    leg: str
    at: datetime
    from_number: str
    from_name: str
    to_number: str
    trunk: str  # empty when an agent's own phone dialled
    endpoint: str | None = None  # the agent's phone, then


@dataclass(frozen=True, slots=True)
class LegRinging:
    """An outgoing leg's far end rings (SIP 180/183)."""

    leg: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """An outgoing leg's far end answered (SIP 200)."""

    leg: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LegEnded:
    """A leg is gone, whoever ended it. Sent exactly once for each leg, also after a lost PBX."""

    leg: str
    at: datetime
    cause: EndCause
    sip_code: int | None = None


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """A DTMF key, at its end. Never sent while a `collect(secure=True)` runs on the leg."""

    leg: str
    at: datetime
    digit: str


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """An agent's phone registered or went away."""

    endpoint: str
    at: datetime
    online: bool


@dataclass(frozen=True, slots=True)
class PbxLost:
    """The connection to the PBX broke. Talks may go on: the PBX outlives us and we it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LegState:
    """One leg of ours as the PBX holds it now. Callers who wait in the PBX's own fallback, because
    no platform was there, are not among them: they arrive by themselves."""

    leg: str
    state: Literal["down", "ringing", "up"]
    incoming: bool
    from_number: str
    to_number: str
    bridge: str | None
    endpoint: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the PBX holds at one moment: what a reconcile compares with the database."""

    at: datetime
    legs: tuple[LegState, ...]
    bridges: Mapping[str, tuple[str, ...]]
    phones_online: frozenset[str]
    boot_id: str  # changes when the PBX itself was restarted


@dataclass(frozen=True, slots=True)
class PbxBack:
    """Connected, at first and after each loss. No event before the snapshot is replayed."""

    at: datetime
    snapshot: Snapshot


PbxEvent = (
    LegArrived
    | LegRinging
    | LegAnswered
    | LegEnded
    | DigitPressed
    | PhoneChanged
    | PbxLost
    | PbxBack
)
PbxSink = Callable[[PbxEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PlayResult:
    """How a prompt ended. `failed` carries the reason (for example the missing file)."""

    state: PlayState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Digits:
    """What the caller typed. `digits` never reaches a log or an event when it was secure."""

    digits: str
    end: DigitsEnd


@dataclass(frozen=True, slots=True)
class RecordingFiles:
    """Mono 16-bit 8 kHz WAV files that grow during the call; final once the leg has ended.

    `customer` = what the leg said; `heard` = what it heard (agent, prompts, music). Both start at
    `started_at` and keep the same time line to the end.
    """

    name: str
    customer: Path
    heard: Path
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Trunk:
    """A line to the outside: who may call in from where, and where outgoing calls go."""

    name: str
    host: str
    port: int = 5060
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    register: bool = False
    match: tuple[str, ...] = ()  # networks that inbound INVITEs come from
    codecs: tuple[str, ...] = ("alaw", "ulaw")
    transport: Literal["udp", "tcp"] = "udp"


@dataclass(frozen=True, slots=True)
class PbxHealth:
    """Facts for `doctor` and `/readyz`."""

    connected: bool
    version: str
    boot_id: str
    legs: int
    detail: str = ""


class AudioStream(Protocol):
    """One leg's sound while the call goes on: 16-bit little-endian mono PCM at `sample_rate` Hz."""

    sample_rate: int
    started_at: datetime  # wall-clock moment of the first sample

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield frames (about 20 ms each) until the leg ends or `close` is called."""
        ...

    async def close(self) -> None:
        """Stop the stream; the leg goes on."""
        ...


class Telephony(Protocol):
    """Commands to the PBX. Ids of legs and bridges that we make are ours (UUIDv7 strings).

    Every command on a leg that is already gone raises `CallwrightError("leg_gone", leg=…)`, except
    `hang_up`, `stop_playing`, `unhold` and `record_stop`, which are then no-ops, and `play` and
    `collect`, which say so in their result. While the PBX cannot be reached every command raises
    `pbx_unreachable`, one that plays and was under way too; what it refuses for a reason that no
    code stands for raises `pbx_refused` with its words.
    """

    @property
    def phone_socket(self) -> str | None:
        """Where browser phones speak SIP over WebSocket (ws://…, for our proxy only), if at all."""
        ...

    async def start(self, sink: PbxSink) -> None:
        """Connect, keep connected, and deliver events; the first is always `PbxBack`.

        Returns once connected, or after a few seconds while it goes on trying. Events of one leg
        arrive in order; a sink that raises is logged and does not stop the rest. After a loss the
        legs that ended meanwhile get their `LegEnded` right after `PbxBack`.
        """
        ...

    async def close(self) -> None:
        """Disconnect. Legs and bridges live on in the PBX."""
        ...

    async def answer(self, leg: str) -> None: ...

    async def hang_up(self, leg: str, cause: EndCause = "normal") -> None: ...

    async def play(
        self, leg: str, media: Sequence[str], *, interruptible: bool = False
    ) -> PlayResult:
        """Play WAV files one after another and wait for the end.

        `media` = absolute paths with extension: mono, 16 bit, 8 kHz; any other file is `failed`.
        `interruptible` = any digit stops the playing (the digit is still delivered).
        """
        ...

    async def announce(self, leg: str, media: Sequence[str]) -> PlayResult:
        """Play files, as `play` takes them, to a leg that hears music, and let the music go on.

        Whatever ends the music (`unhold`, `connect`, `ringback`) ends this at once, too. Nothing is
        played, and the result is `interrupted`, where no music is or where something plays.
        """
        ...

    async def stop_playing(self, leg: str) -> None: ...

    async def collect(
        self,
        leg: str,
        media: Sequence[str],
        *,
        max_digits: int,
        first_timeout_s: float,
        next_timeout_s: float,
        terminator: str = "#",
        secure: bool = False,
        on_digit: Callable[[int], None] | None = None,
    ) -> Digits:
        """Play a prompt that typing stops, then gather digits. Time-outs count from its end.

        Empty `terminator` = none. A prompt that cannot be played is logged, typing goes on.
        `secure` keeps the digits out of events and logs; take the leg out of its bridge before,
        else the other side hears the keys. `on_digit` is told after each digit how many were
        typed so far, never which.
        """
        ...

    async def hold(self, leg: str, music: str | None = None) -> None:
        """Let one leg hear music (a music class name; None = the default).

        A leg in a bridge is taken out of it first. `unhold` or `connect` ends the music.
        """
        ...

    async def unhold(self, leg: str) -> None: ...

    async def ringback(self, leg: str) -> None:
        """Let an answered leg hear the tone of a phone that rings.

        A leg in a bridge is taken out of it first. `unhold`, `hold` or `connect` ends the tone.
        """
        ...

    async def ring(
        self,
        leg: str,
        endpoint: str,
        *,
        caller_number: str,
        caller_name: str,
        headers: Mapping[str, str],
        timeout_s: int,
        beside: str | None = None,
        only_if: Awaitable[bool] | None = None,
    ) -> None:
        """Create leg `leg` towards an agent's phone and send the INVITE; return once it was sent.

        Ringing, answer, end arrive as events (`LegEnded(cause="no_answer")` after `timeout_s`).
        `beside` = the leg whose codecs to prefer. `only_if` is awaited while the leg is made, and
        before the INVITE: unless it is true, nobody is asked, `leg_gone` is raised and no event
        comes. A phone that is not registered raises
        `CallwrightError("phone_unreachable", endpoint=…)`.
        """
        ...

    async def originate(
        self, leg: str, number: str, trunk: str, *, caller_number: str, timeout_s: int
    ) -> None:
        """Like `ring`, towards an outside number through a trunk.

        A trunk that is unknown or down raises `CallwrightError("phone_unreachable",
        endpoint=trunk)`.
        """
        ...

    async def connect(self, bridge: str, legs: Sequence[str]) -> None:
        """Make bridge `bridge` if it is not there, and put the legs in; music on them ends."""
        ...

    async def take_out(self, bridge: str, leg: str) -> None:
        """Take one leg out of a bridge; it stays up and silent."""
        ...

    async def drop_bridge(self, bridge: str) -> None: ...

    async def play_to_bridge(self, bridge: str, media: str) -> PlayResult:
        """Play one WAV file, as `play` takes it, to all legs in a bridge, and wait for the end.

        They go on hearing each other. One at a time in each bridge, else `wrong_state`.
        """
        ...

    async def stop_bridge_playing(self, bridge: str) -> None:
        """The file ends as `interrupted`; nothing happens where none plays."""
        ...

    async def record_start(self, leg: str, name: str) -> RecordingFiles:
        """Record both directions of a leg; `name` is an id of ours, never an outside string.

        One recording a leg at a time, else `wrong_state`. The files are final once `LegEnded` came
        or `record_stop` returned.
        """
        ...

    async def record_mute(self, leg: str, muted: bool) -> None:
        """Write silence instead of sound; the time line stays."""
        ...

    async def record_stop(self, leg: str) -> None: ...

    async def stream(self, leg: str) -> AudioStream:
        """Open the live sound that the leg's far end says (16 kHz); returns with its first frame.

        Close it, or read it to its end: an open stream costs the PBX two channels.
        """
        ...

    async def provision_phone(self, endpoint: str, password: str, *, webrtc: bool) -> None:
        """Let phone `endpoint` register with `password`; idempotent, survives a PBX restart.

        Names: letters, digits, dash, underscore, no trunk's name. Password: 8 characters or more.
        """
        ...

    async def remove_phone(self, endpoint: str) -> None: ...

    async def provision_trunk(self, trunk: Trunk) -> None: ...

    async def remove_trunk(self, name: str) -> None: ...

    async def snapshot(self) -> Snapshot: ...

    async def health(self) -> PbxHealth: ...
