"""/sip: the phone in an agent's browser, proxied to the PBX's WebSocket on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from urllib.parse import urlsplit

import aiohttp
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from callwright.accounts.guard import identify, require
from callwright.agents import service as agents
from callwright.agents.model import Phone
from callwright.kit.errors import CallwrightError
from callwright.ports.house import House
from callwright.web.sip_frames import FrameGate

log = logging.getLogger(__name__)
router = APIRouter()

PROTOCOL = "sip"
MAX_FRAME = 64 * 1024  # bytes; a session description is a tenth of that
NOT_SIGNED_IN, NOT_ALLOWED, TRY_AGAIN, WRONG_PROTOCOL = 4401, 4403, 1013, 1002


@router.websocket("/sip")
async def sip(socket: WebSocket) -> None:
    """SIP as text frames, both ways, until either end goes; then the other goes too."""
    if PROTOCOL not in socket.scope["subprotocols"]:
        await socket.close(WRONG_PROTOCOL)
        return
    await socket.accept(PROTOCOL)
    try:
        gate = FrameGate((await _phone_of(socket)).endpoint)
        await _connect(socket, gate)
    except WebSocketDisconnect:
        log.debug("the browser went while it was being told something")
    except CallwrightError as error:
        log.info("phone socket refused: %s", error)
        code = NOT_SIGNED_IN if error.code == "not_signed_in" else NOT_ALLOWED
        await _close(socket, code, error.code)
    except (aiohttp.ClientError, OSError) as error:
        log.warning("phone socket: the PBX cannot be reached: %s", error)
        await _close(socket, TRY_AGAIN, "pbx_unreachable")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it may be gone already
        await socket.close(code, reason)


async def _phone_of(socket: WebSocket) -> Phone:
    """The browser phone of the person behind the socket, which must come from our own pages."""
    origin = socket.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != socket.headers.get("host"):
        raise CallwrightError("not_allowed", why="another origin")
    user = await identify(socket)
    require(user, "agents.own_state")
    house: House = socket.app.state.house
    try:
        async with house.db.reading() as tx:
            return await agents.phone_of(tx, user.login, "browser")
    except CallwrightError as error:
        raise CallwrightError("not_allowed", why="no agent") from error


async def _connect(socket: WebSocket, gate: FrameGate) -> None:
    """Pass frames on until one end goes, or the browser says what it must not."""
    url = socket.app.state.house.telephony.phone_socket
    if url is None:
        raise CallwrightError("not_allowed", why="this PBX has no browser phones")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=(PROTOCOL,), max_msg_size=MAX_FRAME) as pbx,
    ):
        works = (_up(socket, pbx, gate), _down(socket, pbx))
        tasks = [asyncio.create_task(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()


async def _up(socket: WebSocket, pbx: aiohttp.ClientWebSocketResponse, gate: FrameGate) -> None:
    """From the browser to the PBX. Who registers again is asked again who they are."""
    while (message := await socket.receive())["type"] != "websocket.disconnect":
        frame = message.get("text")
        if frame is None or len(frame) > MAX_FRAME:
            raise CallwrightError("not_allowed", why="no text, or too long")
        if gate.check(frame) == "REGISTER" and (await _phone_of(socket)).endpoint != gate.endpoint:
            raise CallwrightError("not_signed_in")
        await pbx.send_str(frame)


async def _down(socket: WebSocket, pbx: aiohttp.ClientWebSocketResponse) -> None:
    """From the PBX to the browser; the PBX's end of the line ends the browser's."""
    async for message in pbx:
        if message.type is aiohttp.WSMsgType.TEXT:
            await socket.send_text(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await socket.send_text(message.data.decode())
    raise aiohttp.ClientConnectionError("the PBX closed the line")
