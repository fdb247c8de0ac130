"""Plays a script: presses keys, lets agents answer, speaks turn by turn, hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from uuid import uuid4

from callwright.cli._call.platform import Document, Platform
from callwright.cli._call.script import PROMPT, KeyPress, Script, Speaker
from callwright.cli._call.seat import Seat
from callwright.cli._call.sound import Line
from callwright.integrations.sipphone import Call, IncomingCall, OutgoingCall, Phone
from callwright.kit.errors import CallwrightError

ANSWER_S = 30.0  # for the platform to answer
PROMPT_SILENT_S, PROMPT_AT_MOST_S = 0.8, 12.0
PATIENCE_S = 120.0  # for an agent to answer
CONNECT_S = 5.0  # from an agent's answer to the platform saying that they talk
LAST_WORDS_S = 0.5  # between the last word and hanging up
FAR_END_S = 5.0  # for the other side to learn of the end
POLL_S = 0.1
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn that went out, in seconds of its speaker's own sound."""

    line: Line
    start_s: float
    end_s: float


@dataclass(slots=True)
class Course:
    """What happened, as both phones saw it."""

    script: Script
    started_at: datetime
    caller: OutgoingCall | None = None
    agent: IncomingCall | None = None
    agent_login: str | None = None
    contact_id: str | None = None
    page: Document | None = None
    spoken: list[Spoken] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether an agent's phone of ours, or somebody else signed in, took the call."""
        events = (self.page or {}).get("events", [])
        return self.agent is not None or any(event["name"] == "call.connected" for event in events)


class Player:
    """One run of one script. `caller_only` = somebody else answers."""

    def __init__(
        self, script: Script, lines: Sequence[Line], platform: Platform, tell: Tell
    ) -> None:
        self.course = Course(script, platform.now())
        self._script, self._lines = script, lines
        self._platform, self._tell = platform, tell

    async def play(self, phone: Phone, seats: list[Seat], *, caller_only: bool) -> None:
        """The whole call; afterwards `course` holds what happened."""
        script, course = self._script, self.course
        answering = [asyncio.create_task(self._answer(seat)) for seat in seats]
        relay = asyncio.create_task(_ready_in_turn(seats))
        try:
            headers = (("X-Callwright-Trace", str(uuid4())),)
            caller = await phone.start_call(
                script.to,
                from_number=script.caller.number,
                from_name=script.caller.name,
                headers=headers,
            )
            course.caller = caller
            self._tell(f"{script.caller.number} dials {script.to}")
            await caller.wait_answer(ANSWER_S)
            self._tell("the platform answers")
            course.contact_id = await self._find_contact()
            await self._go_through(caller, answering, caller_only)
        except CallwrightError as error:
            course.problems.append(str(error))
        finally:
            relay.cancel()
            for task in answering:
                task.cancel()
            await asyncio.gather(relay, *answering, return_exceptions=True)
            await self._end_all()

    async def _go_through(
        self, caller: OutgoingCall, answering: list[asyncio.Task[None]], caller_only: bool
    ) -> None:
        for key in self._script.digits:
            await self._press(caller, key)
        if self._script.hang_up_in_queue_after_s is not None:
            await _sleep_unless_ended(caller, self._script.hang_up_in_queue_after_s)
            self._tell("the caller gives up")
            await caller.hang_up()
        elif caller_only:
            await self._wait_talking(PATIENCE_S)
            if caller.state == "talking":
                await self._speak_alone(caller)
        else:
            await self._wait_agent(caller, answering)
            if self.course.agent is not None:
                await self._wait_talking(CONNECT_S)
                await self._converse(caller, self.course.agent)

    async def _press(self, caller: Call, key: KeyPress) -> None:
        if key.after == PROMPT:
            missing = f"no pause in the prompt within {PROMPT_AT_MOST_S:.0f} s"
            await self._wait_pause(caller, missing)
        else:
            await _sleep_unless_ended(caller, float(key.after))
        await caller.press(key.press)
        self._tell(f"the caller presses {key.press}")

    async def _answer(self, seat: Seat) -> None:
        call = await seat.take_call()
        if self.course.agent is None:
            self.course.agent, self.course.agent_login = call, seat.login
            self._tell(f"{seat.login} answers")

    async def _wait_agent(self, caller: Call, answering: list[asyncio.Task[None]]) -> None:
        ended = asyncio.ensure_future(caller.ended.wait())
        try:
            await asyncio.wait(
                {ended, *answering}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ended.cancel()
        if self.course.agent is None and self._script.is_answered and caller.state != "ended":
            self.course.problems.append(f"no agent answered within {PATIENCE_S:.0f} s")

    async def _converse(self, caller: Call, agent: Call) -> None:
        """Both sides, strictly one after the other."""
        sides: dict[Speaker, Call] = {"customer": caller, "agent": agent}
        for line in self._lines:
            await self._platform.sleep(line.gap_s)
            await self._say(sides[line.speaker], line)
        await self._platform.sleep(LAST_WORDS_S)
        who = self._script.hang_up
        self._tell(f"the {who} hangs up")
        await sides[who].hang_up()
        other = agent if who == "customer" else caller
        await self._expect_end(other)

    async def _speak_alone(self, caller: Call) -> None:
        """The customer's turns, each after the other side's pause."""
        for line in self._lines:
            if line.speaker != "customer":
                continue
            await self._wait_pause(caller, "the agent says nothing")
            await self._say(caller, line)
        if self._script.hang_up == "agent":
            await _sleep_unless_ended(caller, PATIENCE_S)
        else:
            await self._platform.sleep(LAST_WORDS_S)
        await caller.hang_up()

    async def _wait_pause(self, caller: Call, missing: str) -> None:
        """Until the other side has spoken; `missing` is told when it does not."""
        since = caller.sound.seconds()
        try:
            async with asyncio.timeout(PROMPT_AT_MOST_S):
                await caller.sound.wait_pause(PROMPT_SILENT_S, since_s=since)
        except TimeoutError:
            self._tell(missing)

    async def _say(self, side: Call, line: Line) -> None:
        said = await side.say(line.pcm)
        self.course.spoken.append(Spoken(line, said.start_s, said.end_s))
        self._tell(f"{line.speaker}: {line.text or '(from a file)'}")

    async def _expect_end(self, other: Call) -> None:
        try:
            async with asyncio.timeout(FAR_END_S):
                await other.ended.wait()
        except TimeoutError:
            self.course.problems.append("the other side was not hung up")

    async def _find_contact(self) -> str:
        number = self._script.caller.number
        for _ in range(round(CONNECT_S / POLL_S)):
            found = await self._platform.find_contact(number, self.course.started_at)
            if found is not None:
                return found
            await self._platform.sleep(POLL_S)
        raise CallwrightError("not_found", what="contact", from_number=number)

    async def _wait_talking(self, timeout_s: float) -> None:
        """Until the platform says that caller and agent talk."""
        if self.course.contact_id is None:
            return
        for _ in range(round(timeout_s / POLL_S)):
            page = await self._platform.contact(self.course.contact_id)
            if page["state"] in ("talking", "ended"):
                return
            await self._platform.sleep(POLL_S)
        self.course.problems.append(f"the two were not connected within {timeout_s:.0f} s")

    async def _end_all(self) -> None:
        for call in (self.course.caller, self.course.agent):
            if call is not None and call.state != "ended":
                await call.hang_up()


async def _ready_in_turn(seats: list[Seat]) -> None:
    """The next agent becomes ready when the one before has been rung."""
    for before, seat in pairwise(seats):
        await before.rang.wait()
        await seat.go_ready()


async def _sleep_unless_ended(call: Call, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await call.ended.wait()
    except TimeoutError:
        return
