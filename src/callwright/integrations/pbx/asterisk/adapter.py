"""The Telephony port on Asterisk: ties its parts together."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from callwright.integrations.pbx.asterisk.ami import AmiClient
from callwright.integrations.pbx.asterisk.announcements import Announcements
from callwright.integrations.pbx.asterisk.bridges import Bridges
from callwright.integrations.pbx.asterisk.causes import hangup_reason
from callwright.integrations.pbx.asterisk.client import AriClient, AriError, Event
from callwright.integrations.pbx.asterisk.connection import APPLICATION, AsteriskConnection
from callwright.integrations.pbx.asterisk.errors import leg_error, pbx_error
from callwright.integrations.pbx.asterisk.events import EventDesk
from callwright.integrations.pbx.asterisk.inventory import (
    reap,
    subscribe,
    take_stock,
    watch_phones,
)
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook
from callwright.integrations.pbx.asterisk.outgoing import Invitation, Outgoing
from callwright.integrations.pbx.asterisk.prompts import Prompts
from callwright.integrations.pbx.asterisk.provisioning import Provisioner
from callwright.integrations.pbx.asterisk.recording import Recorder
from callwright.integrations.pbx.asterisk.silence import SilenceKeeper
from callwright.integrations.pbx.asterisk.stream import Streams
from callwright.integrations.pbx.checks import LOCAL_TRUNK, TRUNK_PREFIX, check_number
from callwright.integrations.pbx.delivery import Delivery
from callwright.integrations.pbx.digits import Wanted
from callwright.integrations.pbx.outside_text import object_id
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.ports.telephony import (
    AudioStream,
    Digits,
    EndCause,
    PbxBack,
    PbxEvent,
    PbxHealth,
    PbxLost,
    PbxSink,
    PlayResult,
    RecordingFiles,
    Snapshot,
    Trunk,
)

log = logging.getLogger(__name__)

FIRST_CONNECT_S = 5.0
SWEEP_S = 15.0  # between two looks for legs whose end was missed


class AsteriskTelephony:
    """One Asterisk. `start` returns once connected, or after 5 s while it goes on trying."""

    def __init__(self, connection: AsteriskConnection, clock: Clock) -> None:
        self._clock = clock
        self._book = LegBook()
        self._tasks: set[asyncio.Task[None]] = set()
        self._delivery: Delivery | None = None
        self._boot_id = ""
        self._phones_watched = False
        self.phone_socket: str | None = connection.phone_socket
        self._client = AriClient(
            connection,
            clock,
            on_event=self._take,
            on_connected=self._connected,
            on_lost=self._lost,
        )
        self._ami = AmiClient(connection)
        silence = SilenceKeeper(self._client)
        self._prompts = Prompts(self._client, self._book, clock, silence)
        self._announcements = Announcements(self._client)
        self._bridges = Bridges(self._client, self._book, self._prompts, silence)
        self._outgoing = Outgoing(self._client, self._book)
        self._recorder = Recorder(
            connection,
            client=self._client,
            ami=self._ami,
            book=self._book,
            clock=clock,
            silence=silence,
        )
        self._streams = Streams(connection, self._client, self._book, clock)
        self._provisioner = Provisioner(self._client)
        self._desk = EventDesk(
            clock,
            self._book,
            send=self._send,
            spawn=self._spawn,
            watch=self._watch,
            stop_prompt=self._prompts.stop,
            announcements=self._announcements,
        )

    async def start(self, sink: PbxSink) -> None:
        """Connect and keep connected; see the port."""
        if self._delivery is not None:
            raise CallwrightError("wrong_state", state="started")
        self._delivery = Delivery(sink)
        self._spawn(self._sweep())
        opening = asyncio.create_task(self._client.open())
        await asyncio.wait({opening}, timeout=FIRST_CONNECT_S)
        if opening.done():
            opening.result()
        else:
            self._keep(opening)

    async def close(self) -> None:
        """Disconnect; legs and bridges live on."""
        await self._streams.close()
        await self._client.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._ami.close()
        if self._delivery is not None:
            await self._delivery.close()

    async def answer(self, leg: str) -> None:
        """Answer a caller; see the port."""
        self._book.need(leg)
        await self._on_leg(leg, "POST", f"channels/{leg}/answer")

    async def hang_up(self, leg: str, cause: EndCause = "normal") -> None:
        """End a leg; see the port."""
        found = self._book.get(leg)
        if found is None:
            return
        found.ended_by_us = found.ended_by_us or cause
        try:
            await self._on_leg(leg, "DELETE", f"channels/{leg}", reason=hangup_reason(cause))
        except CallwrightError as error:
            if error.code != "leg_gone":
                found.ended_by_us = None
                raise

    async def play(
        self, leg: str, media: Sequence[str], *, interruptible: bool = False
    ) -> PlayResult:
        """Play files and wait for the end; see the port."""
        return await self._prompts.play(leg, media, interruptible=interruptible)

    async def announce(self, leg: str, media: Sequence[str]) -> PlayResult:
        """Play into the music of a leg on hold; see the port."""
        return await self._bridges.announce(leg, media)

    async def stop_playing(self, leg: str) -> None:
        """Stop whatever plays; see the port."""
        await self._prompts.stop_all(leg)

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
        """Gather digits; see the port."""
        wanted = Wanted(max_digits, first_timeout_s, next_timeout_s, terminator, on_digit)
        return await self._prompts.collect(leg, media, wanted, secure=secure)

    async def hold(self, leg: str, music: str | None = None) -> None:
        """Music for one leg; see the port."""
        await self._bridges.hold(leg, music)

    async def ringback(self, leg: str) -> None:
        """The tone of a ringing phone; see the port."""
        await self._bridges.ringback(leg)

    async def unhold(self, leg: str) -> None:
        """End the music; see the port."""
        await self._bridges.unhold(leg)

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
        """Ring an agent's phone; see the port."""
        object_id("leg", leg)
        object_id("endpoint", endpoint)
        new = Leg(leg, False, from_number=caller_number, to_number=endpoint, endpoint=endpoint)
        invitation = Invitation(
            f"PJSIP/{endpoint}", endpoint, caller_number, caller_name, headers, timeout_s, beside
        )
        await self._outgoing.invite(new, invitation, only_if)

    async def originate(
        self, leg: str, number: str, trunk: str, *, caller_number: str, timeout_s: int
    ) -> None:
        """Call an outside number; see the port."""
        object_id("leg", leg)
        object_id("trunk", trunk)
        check_number(number)
        endpoint = trunk if trunk == LOCAL_TRUNK else TRUNK_PREFIX + trunk
        new = Leg(leg, False, from_number=caller_number, to_number=number)
        dial_string = f"PJSIP/{number}@{endpoint}"
        invitation = Invitation(dial_string, trunk, caller_number, "", {}, timeout_s)
        await self._outgoing.invite(new, invitation)

    async def connect(self, bridge: str, legs: Sequence[str]) -> None:
        """Put legs together; see the port."""
        await self._bridges.connect(bridge, legs)

    async def take_out(self, bridge: str, leg: str) -> None:
        """Take one leg out; see the port."""
        await self._bridges.take_out(bridge, leg)

    async def drop_bridge(self, bridge: str) -> None:
        """Remove a bridge; see the port."""
        await self._bridges.drop(bridge)
        self._announcements.gone(bridge)

    async def play_to_bridge(self, bridge: str, media: str) -> PlayResult:
        """Play a file to everybody in a bridge; see the port."""
        return await self._announcements.play(bridge, media)

    async def stop_bridge_playing(self, bridge: str) -> None:
        """Stop it; see the port."""
        await self._announcements.stop(bridge)

    async def record_start(self, leg: str, name: str) -> RecordingFiles:
        """Record both directions; see the port."""
        return await self._recorder.start(leg, name)

    async def record_mute(self, leg: str, muted: bool) -> None:
        """Silence in the recording; see the port."""
        await self._recorder.mute(leg, muted)

    async def record_stop(self, leg: str) -> None:
        """End the recording; its files are final on return."""
        await self._recorder.stop(leg)

    async def stream(self, leg: str) -> AudioStream:
        """Open live sound; returns with its first frame."""
        return await self._streams.open(leg)

    async def provision_phone(self, endpoint: str, password: str, *, webrtc: bool) -> None:
        """Let a phone register; see the port."""
        await self._provisioner.set_phone(endpoint, password, webrtc=webrtc)
        if not self._phones_watched:  # this is the first one
            self._phones_watched = await watch_phones(self._client)

    async def remove_phone(self, endpoint: str) -> None:
        """Forget a phone."""
        await self._provisioner.remove_phone(endpoint)

    async def provision_trunk(self, trunk: Trunk) -> None:
        """Set up a trunk."""
        await self._provisioner.set_trunk(trunk)

    async def remove_trunk(self, name: str) -> None:
        """Forget a trunk."""
        await self._provisioner.remove_trunk(name)

    async def snapshot(self) -> Snapshot:
        """What the PBX holds now."""
        try:
            return (await take_stock(self._client, self._clock)).snapshot
        except AriError as error:
            raise pbx_error(error) from error

    async def health(self) -> PbxHealth:
        """Whether the PBX answers; never raises."""
        try:
            stock = await take_stock(self._client, self._clock)
        except (AriError, CallwrightError) as error:
            return PbxHealth(False, "", self._boot_id, 0, str(error))
        snapshot = stock.snapshot
        return PbxHealth(True, stock.version, snapshot.boot_id, len(snapshot.legs))

    def _take(self, event: Event) -> None:
        self._desk.take(event)

    async def _connected(self, held_back: list[Event]) -> None:
        """Learn what is there. Legs whose arrival waits in `held_back` come with that event."""
        await subscribe(self._client)
        self._phones_watched = await watch_phones(self._client)
        stock = await take_stock(self._client, self._clock)
        arriving = {e["channel"]["id"] for e in held_back if e["type"] == "StasisStart"}
        legs = [leg for leg in stock.legs if leg.id not in arriving]
        states = tuple(state for state in stock.snapshot.legs if state.leg not in arriving)
        snapshot = dataclasses.replace(stock.snapshot, legs=states)
        rebooted = self._boot_id not in {"", snapshot.boot_id}
        self._boot_id = snapshot.boot_id
        self._desk.phones_online = set(snapshot.phones_online)
        self._send(PbxBack(self._clock.now(), snapshot))
        self._compare(legs, rebooted=rebooted)
        self._spawn(reap(self._client, stock, self._book.helpers))

    def _compare(self, legs: Sequence[Leg], *, rebooted: bool) -> None:
        """End what went while we were away, adopt what we did not know."""
        living = {leg.id: leg for leg in legs}
        for leg in self._book:
            now = living.get(leg.id)
            if now is None:
                self._desk.end(leg, "failed" if rebooted else "normal", pbx_died=rebooted)
            else:
                leg.state, leg.bridge = now.state, now.bridge
        for leg in legs:
            if self._book.get(leg.id) is None:
                self._book.add(leg)
                self._spawn(self._recorder.recall(leg))
                self._spawn(self._watch(leg.id))

    def _lost(self) -> None:
        self._book.connection_lost()
        self._announcements.connection_lost()
        self._send(PbxLost(self._clock.now()))

    async def _watch(self, leg: str) -> None:
        """Hear of a caller's channel to its very end, also after it left our application."""
        try:
            await self._client.request(
                "POST", f"applications/{APPLICATION}/subscription", eventSource=f"channel:{leg}"
            )
        except AriError:
            log.info("leg %s went before it could be watched", leg)
            gone = self._book.get(leg)
            if gone is not None:
                self._desk.end_untold(gone)
        except CallwrightError:
            log.debug("leg %s: the connection is gone; the next one compares", leg)

    async def _sweep(self) -> None:
        """End legs whose end we were never told of: missing from the PBX in two looks."""
        missing: set[str] = set()
        while True:
            await self._clock.sleep(SWEEP_S)
            try:
                there = {c["id"] for c in await self._client.request("GET", "channels")}
            except (AriError, CallwrightError):
                missing.clear()
                continue
            gone = [leg for leg in self._book if leg.id not in there]
            for leg in gone:
                if leg.id in missing:
                    log.warning("leg %s ended unnoticed", leg.id)
                    self._desk.end(leg, "normal")
            missing = {leg.id for leg in gone}

    async def _on_leg(self, leg: str, method: str, path: str, **query: object) -> None:
        try:
            await self._client.request(method, path, **query)
        except AriError as error:
            raise leg_error(error, leg) from error

    def _send(self, event: PbxEvent) -> None:
        if self._delivery is not None:
            self._delivery.send(event)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._keep(asyncio.create_task(work))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("work for the PBX failed", exc_info=task.exception())
