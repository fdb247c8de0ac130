"""The demo's outside world: a trunk on loopback, and the telephone at its other end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import yaml

from callwright.cli._call.sound import Line, said_by
from callwright.integrations.pbx.trunks import FILE
from callwright.integrations.sipphone import IncomingCall, Phone
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.kit.settings import Settings

HERE = "127.0.0.1"
LISTEN_S = 6.0  # the customer goes on when the agent says nothing for so long
BREATH_S = 0.8
Tell = Callable[[str], None]


def lay_line(settings: Settings) -> None:
    """Write the demo's trunk, unless the home has lines of its own."""
    file = settings.home / FILE
    if not file.exists():
        trunk = {"name": "demo", "host": HERE, "port": settings.ports.outside}
        write_whole(file, yaml.safe_dump([trunk], sort_keys=False).encode())


async def answer_calls(settings: Settings, lines: Sequence[Line], tell: Tell) -> None:
    """Answer every call of the demo's trunk and say the customer's sentences, until cancelled."""
    server = (HERE, settings.ports.sip)
    async with Phone("customer", server=server, port=settings.ports.outside) as phone:
        tell("the customer's telephone is on; call any number from the desk (Ctrl+C ends)")
        while True:
            call = await phone.wait_call(None)
            tell(f"it rings: {call.from_number} calls")
            with contextlib.suppress(CallwrightError):  # the agent hung up
                await _talk(call, lines)
            tell("the call is over")


async def _talk(call: IncomingCall, lines: Sequence[Line]) -> None:
    await call.answer()
    for sentence in said_by(lines, "customer"):
        await _listen(call)
        if call.state != "talking":
            return
        await call.say(sentence)
    await call.ended.wait()


async def _listen(call: IncomingCall) -> None:
    """Until the agent has spoken and paused, or has kept silent, or has hung up."""
    since = call.sound.seconds()
    pause = asyncio.ensure_future(call.sound.wait_pause(BREATH_S, since_s=since))
    end = asyncio.ensure_future(call.ended.wait())
    try:
        await asyncio.wait({pause, end}, timeout=LISTEN_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        pause.cancel()
        end.cancel()
