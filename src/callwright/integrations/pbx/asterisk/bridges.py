"""Brings legs together, parts them, and lets single legs hear music."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any

from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.errors import leg_error
from callwright.integrations.pbx.asterisk.legs import Leg, LegBook
from callwright.integrations.pbx.asterisk.prompts import Prompts
from callwright.integrations.pbx.asterisk.silence import SilenceKeeper
from callwright.integrations.pbx.outside_text import object_id
from callwright.kit.errors import CallwrightError, invalid
from callwright.ports.telephony import PlayResult

# A mixer from the first leg on (no video is ever offered). A plain `mixing` bridge starts as a
# forwarder of two; when a third leg joins, Asterisk 22.10 turns it into a mixer and the first two
# hear nothing any more. A mixer also sends without pause, which keeps recordings' time line true.
_KIND = "mixing,video_sfu"


class Bridges:
    """Requests go out on one socket in order and are done in order: so what does not depend on
    an answer is sent at once."""

    def __init__(
        self, client: AriClient, book: LegBook, prompts: Prompts, silence: SilenceKeeper
    ) -> None:
        self._client, self._book = client, book
        self._prompts, self._silence = prompts, silence

    async def connect(self, bridge: str, leg_ids: Sequence[str]) -> None:
        """Make the bridge if needed and put the legs in."""
        object_id("bridge", bridge)
        if not leg_ids:
            raise invalid("legs", "must name at least one")
        legs = [self._book.need(leg) for leg in leg_ids]
        before = [(leg, leg.bridge, leg.on_hold) for leg in legs]
        for leg in legs:  # before anything is sent: what ends now must start nothing on the leg
            leg.bridge, leg.on_hold = bridge, False
        results = await asyncio.gather(
            *(part for leg in legs for part in self._parts_of_quiet(leg)),
            self._make(bridge),
            self._client.request("POST", f"bridges/{bridge}/addChannel", channel=",".join(leg_ids)),
            return_exceptions=True,
        )
        failure = next((r for r in results if isinstance(r, BaseException)), None)
        if failure is not None:
            await self._undo(before)
        if isinstance(failure, AriError):
            missing = next((leg for leg in leg_ids if self._book.get(leg) is None), leg_ids[0])
            raise leg_error(failure, missing) from failure
        if failure is not None:
            raise failure

    async def _undo(self, before: Sequence[tuple[Leg, str | None, bool]]) -> None:
        """Nobody came in: who was on hold hears music again instead of nothing."""
        for leg, bridge, on_hold in before:
            leg.bridge = bridge
            if on_hold and self._book.get(leg.id) is not None:
                with contextlib.suppress(AriError, CallwrightError):
                    await self.hold(leg.id, leg.music_class)

    async def _make(self, bridge: str) -> None:
        try:
            await self._client.request("POST", "bridges", type=_KIND, bridgeId=bridge)
        except AriError as error:
            if error.status != 409:  # it is there
                raise

    async def take_out(self, bridge: str, leg_id: str) -> None:
        """Take one leg out; not being in it is fine."""
        leg = self._book.need(leg_id)
        try:
            await self._client.request("POST", f"bridges/{bridge}/removeChannel", channel=leg_id)
        except AriError as error:
            if error.status not in {404, 409, 422}:
                raise leg_error(error, leg_id) from error
            self._book.need(leg_id)
        if leg.bridge == bridge:
            leg.bridge = None
        await self._silence.idle(leg)

    async def drop(self, bridge: str) -> None:
        """Remove the bridge; its legs stay up."""
        with contextlib.suppress(AriError):
            await self._client.request("DELETE", f"bridges/{bridge}")
        for leg in self._book:
            if leg.bridge == bridge:
                leg.bridge = None
                await self._silence.idle(leg)

    async def hold(self, leg_id: str, music: str | None) -> None:
        """Music for one leg, out of any bridge."""
        leg = self._book.need(leg_id)
        if music is not None:
            object_id("music", music)
        if leg.bridge is not None:
            await self.take_out(leg.bridge, leg_id)
        leg.music = leg.on_hold = True
        leg.music_class = music
        try:
            await asyncio.gather(
                self._silence.end(leg),
                self._end_tone(leg),
                self._client.request("POST", f"channels/{leg_id}/moh", mohClass=music),
            )
        except AriError as error:
            raise leg_error(error, leg_id) from error

    async def announce(self, leg_id: str, media: Sequence[str]) -> PlayResult:
        """Play into the music; a file ends the PBX's music, so it is begun again after it."""
        leg = self._book.get(leg_id)
        if leg is None:
            return PlayResult("leg_gone")
        if not leg.on_hold or leg.plays:
            return PlayResult("interrupted")
        try:
            return await self._prompts.play(leg_id, media, over_music=True)
        finally:
            if leg.on_hold and not leg.gone.is_set():
                with contextlib.suppress(AriError, CallwrightError):
                    await self._client.request(
                        "POST", f"channels/{leg_id}/moh", mohClass=leg.music_class
                    )

    async def ringback(self, leg_id: str) -> None:
        """A ringing tone for one leg, out of any bridge."""
        leg = self._book.need(leg_id)
        leg.on_hold = False
        if leg.bridge is not None:
            await self.take_out(leg.bridge, leg_id)
        await self._quieten(leg)
        leg.tone = True
        try:
            await self._client.request("POST", f"channels/{leg_id}/ring")
        except AriError as error:
            raise leg_error(error, leg_id) from error

    async def unhold(self, leg_id: str) -> None:
        """End the music; no music is fine."""
        leg = self._book.get(leg_id)
        if leg is not None and (leg.music or leg.tone):
            leg.on_hold = False
            for play in [play for play in leg.plays if play.over_music]:
                await self._prompts.stop(play)
            await self._end_music(leg)
            await self._end_tone(leg)
            await self._silence.idle(leg)

    async def _quieten(self, leg: Leg) -> None:
        await asyncio.gather(*self._parts_of_quiet(leg))

    def _parts_of_quiet(self, leg: Leg) -> tuple[Coroutine[Any, Any, None], ...]:
        """They do not depend on each other's answers."""
        return (
            self._end_music(leg), self._end_tone(leg), self._prompts.stop_all(leg.id),
            self._silence.end(leg),
        )  # fmt: skip

    async def _end_music(self, leg: Leg) -> None:
        if leg.music:
            leg.music = False
            with contextlib.suppress(AriError):
                await self._client.request("DELETE", f"channels/{leg.id}/moh")

    async def _end_tone(self, leg: Leg) -> None:
        if leg.tone:
            leg.tone = False
            with contextlib.suppress(AriError):
                await self._client.request("DELETE", f"channels/{leg.id}/ring")
