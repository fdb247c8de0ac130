"""Plays WAV files to one leg and gathers what it types."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.errors import leg_error
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook, Play
from callwright.integrations.pbx.asterisk.silence import SilenceKeeper
from callwright.integrations.pbx.digits import KeyPresses, Wanted, gather
from callwright.integrations.pbx.media import unplayable
from callwright.kit.clock import Clock
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import Digits, PlayResult, PlayState


class Prompts:
    """Asterisk plays a list in one go, but then hides that one of its files was missing: so one
    file is played at a time."""

    def __init__(
        self, client: AriClient, book: LegBook, clock: Clock, silence: SilenceKeeper
    ) -> None:
        self._client, self._book, self._clock = client, book, clock
        self._silence = silence

    async def play(
        self,
        leg_id: str,
        media: Sequence[str],
        *,
        interruptible: bool = False,
        over_music: bool = False,
    ) -> PlayResult:
        """Play the files in turn; see the port. `over_music` = as long as the leg is on hold."""
        leg = self._book.get(leg_id)
        if leg is None:
            return PlayResult("leg_gone")
        play = Play(interruptible, over_music)
        leg.plays.append(play)
        try:
            return await self._in_turn(leg, play, media)
        finally:
            leg.plays.remove(play)
            await self._silence.idle(leg)

    async def stop_all(self, leg_id: str) -> None:
        """Stop whatever plays on the leg."""
        leg = self._book.get(leg_id)
        for play in list(leg.plays) if leg is not None else ():
            await self.stop(play)

    async def stop(self, play: Play) -> None:
        """Stop one playing; its end is reported by an event as usual."""
        play.stopped = True
        if play.playback:
            with contextlib.suppress(AriError, CallwrightError):
                await self._client.request("DELETE", f"playbacks/{play.playback}")

    async def collect(
        self, leg_id: str, media: Sequence[str], wanted: Wanted, *, secure: bool
    ) -> Digits:
        """Play a prompt that typing stops and gather the digits; see the port."""
        leg = self._book.get(leg_id)
        if leg is None:
            return Digits("", "leg_gone")
        presses = KeyPresses(secure)
        leg.takers.append(presses)
        try:
            prompt = self.play(leg_id, media, interruptible=True) if media else None
            return await gather(self._clock, presses, prompt, wanted)
        finally:
            leg.takers.remove(presses)

    async def _in_turn(self, leg: Leg, play: Play, media: Sequence[str]) -> PlayResult:
        for path in media:
            play.stopped = play.stopped or (play.over_music and not leg.on_hold)
            if play.stopped:
                break
            why = unplayable(path)
            if why:
                return PlayResult("failed", why)
            state = await self._one(leg, play, path)
            if state == "failed":
                return PlayResult("failed", f"the PBX could not play {path}")
            if state != "completed":
                return PlayResult(state)
        return PlayResult("interrupted" if play.stopped else "completed")

    async def _one(self, leg: Leg, play: Play, path: str) -> PlayState:
        play.playback = str(new_id())
        play.finished = asyncio.get_running_loop().create_future()
        sound = str(Path(path).with_suffix(""))  # Asterisk adds the format's name itself
        path = f"channels/{leg.id}/play/{play.playback}"
        try:
            await asyncio.gather(
                self._silence.end(leg), self._client.request("POST", path, media=f"sound:{sound}")
            )
        except AriError as error:
            if leg_error(error, leg.id).code == "leg_gone":
                return "leg_gone"
            raise leg_error(error, leg.id) from error
        return await play.finished
