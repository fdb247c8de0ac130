"""Plays WAV files to everybody in a bridge."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.errors import pbx_error
from callwright.integrations.pbx.asterisk.legs import Play
from callwright.integrations.pbx.media import unplayable
from callwright.integrations.pbx.outside_text import object_id
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import PlayResult

TARGET = "bridge:"  # what a playback's target begins with, then


class Announcements:
    """One at a time in each bridge: Asterisk would line up a second one unseen."""

    def __init__(self, client: AriClient) -> None:
        self._client = client
        self._plays: dict[str, Play] = {}  # by bridge

    async def play(self, bridge: str, path: str) -> PlayResult:
        """Play one file and wait for its end; see the port."""
        object_id("bridge", bridge)
        if bridge in self._plays:
            raise CallwrightError("wrong_state", what="bridge", state="playing")
        why = unplayable(path)
        if why:
            return PlayResult("failed", why)
        play = Play(interruptible=False, playback=str(new_id()))
        play.finished = asyncio.get_running_loop().create_future()
        self._plays[bridge] = play
        try:
            return await self._sound(bridge, play, path)
        finally:
            del self._plays[bridge]

    async def _sound(self, bridge: str, play: Play, path: str) -> PlayResult:
        assert play.finished is not None  # noqa: S101 - set by `play`
        media = f"sound:{Path(path).with_suffix('')}"  # Asterisk adds the format's name itself
        try:
            await self._client.request(
                "POST", f"bridges/{bridge}/play/{play.playback}", media=media
            )
        except AriError as error:
            if error.status in {404, 409}:  # no such bridge, or no longer ours
                return PlayResult("bridge_gone")
            raise pbx_error(error) from error
        state = await play.finished
        if play.stopped and state in ("completed", "failed"):  # its bridge may be going, too
            return PlayResult("interrupted")
        if state == "failed":  # the playing ends before its bridge does
            there = await self._is_there(bridge)
            why = f"the PBX could not play {path}"
            return PlayResult("failed", why) if there else PlayResult("bridge_gone")
        return PlayResult(state)

    async def _is_there(self, bridge: str) -> bool:
        with contextlib.suppress(AriError):
            await self._client.request("GET", f"bridges/{bridge}")
            return True
        return False

    async def stop(self, bridge: str) -> None:
        """Stop what plays in a bridge; its end is reported by an event as usual."""
        play = self._plays.get(bridge)
        if play is not None:
            play.stopped = True
            with contextlib.suppress(AriError, CallwrightError):
                await self._client.request("DELETE", f"playbacks/{play.playback}")

    def finished(self, playback: dict[str, Any]) -> None:
        """Asterisk says that a playing ended."""
        play = self._plays.get(str(playback["target_uri"]).removeprefix(TARGET))
        if play is not None and play.playback == playback["id"]:
            play.finish("failed" if playback["state"] == "failed" else "completed")

    def gone(self, bridge: str) -> None:
        """We dropped the bridge; Asterisk does not always say that its playing ended too."""
        play = self._plays.get(bridge)
        if play is not None:
            play.finish("bridge_gone")

    def connection_lost(self) -> None:
        """No event will come for what waits here."""
        for play in self._plays.values():
            play.fail(CallwrightError("pbx_unreachable"))
