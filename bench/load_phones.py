"""The phones of the load benchmark: one agent's phone that answers, one that calls."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

import numpy as np

from callwright.integrations.sipphone import Call, IncomingCall, Phone
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import tone_level
from callwright.kit.errors import CallwrightError

CALLER_HZ, AGENT_HZ = 400, 1200
ANSWER_S, AGENT_S = 20.0, 20.0
LISTEN_S = 1.0  # the end of each call in which the right tone must be there
LOUD, FAINT = 3000, 500


def tone(frequency_hz: float) -> Pcm:
    """100 ms that loop without a click."""
    turn = 2 * np.pi * frequency_hz / 8000 * np.arange(800)
    sound: Pcm = (8000 * np.sin(turn)).astype(np.int16)
    return sound


class Load:
    """Places the calls of one scenario and counts what became of them."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._tones = tone(CALLER_HZ), tone(AGENT_HZ)
        self.failures: Counter[str] = Counter()
        self.wrong_sound = 0
        self._agent_calls: dict[str, IncomingCall] = {}
        self._agent_up: dict[str, asyncio.Event] = {}

    async def run(self) -> dict[str, object]:
        """Everything; what the parent wants to know."""
        order = self._order
        server = (order["sip"][0], int(order["sip"][1]))
        sound = bool(order["sound"])
        agent = Phone(order["endpoint"], server=server, password=order["password"], sound=sound)
        async with agent, Phone("caller", server=server, sound=sound) as caller:
            await agent.register()
            answering = asyncio.create_task(self._answer(agent))
            loop = asyncio.get_running_loop()
            begin = loop.time()
            calls = []
            for number in range(order["total"]):
                due = begin + number / order["calls_per_s"]
                await asyncio.sleep(max(due - loop.time(), 0))
                calls.append(asyncio.create_task(self._place(caller, f"1390000{number:04d}")))
            await asyncio.gather(*calls)
            answering.cancel()
        return {
            "placed": len(calls),
            "failed": self.failures.total(),
            "why": dict(self.failures),
            "wrong_sound": self.wrong_sound,
            "cpu_s": round(time.process_time(), 2),
        }

    async def _place(self, phone: Phone, number: str) -> None:
        up = self._agent_up[number] = asyncio.Event()
        try:
            call = await phone.call("4008001234", from_number=number, timeout_s=ANSWER_S)
            await asyncio.wait_for(up.wait(), AGENT_S)
        except (CallwrightError, TimeoutError) as error:
            self.failures[str(error) or type(error).__name__] += 1
            return
        if self._order["sound"]:
            call.behind(self._tones[0])
        await asyncio.sleep(self._order["hold_s"])
        if call.state != "talking":
            self.failures[f"ended early by {call.ended_by}"] += 1
            return
        if self._order["sound"] and not self._sounds_right(call, self._agent_calls[number]):
            self.wrong_sound += 1
        await call.hang_up()

    async def _answer(self, phone: Phone) -> None:
        while True:
            call = await phone.wait_call(None)
            await call.answer()
            if self._order["sound"]:
                call.behind(self._tones[1])
            self._agent_calls[call.from_number] = call
            if call.from_number in self._agent_up:
                self._agent_up[call.from_number].set()

    def _sounds_right(self, caller: Call, agent: Call) -> bool:
        return _only(caller.heard(), AGENT_HZ, CALLER_HZ) and _only(
            agent.heard(), CALLER_HZ, AGENT_HZ
        )


def _only(heard: Pcm, wanted_hz: float, other_hz: float) -> bool:
    end = heard[-round(8000 * LISTEN_S) :]
    return tone_level(end, wanted_hz) > LOUD and tone_level(end, other_hz) < FAINT


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Load(json.loads(sys.argv[1])).run())))
