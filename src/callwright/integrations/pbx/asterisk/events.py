"""Turns Asterisk's events into the platform's, and wakes commands that wait for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from callwright.integrations.pbx.asterisk import channels
from callwright.integrations.pbx.asterisk.announcements import TARGET, Announcements
from callwright.integrations.pbx.asterisk.causes import end_cause, own_end_cause
from callwright.integrations.pbx.asterisk.client import Event
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook, Play
from callwright.integrations.pbx.asterisk.wavfiles import all_final, salvage
from callwright.integrations.pbx.checks import is_phone
from callwright.kit.clock import Clock
from callwright.ports.telephony import (
    DigitPressed,
    EndCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegRinging,
    PbxEvent,
    PhoneChanged,
    PlayState,
)

log = logging.getLogger(__name__)

GRACE_S = 1.0  # how long a channel may take from leaving our application to its end


class EventDesk:
    """Handles one event at a time, in the order of arrival; never waits."""

    def __init__(
        self,
        clock: Clock,
        book: LegBook,
        *,
        send: Callable[[PbxEvent], None],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        watch: Callable[[str], Coroutine[Any, Any, None]],
        stop_prompt: Callable[[Play], Coroutine[Any, Any, None]],
        announcements: Announcements,
    ) -> None:
        self._clock, self._book, self._send, self._spawn = clock, book, send, spawn
        self._watch, self._stop_prompt = watch, stop_prompt
        self._announcements = announcements
        self.phones_online: set[str] = set()
        self._handlers: dict[str, Callable[[Event], None]] = {
            "StasisStart": self._started,
            "StasisEnd": self._left,
            "ChannelDestroyed": self._destroyed,
            "ChannelHangupRequest": self._hanging_up,
            "ChannelStateChange": self._changed,
            "ChannelDtmfReceived": self._pressed,
            "ChannelEnteredBridge": self._entered,
            "ChannelLeftBridge": self._parted,
            "PlaybackFinished": self._played,
            "EndpointStateChange": self._phone,
            "ApplicationReplaced": self._replaced,
        }

    def take(self, event: Event) -> None:
        """Handle one event; kinds that we have no use for are passed over."""
        handler = self._handlers.get(event["type"])
        if handler is not None:
            handler(event)

    def end(
        self, leg: Leg, cause: EndCause, sip_code: int | None = None, *, pbx_died: bool = False
    ) -> None:
        """Report a leg's end, once, and only when its recordings are complete on disk."""
        if self._book.remove(leg.id) is None:
            return
        if leg.ended_by_us is not None:
            cause, sip_code = own_end_cause(leg.ended_by_us, answered=leg.state == "up"), None
        ended = LegEnded(leg.id, self._clock.now(), cause, sip_code)
        if pbx_died:
            _salvage(leg)
        if leg.recordings:
            self._spawn(self._end_when_written(leg, ended))
        else:
            self._send(ended)

    async def _end_when_written(self, leg: Leg, ended: LegEnded) -> None:
        for files in leg.recordings:
            if not await all_final(self._clock, files):
                log.error("recording %s was not completed by the PBX", files.name)
        self._send(ended)

    def _started(self, event: Event) -> None:
        channel, args = event["channel"], event["args"]
        self._book.started(channel["id"])
        role = channels.role_of(channel, args)
        if role in {"in", "agent"} and self._book.get(channel["id"]) is None:
            self._arrived(channel, role, args)

    def _arrived(self, channel: dict[str, Any], role: channels.Role, args: list[str]) -> None:
        leg = channels.leg_of(channel, role, args)
        leg.music = leg.tone = leg.silence = False
        self._book.add(leg)
        self._spawn(self._watch(leg.id))
        caller = channel["caller"]
        self._send(
            LegArrived(
                leg.id,
                self._clock.now(),
                caller["number"],
                caller["name"],
                leg.to_number,
                channels.trunk_of(channel) if role == "in" else "",
                leg.endpoint,
            )
        )

    def _hanging_up(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is not None:
            leg.hanging_up = True

    def _left(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is not None:
            self._spawn(self._end_if_no_more_comes(leg))

    async def _end_if_no_more_comes(self, leg: Leg) -> None:
        """A caller who goes within a moment of arriving may be gone before we watch him."""
        await self._clock.sleep(GRACE_S)
        self.end_untold(leg)

    def end_untold(self, leg: Leg) -> None:
        """Report the end of a caller's leg of which no event will tell."""
        self.end(leg, "normal" if leg.state == "up" else "cancelled")

    def _destroyed(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is None:
            self._book.fail_start(event["channel"]["id"])
            return
        cause = end_cause(
            channels.q850(event),
            answered=leg.state == "up",
            rang=leg.rang,
            incoming=leg.incoming,
        )
        self.end(leg, cause, None if leg.state == "up" else channels.sip_code(event))

    def _changed(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is None:
            return
        before, leg.state = leg.state, channels.state_of(event["channel"])
        if leg.incoming or before == leg.state:
            return
        if leg.state == "ringing":
            leg.rang = True
            self._send(LegRinging(leg.id, self._clock.now()))
        elif leg.state == "up":
            self._send(LegAnswered(leg.id, self._clock.now()))

    def _pressed(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is None:
            return
        for play in leg.plays:
            if play.interruptible:
                self._spawn(self._stop_prompt(play))
        for taker in leg.takers:
            taker.queue.put_nowait(event["digit"])
        if not leg.secure:
            self._send(DigitPressed(leg.id, self._clock.now(), event["digit"]))

    def _entered(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is not None:
            leg.bridge = event["bridge"]["id"]

    def _parted(self, event: Event) -> None:
        leg = self._book.get(event["channel"]["id"])
        if leg is not None and leg.bridge == event["bridge"]["id"]:
            leg.bridge = None

    def _played(self, event: Event) -> None:
        playback = event["playback"]
        if str(playback["target_uri"]).startswith(TARGET):
            self._announcements.finished(playback)
            return
        leg = self._book.get(str(playback["target_uri"]).removeprefix("channel:"))
        for play in leg.plays if leg is not None else ():
            if play.playback == playback["id"]:
                play.finish(_play_state(playback, leg))

    def _phone(self, event: Event) -> None:
        resource, online = event["endpoint"]["resource"], event["endpoint"]["state"] == "online"
        if not is_phone(resource) or online == (resource in self.phones_online):
            return
        (self.phones_online.add if online else self.phones_online.discard)(resource)
        self._send(PhoneChanged(resource, self._clock.now(), online))

    def _replaced(self, event: Event) -> None:
        log.error("another program took over the application %s", event.get("application"))


def _salvage(leg: Leg) -> None:
    for files in leg.recordings:
        for path in (files.customer, files.heard):
            try:
                salvage(path)
            except OSError as error:
                log.error("the recording %s is lost: %s", path.name, error)


def _play_state(playback: dict[str, Any], leg: Leg | None) -> PlayState:
    if playback["state"] != "failed":
        return "completed"
    return "leg_gone" if leg is None or leg.hanging_up else "failed"
