"""Keeps a recording's time line true while its leg hears nothing."""

from __future__ import annotations

import contextlib

from callwright.integrations.pbx.asterisk.client import AriClient, AriError
from callwright.integrations.pbx.asterisk.legs import Leg
from callwright.kit.errors import CallwrightError


class SilenceKeeper:
    """MixMonitor's clock is the sound itself: with no frame in either direction (a caller who
    types sends none) it stands still, and everything after would be found too early. So a
    recorded leg that hears nothing else is sent silence."""

    def __init__(self, client: AriClient) -> None:
        self._client = client

    async def idle(self, leg: Leg) -> None:
        """Send silence if the leg is recorded and hears nothing now."""
        if leg.silence or not leg.recording or leg.gone.is_set() or _hears_something(leg):
            return
        leg.silence = True
        with contextlib.suppress(AriError, CallwrightError):
            await self._client.request("POST", f"channels/{leg.id}/silence")

    async def end(self, leg: Leg) -> None:
        """Stop it: sound would not get past it."""
        if leg.silence:
            leg.silence = False
            with contextlib.suppress(AriError):
                await self._client.request("DELETE", f"channels/{leg.id}/silence")


def _hears_something(leg: Leg) -> bool:
    return leg.music or leg.tone or bool(leg.plays) or leg.bridge is not None
