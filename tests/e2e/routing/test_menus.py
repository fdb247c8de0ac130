"""The menu on the real PBX with SIP phones: what callers hear, and what nobody hears."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg import sql
from tests.e2e.calls.floor import (
    QUIET,
    RATE,
    Caller,
    Floor,
    bodies,
    floor_of,
    they_talk,
    trying,
    until,
)
from tests.e2e.calls.watching import watched
from tests.platform_process import ROOT, PlatformProcess

from callwright.cli._call.platform import Document
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import correlation, correlation_of_all, tone_level
from callwright.integrations.sipphone.wav import read_wav
from callwright.kit.crypto import decrypt, master_key
from callwright.recordings.model import AGENT, CUSTOMER, from_wav
from callwright.recordings.service import original_file

pytestmark = pytest.mark.timeout(300)
PROMPTS = ROOT / "demo" / "prompts"
HEARD = 0.5
BUYER, ORDER = "13761408259", "47001"  # the demo's customer, and the number of the latest order
CARD = "4929317268045141"
KEYS_HZ = (697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0)
HUM_HZ, AGENT_HZ = 500.0, 1900.0  # far from every key's tones


def prompt(name: str, language: str = "zh") -> Pcm:
    """The sound of an announcement."""
    return read_wav(PROMPTS / f"{name}.{language}.wav")


async def hear(caller: Caller, name: str) -> None:
    """Return when an announcement was heard to its end."""
    sound = prompt(name)

    def there() -> bool:
        heard = caller.call.heard()
        return len(heard) > len(sound) and correlation(sound, heard).correlation >= HEARD

    await until(f"{caller.number} to hear {name}", there)


async def dial(floor: Floor, number: str, hertz: float = 0.0) -> Caller:
    """A caller in the menu."""
    caller = await floor.dial(number, hertz)
    await floor.find(caller)
    await happened(floor, caller, "menu.entered")
    return caller


async def happened(floor: Floor, caller: Caller, name: str, times: int = 1) -> Document:
    """The page once something happened so many times."""
    async for _ in trying(f"{name} of {caller.number}, {times} times"):
        page = await floor.page(caller)
        if len(bodies(page, name)) >= times:
            return page
    raise AssertionError


@asynccontextmanager
async def another_tree(floor: Floor, tree: dict[str, Any]) -> AsyncIterator[None]:
    """A tree in force while the block runs; afterwards the one before again, by rolling back."""
    before = await floor.api.request("GET", "/ivr/main")
    await floor.api.request("PUT", "/ivr/main", tree)
    try:
        yield
    finally:
        await floor.api.request("POST", "/ivr/main/rollback", {"version": before["version"]})
        after = await floor.api.request("GET", "/ivr/main")
        assert after["body"] == before["body"]


def short_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """The demo's, but its first menu is over soon and asks for something else."""
    short = copy.deepcopy(tree)
    short["menus"]["main"] = {
        "prompt": ["invalid"],
        "no_input_prompt": "no_input",
        "tries": 2,
        "timeout_s": 1,
        "keys": {
            "2": {"hang_up": "goodbye_no_input"},
            **{key: short["menus"]["main"]["keys"][key] for key in ("5", "8")},
        },
        "otherwise": {"queue": "after_sales"},
    }
    short["menus"] = {name: short["menus"][name] for name in ("main", "parcel_more")}
    return short


@pytest.mark.row("1.2", "1.3")
async def test_keys_silence_and_a_new_tree_in_the_middle_of_a_call(
    platform: PlatformProcess,
) -> None:
    """Wrong keys and silence are asked again and end in a queue, which says that nobody is there;
    who was in the menu as another was published finishes on the old one; it is taken back."""
    async with floor_of(platform) as floor:
        first = await dial(floor, "13366660001")
        tree = (await floor.api.request("GET", "/ivr/main"))["body"]
        await first.call.press("7")
        await happened(floor, first, "menu.answered")
        async with another_tree(floor, short_tree(tree)):
            silent, second = await dial(floor, "13366660002"), await dial(floor, "13366660003")
            await second.call.press("2")
            page = await floor.api.wait_finished(second.contact_id)
            assert page["end_reason"] == "completed"
            await hear(second, "goodbye_no_input")
            await first.call.press("2")  # in its own tree a menu, in the new one a goodbye
            await happened(floor, first, "menu.entered", 3)
            await first.call.press("2")
            page = await happened(floor, first, "call.queued")
            assert [body["key"] for body in bodies(page, "menu.answered")] == ["7", "2", "2"]
            assert page["queue"]["key"] == "repairs"
            page = await happened(floor, silent, "call.queued")
            assert [body["key"] for body in bodies(page, "menu.answered")] == ["", ""]
            await hear(silent, "no_input")
            await hear(silent, "goodbye_nobody")
        for caller in (first, silent):
            page = await floor.api.wait_finished(caller.contact_id)
            assert page["end_reason"] == "no_agents"


@pytest.mark.row("1.2")
async def test_where_is_my_parcel_is_heard(platform: PlatformProcess) -> None:
    """The caller hears the latest order's number digit by digit and its state, and no agent."""
    async with floor_of(platform) as floor:
        caller = await dial(floor, BUYER)
        await caller.call.press("5")
        await hear(caller, "order_latest")
        await caller.call.press("#")
        page = await happened(floor, caller, "answer.given")
        pieces = [
            "order_number",
            *("digit_1" if digit == "1" else f"number_{digit}" for digit in ORDER),
            "order_placed",
        ]
        told = [prompt(name) for name in (*pieces, "order_shipped")]
        assert correlation_of_all(told, caller.call.heard()).correlation >= HEARD
        assert correlation(prompt("order_delivered"), caller.call.heard()).correlation < HEARD
        assert ORDER not in json.dumps(page["events"])
        await caller.call.hang_up()
        page = await floor.api.wait_finished(caller.contact_id)
        assert page["end_reason"] == "self_served"
        found = await floor.api.request("GET", "/ivr-containment")
        assert found["nodes"]["parcel"]["contained"] >= 1


async def original(platform: PlatformProcess, page: Document) -> Pcm:
    """The unmasked recording, left caller, right agent."""
    home = platform.home
    return from_wav(decrypt(original_file(home, page["recording"]["path"]), master_key(home)))


def everything(platform: PlatformProcess) -> bytes:
    """Every row of every table, and every file of this installation, logs and spools too."""
    parts: list[bytes] = []
    with psycopg.connect(platform.database_url) as database:
        names = database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))
            parts += [str(row[0]).encode() for row in database.execute(query)]
    files = (file for file in platform.home.rglob("*") if file.is_file())
    parts += [file.read_bytes() for file in files if not file.is_relative_to(platform.home / "pbx")]
    parts += [file.read_bytes() for file in (platform.home / "pbx").rglob("*.log")]
    return b"\n".join(parts)


def mean(sound: Pcm, lane: int, start_s: float, end_s: float) -> float:
    """Loudness of a stretch of one lane."""
    part = sound[round(start_s * RATE) : round(end_s * RATE), lane].astype(float)
    assert len(part) > RATE / 10
    return float(np.abs(part).mean())


async def test_a_card_is_typed_and_nobody_learns_it(platform: PlatformProcess) -> None:
    async with floor_of(platform) as floor:
        agent = await floor.agent("lin.xiao", AGENT_HZ)
        caller = await dial(floor, "13366660004", HUM_HZ)
        await caller.call.press("0")
        assert await floor.until_talking(caller) is agent
        assert await they_talk(caller, agent)
        path = f"/contacts/{caller.contact_id}/secure-digits"
        await floor.api.request("POST", path, {"node": "card"})
        await hear(caller, "type_card")
        before = len(agent.call.heard())
        await caller.call.press(CARD[:6])
        async for _ in trying("six stars"):
            now = (await floor.api.request("GET", path))["now"]
            if now and now["stars"] == "******":
                break
        await asyncio.sleep(0.5)
        silent = agent.call.heard()[before:]
        await caller.call.press(CARD[6:] + "#")
        page = await happened(floor, caller, "digits.captured")
        assert agent.call.keys == ""
        assert not len(silent) or np.abs(silent).max() < QUIET, "the agent hears the caller"
        assert await they_talk(caller, agent)
        await caller.call.hang_up()
        page = await floor.api.wait_finished(caller.contact_id)
        [kept] = page["captures"]
        assert (kept["outcome"], kept["tail"], kept["sink"]) == ("captured", CARD[-4:], "payments")
        check_recording(await original(platform, page), page["gaps"])
        found = everything(platform)
        assert caller.contact_id.encode() in found
        for at in range(len(CARD) - 7):
            assert CARD[at : at + 8].encode() not in found


def check_recording(sound: Pcm, gaps: list[Document]) -> None:
    """Silence while it was typed, the talk around it, and the tones of no key anywhere."""
    [gap] = gaps
    start, end = gap["start_s"] + 0.3, gap["end_s"] - 0.3
    for lane in (CUSTOMER, AGENT):
        assert mean(sound, lane, start, end) < 1, "something was recorded while it was typed"
    assert mean(sound, CUSTOMER, end + 1.0, end + 2.0) > QUIET
    said = sound[:, CUSTOMER]
    for first in range(0, len(said) - RATE // 5, RATE // 5):
        piece = said[first : first + RATE // 5]
        pairs = (KEYS_HZ[:4], KEYS_HZ[4:])
        low, high = (max(tone_level(piece, hz) for hz in part) for part in pairs)
        assert min(low, high) < QUIET, f"a key is heard at {first / RATE:.1f} s"


@pytest.mark.row("2.13")
async def test_who_refuses_is_not_recorded(platform: PlatformProcess) -> None:
    """The agent's screen rings with what the caller pressed; of their talk nothing is recorded."""
    async with floor_of(platform) as floor, watched(platform.place, "lin.xiao") as frames:
        agent = await floor.agent("lin.xiao", AGENT_HZ)
        caller = await dial(floor, "13366660005", HUM_HZ)
        await caller.call.press("8")
        await hear(caller, "not_recorded")
        await happened(floor, caller, "menu.entered", 2)
        await caller.call.press("0")
        assert await floor.until_talking(caller) is agent
        rings = [frame["event"]["ring"] for frame in frames if "ring" in frame.get("event", {})]
        assert rings[-1]["brief"]["path"] == [
            {"digits": "8", "label": "不录音"}, {"digits": "0", "label": "人工服务"},
        ]  # fmt: skip
        assert await they_talk(caller, agent)
        await caller.call.hang_up()
        page = await floor.api.wait_finished(caller.contact_id)
        [gap] = page["gaps"]
        sound = await original(platform, page)
        assert (gap["reason"], gap["end_s"]) == ("refused", None)
        assert len(sound) / RATE < gap["start_s"] + 1.0
        assert tone_level(sound[:, AGENT], AGENT_HZ) < QUIET
        assert len(bodies(page, "recording.started")) == 1
        assert page["transcript"]["turns"] == []
