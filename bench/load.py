"""Load on the real PBX through our telephony adapter: calls per second, calls at once.

Phones run in a process of their own; this one answers callers, rings an agent's phone, connects
the two and records, as the platform does, but decides nothing. `python -m bench load`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from tests.pbx_server import free_base, temporary_home

from bench.table import percentile, write_table
from callwright.integrations.pbx.asterisk import AsteriskConnection, AsteriskTelephony
from callwright.integrations.pbx.supervisor import PbxServer
from callwright.kit.clock import SystemClock
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.kit.settings import Ports, Settings
from callwright.ports.telephony import LegAnswered, LegArrived, LegEnded, PbxBack, PbxEvent

ENDPOINT, PASSWORD = "loadagent", "load-agent-password"
TREE = Path(".callwright/pbx/tree")
RESULT_S = 120.0  # for the phones to end after their last call
NO_SOUND = "–"
WIDE_RTP = (40_000, 43_999)  # 200 calls have 400 legs with two ports each


@dataclass(frozen=True, slots=True)
class Scenario:
    """How many calls, how fast, how long, with what."""

    name: str
    calls_per_s: float
    total: int
    hold_s: float
    sound: bool
    record: bool


SCENARIOS = (
    Scenario("20 calls/s, 200 at once, signalling only", 20, 600, 10, False, False),
    Scenario("40 at once, RTP both ways, recorded", 4, 120, 10, True, True),
)
QUICK = (
    Scenario("10 calls/s, 20 at once, signalling only", 10, 40, 2, False, False),
    Scenario("10 at once, RTP both ways, recorded", 5, 20, 2, True, True),
)


@dataclass(slots=True)
class Figures:
    """What was measured. Milliseconds as the adapter's user sees them."""

    arrived: int = 0
    connected: int = 0
    at_once: int = 0
    answer_ms: list[float] = field(default_factory=list)  # arrival → answered
    bridge_ms: list[float] = field(default_factory=list)  # agent answered → both connected
    faults: list[str] = field(default_factory=list)


class Switchboard:
    """Answers, rings, connects, records: one task for each call."""

    def __init__(self, telephony: AsteriskTelephony, *, record: bool) -> None:
        self.figures = Figures()
        self.connected_to_pbx = asyncio.Event()
        self._telephony, self._record = telephony, record
        self._answered: dict[str, asyncio.Future[float]] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._now = 0

    async def sink(self, event: PbxEvent) -> None:
        """News of the PBX; never waits."""
        if isinstance(event, LegArrived):
            task = asyncio.create_task(self._call(event.leg, event.from_number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(event, LegAnswered) and event.leg in self._answered:
            self._answered[event.leg].set_result(time.perf_counter())
        elif isinstance(event, LegEnded) and event.leg in self._ended:
            self._ended[event.leg].set()
        elif isinstance(event, PbxBack):
            self.connected_to_pbx.set()

    async def _call(self, leg: str, number: str) -> None:
        agent, bridge = str(new_id()), str(new_id())
        self._ended[leg] = asyncio.Event()
        self.figures.arrived += 1
        self._now += 1
        self.figures.at_once = max(self.figures.at_once, self._now)
        try:
            await self._connect(leg, agent, bridge, number)
            await self._ended[leg].wait()
            await self._telephony.hang_up(agent)
            await self._telephony.drop_bridge(bridge)
        except (CallwrightError, TimeoutError) as error:
            self.figures.faults.append(str(error) or type(error).__name__)
        finally:
            self._now -= 1
            self._ended.pop(leg, None)
            self._answered.pop(agent, None)

    async def _connect(self, leg: str, agent: str, bridge: str, number: str) -> None:
        began = time.perf_counter()
        await self._telephony.answer(leg)
        self.figures.answer_ms.append(1000 * (time.perf_counter() - began))
        self._answered[agent] = asyncio.get_running_loop().create_future()
        await self._telephony.ring(
            agent,
            ENDPOINT,
            caller_number=number,
            caller_name="",
            headers={},
            timeout_s=20,
            beside=leg,
        )
        answered = await asyncio.wait_for(self._answered[agent], 20)
        await self._telephony.connect(bridge, [leg, agent])
        self.figures.bridge_ms.append(1000 * (time.perf_counter() - answered))
        self.figures.connected += 1
        if self._record:
            await self._telephony.record_start(leg, str(new_id()))


async def run_scenario(scenario: Scenario, tree: Path) -> dict[str, object]:
    """One scenario on a PBX of its own; a row of the table."""
    with temporary_home(tree) as home:
        changes = {"home": home, "ports": Ports(base=free_base(), media=WIDE_RTP)}
        server = PbxServer(Settings().model_copy(update=changes))
        running = await asyncio.to_thread(server.ensure)
        connection = AsteriskConnection(
            ari_url=running.ari_url,
            ari_user=running.ari_user,
            ari_password=running.ari_password,
            ami_host="127.0.0.1",
            ami_port=running.ami_port,
            ami_user=running.ami_user,
            ami_password=running.ami_password,
            sip_host=running.sip_host,
            sip_port=running.sip_port,
            spool=server.paths.spool,
        )
        telephony = AsteriskTelephony(connection, SystemClock())
        board = Switchboard(telephony, record=scenario.record)
        try:
            await telephony.start(board.sink)
            await board.connected_to_pbx.wait()
            await telephony.provision_phone(ENDPOINT, PASSWORD, webrtc=False)
            meter = Meter(running.pid)
            phones = await _phones(scenario, (running.sip_host, running.sip_port))
            return row(scenario, board.figures, phones, meter.read())
        finally:
            await telephony.close()
            await asyncio.to_thread(server.stop)


class Meter:
    """Processor time and memory of the PBX and of this process."""

    def __init__(self, pbx_pid: int) -> None:
        self._pbx, self._own = psutil.Process(pbx_pid), psutil.Process()
        self._start = time.monotonic()
        self._cpu = [_cpu_s(self._pbx), _cpu_s(self._own)]

    def read(self) -> dict[str, object]:
        """Percent of one core since the start, and resident memory now."""
        seconds = time.monotonic() - self._start
        pbx, own = (
            100 * (_cpu_s(process) - before) / seconds
            for process, before in zip((self._pbx, self._own), self._cpu, strict=True)
        )
        return {
            "PBX CPU": f"{pbx:.0f} %",
            "adapter CPU": f"{own:.0f} %",
            "PBX memory": f"{self._pbx.memory_info().rss / 2**20:.0f} MiB",
        }


def row(
    scenario: Scenario, figures: Figures, phones: dict[str, object], load: dict[str, object]
) -> dict[str, object]:
    """The scenario's line in the table."""
    return {
        "load": scenario.name,
        "calls": phones["placed"],
        "failed": phones["failed"],
        "wrong sound": phones["wrong_sound"] if scenario.sound else NO_SOUND,
        "at once": figures.at_once,
        "answer p50/p95 ms": _pair(figures.answer_ms),
        "agent up → bridged p50/p95 ms": _pair(figures.bridge_ms),
        **load,
        "machine load": f"{os.getloadavg()[0]:.1f}",
        "faults": "; ".join(sorted(set(figures.faults))[:3]) or "none",
    }


def _pair(values: list[float]) -> str:
    return f"{percentile(values, 50):.1f} / {percentile(values, 95):.1f}"


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _phones(scenario: Scenario, sip: tuple[str, int]) -> dict[str, object]:
    """Run the phones in another process; what they report."""
    order = {**asdict(scenario), "sip": sip, "endpoint": ENDPOINT, "password": PASSWORD}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load_phones", json.dumps(order), stdout=asyncio.subprocess.PIPE
    )
    limit = scenario.total / scenario.calls_per_s + scenario.hold_s + RESULT_S
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), limit)
    except TimeoutError:
        process.kill()
        raise
    found: dict[str, object] = json.loads(printed)
    return found


def main(arguments: list[str]) -> int:
    """All scenarios; `--quick` = small ones. 1 when a call failed."""
    chosen = QUICK if "--quick" in arguments else SCENARIOS
    tree = TREE.absolute()
    rows = [asyncio.run(run_scenario(scenario, tree)) for scenario in chosen]
    write_table("load", "Load on the real PBX through the telephony adapter", rows)
    return (
        0
        if all(found["failed"] == 0 and found["wrong sound"] in (0, NO_SOUND) for found in rows)
        else 1
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
