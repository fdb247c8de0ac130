"""Records legs with MixMonitor, which only the manager interface can steer."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
from datetime import datetime

from callwright.integrations.pbx.asterisk.ami import AmiClient, AmiRefusalError
from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.connection import AsteriskConnection
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook
from callwright.integrations.pbx.asterisk.silence import SilenceKeeper
from callwright.integrations.pbx.asterisk.wavfiles import all_final
from callwright.integrations.pbx.outside_text import object_id
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError, invalid
from callwright.ports.telephony import RecordingFiles

# MixMonitor cuts its arguments at these; an outside string in them could even run commands
_NOTE = "CALLWRIGHT_RECORDING"  # channel variable: name and start
_RISKY = re.compile(r"[^\w/ .@:+-]")


class Recorder:
    """`r` = what came from the leg, `t` = what was sent to it. Without option `n`, else the two
    drift apart; without `D`, which halves the speed of wide-band sound."""

    def __init__(
        self,
        connection: AsteriskConnection,
        *,
        client: AriClient,
        ami: AmiClient,
        book: LegBook,
        clock: Clock,
        silence: SilenceKeeper,
    ) -> None:
        self._client, self._ami, self._book, self._clock = client, ami, book, clock
        self._silence = silence
        self._folder = connection.spool.absolute()
        if _RISKY.search(str(self._folder)):
            raise invalid("spool", "its path may hold letters, digits, blanks and /.@:+-_ only")

    async def start(self, leg_id: str, name: str) -> RecordingFiles:
        """Begin; a leg has one recording at a time."""
        object_id("name", name)
        leg = self._book.need(leg_id)
        if leg.recording:
            raise CallwrightError("wrong_state", leg=leg_id, state="recording")
        files = self._files(name, self._clock.now())
        options = f"r({files.customer})t({files.heard})"
        leg.recording = True
        try:
            await self._act(leg, "MixMonitor", File="", Options=options)
        except BaseException:
            leg.recording = False
            raise
        files = dataclasses.replace(files, started_at=self._clock.now())
        leg.recordings.append(files)
        await asyncio.gather(self._remember(leg, files), self._silence.idle(leg))
        return files

    async def recall(self, leg: Leg) -> None:
        """A leg from before our start: learn from the PBX whether it is being recorded."""
        path = f"channels/{leg.id}/variable"
        try:
            note = (await self._client.request("GET", path, variable=_NOTE))["value"]
        except (AriError, CallwrightError):
            return  # there is no note
        name, _, since = str(note).partition(" ")
        if name and since:
            leg.recordings.append(self._files(name, datetime.fromisoformat(since)))
            leg.recording = True

    async def _remember(self, leg: Leg, files: RecordingFiles) -> None:
        """Note it on the channel, for a platform that starts anew while the call goes on."""
        note = f"{files.name} {files.started_at.isoformat()}"
        with contextlib.suppress(AriError):
            await self._client.request(
                "POST", f"channels/{leg.id}/variable", variable=_NOTE, value=note
            )

    def _files(self, name: str, since: datetime) -> RecordingFiles:
        customer = self._folder / f"{name}-customer.wav"
        return RecordingFiles(name, customer, self._folder / f"{name}-heard.wav", since)

    async def mute(self, leg_id: str, muted: bool) -> None:
        """Silence in both files, the time line goes on."""
        leg = self._need_recording(leg_id)
        await self._act(leg, "MixMonitorMute", Direction="both", State=str(int(muted)))

    async def stop(self, leg_id: str) -> None:
        """End; the files are final on return."""
        leg = self._book.get(leg_id)
        if leg is None or not leg.recording:
            return
        try:
            await self._act(leg, "StopMixMonitor")
        except CallwrightError as error:
            if error.code != "leg_gone":
                raise
        leg.recording = False
        await self._silence.end(leg)
        for files in leg.recordings:
            await all_final(self._clock, files)

    def _need_recording(self, leg_id: str) -> Leg:
        leg = self._book.need(leg_id)
        if not leg.recording:
            raise CallwrightError("wrong_state", leg=leg_id, state="not_recording")
        return leg

    async def _act(self, leg: Leg, action: str, **fields: str) -> None:
        try:
            await self._ami.action(action, Channel=leg.id, **fields)
        except AmiRefusalError as refusal:
            if "No such channel" in str(refusal):
                raise CallwrightError("leg_gone", leg=leg.id) from refusal
            raise CallwrightError("pbx_refused", reason=str(refusal)) from refusal
