"""Sound files as people upload them, made on the spot."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np

RATE = 44_100
CODECS = {"wav": "pcm_s16le", "mp3": "mp3", "mp4": "aac", "ogg": "libopus", "flac": "flac"}


def recording(
    form: str = "wav", seconds: float = 1.0, *, volume: float = 0.3, rate: int = RATE
) -> bytes:
    """A tone of 440 Hz in stereo."""
    rate = 48_000 if form == "ogg" else rate
    time = np.arange(round(seconds * rate)) / rate
    tone = (volume * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    held = io.BytesIO()
    with av.open(held, "w", format=form) as container:
        stream = container.add_stream(CODECS[form], rate=rate)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.stack([tone, tone]), format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        fifo = av.AudioFifo()
        fifo.write(frame)
        size = getattr(stream.codec_context, "frame_size", 0) or 1024
        while (part := fifo.read(size, partial=True)) is not None:
            for packet in stream.encode(part):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return held.getvalue()
