"""Live sound of a simulated leg: its voice's tone, paced by the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

from callwright.integrations.pbx.simulator.legs import SimulatedLeg
from callwright.integrations.pbx.simulator.recording import tone
from callwright.kit.clock import Clock

RATE_HZ = 16_000
FRAME_S = 0.02
FRAME_SAMPLES = 320


class SimulatedAudioStream:
    """20 ms frames until the leg ends or `close` is called."""

    sample_rate = RATE_HZ

    def __init__(self, leg: SimulatedLeg, clock: Clock) -> None:
        self._leg, self._clock = leg, clock
        self._closed = False
        self.started_at = clock.now()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        number = 0
        while not self._closed and not self._leg.gone.is_set():
            start = number * FRAME_S
            yield tone(self._leg.voice_hz, start, FRAME_SAMPLES, RATE_HZ).tobytes()
            number += 1
            await self._clock.sleep(FRAME_S)

    async def close(self) -> None:
        """Stop the stream; the leg goes on."""
        self._closed = True
