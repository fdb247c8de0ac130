"""What the PBX tests need of ARI and of sound: a session, provisioning, the loudest pitch."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import numpy as np
from numpy.typing import NDArray

from callwright.integrations.pbx.config import APPLICATION
from callwright.integrations.pbx.supervisor import RunningPbx

RATE_HZ = 8000


def login(user: str, password: str) -> dict[str, str]:
    """HTTP headers that log in."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def ari(running: RunningPbx) -> aiohttp.ClientSession:
    """A session that knows the password."""
    return aiohttp.ClientSession(headers=login(running.ari_user, running.ari_password))


@asynccontextmanager
async def platform(running: RunningPbx) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Be the platform's application while this lasts; the socket gives its events."""
    address = f"{running.ari_url}/events?app={APPLICATION}"
    async with ari(running) as session, session.ws_connect(address) as events:
        yield events


async def provision(
    session: aiohttp.ClientSession, running: RunningPbx, path: str, fields: dict[str, str]
) -> None:
    """Set an object of res_pjsip at run time."""
    body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
    address = f"{running.ari_url}/asterisk/config/dynamic/res_pjsip/{path}"
    async with session.put(address, json=body) as answer:
        assert answer.status == 200, await answer.text()


def tone(hertz: float, seconds: float) -> NDArray[np.int16]:
    """A sine, 8 kHz."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (8000 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def loudest_hertz(sound: NDArray[np.int16]) -> float:
    """The strongest pitch, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound.astype(np.float64)))
    return float(np.argmax(spectrum) * RATE_HZ / len(sound))
