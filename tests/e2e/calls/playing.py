"""Runs call scripts against a platform, side by side where they do not compete for agents."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.platform_process import ROOT

from callwright.cli._call.platform import Platform
from callwright.cli._call.report import CallReport
from callwright.cli._call.runner import run_script
from callwright.cli._call.script import Script, read_script
from callwright.cli._call.sound import Line

CALLS = ROOT / "demo" / "calls"
AT_ONCE = 4  # whisper-base takes 0.3 s of a core for a second of speech
AFTER_SALES, DELIVERY, SALES = "after-sales", "delivery", "sales"
TEAM_OF_KEY = {"1": DELIVERY, "4": SALES, "9": SALES}  # in the main menu


@dataclass(frozen=True)
class Play:
    """A script, and other sound for it. `name` = what the report is kept under."""

    name: str
    script: Script
    lines: Sequence[Line] | None = None


@dataclass
class Stage:
    """What limits playing at once: the machine, each agent, and whom two callers could get."""

    platform: Platform
    machine: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def play(self, play: Play) -> CallReport:
        """Wait for the script's agents, then until the team is free, then for a place."""
        async with AsyncExitStack() as held:
            for login in agents_of(play.script):
                await held.enter_async_context(self.locks[login])
            return await self._in_turn(play)

    async def _in_turn(self, play: Play) -> CallReport:
        """The teams are free for the next caller as soon as this one talks."""
        teams = [self.locks[team] for team in teams_of(play.script)]
        talking = asyncio.Event()

        def listen(said: str) -> None:
            if ": " in said:  # a turn is spoken
                talking.set()

        for team in teams:
            await team.acquire()
        async with self.machine:
            call = asyncio.create_task(
                run_script(play.script, self.platform, lines=play.lines, tell=listen)
            )
            first = asyncio.create_task(talking.wait())
            await asyncio.wait({call, first}, return_when=asyncio.FIRST_COMPLETED)
            first.cancel()
            for team in teams:
                team.release()
            return await call


def demo_script(name: str) -> Script:
    """One of the demo's scripts."""
    return read_script(CALLS / f"{name}.yaml")


def demo_names() -> list[str]:
    """All twelve."""
    return sorted(path.stem for path in CALLS.glob("*.yaml"))


def agents_of(script: Script) -> list[str]:
    """Everybody whom a script needs, always in the same order."""
    second = [script.second_agent.login] if script.second_agent else []
    return sorted([*([script.agent] if script.agent else []), *second, *script.on_break])


def teams_of(script: Script) -> list[str]:
    """The agents who could be offered the call instead of the script's own.

    After-sales and delivery share one, who is no better than those who let it ring.
    """
    key = script.digits[0].press
    if script.second_agent is not None:
        return [AFTER_SALES, DELIVERY]
    return [TEAM_OF_KEY.get(key, AFTER_SALES)]


async def play_all(platform: Platform, plays: Sequence[Play]) -> Mapping[str, CallReport]:
    """Every play's report by its name."""
    stage = Stage(platform)
    reports = await asyncio.gather(*(stage.play(play) for play in plays))
    return {play.name: report for play, report in zip(plays, reports, strict=True)}


def wav_of(script: Script, speaker: str) -> Path:
    """The sound file of one side."""
    return next(script.folder / turn.file for turn in script.turns if turn.speaker == speaker)
