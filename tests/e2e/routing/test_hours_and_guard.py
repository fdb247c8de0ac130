"""What a phone hears when we are closed, and when it calls too often or is not wanted."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.e2e.calls.floor import LIMIT_S, LINE, Floor, floor_of, trying
from tests.e2e.calls.watching import rows
from tests.platform_process import PlatformProcess

from callwright.integrations.sipphone import OutgoingCall, Phone
from callwright.integrations.sipphone.hearing import correlation
from callwright.integrations.sipphone.wav import read_wav
from callwright.kit.errors import CallwrightError

CALENDAR = "/calendars/always"
BUSY = 486


def share(platform: PlatformProcess, prompt: str, call: OutgoingCall) -> float:
    """How much of a prompt the phone has heard, 0…1."""
    return correlation(read_wav(platform.home / "prompts" / prompt), call.heard()).correlation


async def ends_of(platform: PlatformProcess, number: str, many: int) -> list[str]:
    """How the calls of a number ended, in order, once there are so many and all are over."""
    query = "select end_reason from contact where from_number = %s order by id"
    async for _ in trying(f"{many} ended calls of {number}"):
        found = [row["end_reason"] for row in rows(platform, query, number)]
        if len(found) == many and all(found):
            return found
    raise AssertionError


@pytest.mark.row("1.4")
async def test_closed_by_a_calendar_that_was_just_published_and_open_again(
    platform: PlatformProcess,
) -> None:
    """The caller hears that we are closed; rolled back, the next one hears the menu. Lunch, night,
    holiday Monday and make-up Saturday are answered with their reasons."""
    async with floor_of(platform) as floor:
        before = await floor.api.request("GET", CALENDAR)
        zone = ZoneInfo(before["body"]["zone"])
        today = floor.api.now().astimezone(zone).date()
        shut: dict[str, list[str]] = {str(today + timedelta(days=n)): [] for n in (-1, 0, 1)}
        lunch = {"mon": ["09:00-12:00", "13:30-18:00"], "sat": ["22:00-06:00"]}
        body = {"zone": before["body"]["zone"], "week": lunch, "holidays": "cn", "days": shut}
        try:
            await floor.api.request("PUT", CALENDAR, body)
            answers = [await is_open(floor, at) for at in WHEN]
            closed = await floor.dial("13355550001")
            await asyncio.wait_for(closed.call.ended.wait(), LIMIT_S)
        finally:
            back = {"version": before["version"]}
            await floor.api.request("POST", f"{CALENDAR}/roll-back", back)
        assert answers == list(WHEN.values())
        assert share(platform, "closed.zh.wav", closed.call) >= 0.5
        assert share(platform, "menu_main.zh.wav", closed.call) < 0.5
        assert await ends_of(platform, "13355550001", 1) == ["closed"]
        opened = await floor.dial("13355550002")
        async for _ in trying("the menu"):
            if share(platform, "menu_main.zh.wav", opened.call) >= 0.5:
                break
        assert share(platform, "closed.zh.wav", opened.call) < 0.5
        await opened.call.hang_up()


# lunch, a make-up Saturday like a Monday, its night, a holiday Monday
WHEN = {
    "2026-03-02T11:59:00+08:00": True,
    "2026-03-02T12:30:00+08:00": False,
    "2026-03-02T13:30:00+08:00": True,
    "2026-02-14T10:00:00+08:00": True,
    "2026-02-14T23:00:00+08:00": False,
    "2026-03-08T05:59:00+08:00": True,
    "2026-03-08T06:00:00+08:00": False,
    "2026-02-16T10:00:00+08:00": False,
}


async def is_open(floor: Floor, at: str) -> Any:
    answer = await floor.api.request("GET", f"{CALENDAR}/open", query={"at": at})
    assert answer["why"]
    return answer["open"]


@pytest.mark.row("1.22")
async def test_the_sixth_call_hears_a_sentence_and_a_blocked_number_is_busy(
    platform: PlatformProcess,
) -> None:
    """The sixth call hears a sentence and no menu; a blocked number gets busy, until it is not."""
    number = "13355550003"
    async with floor_of(platform) as floor:
        for _ in range(5):
            caller = await floor.dial(number)
            await caller.call.hang_up()
        sixth = await floor.dial(number)
        await asyncio.wait_for(sixth.call.ended.wait(), LIMIT_S)
        assert sixth.call.ended_by == "them"
        assert share(platform, "guarded.zh.wav", sixth.call) >= 0.5
        assert share(platform, "notice.zh.wav", sixth.call) < 0.5
        assert await ends_of(platform, number, 6) == ["abandoned_ivr"] * 5 + ["blocked"]

        entry = {"kind": "block", "number": "133-5555-0004", "reason": "threats"}
        made = await floor.api.request("POST", "/caller-list", entry)
        async with Phone("caller", server=platform.place.sip) as phone:
            refused = await phone.start_call(LINE, from_number="13355550004")
            with pytest.raises(CallwrightError) as caught:
                await refused.wait_answer(LIMIT_S)
        assert caught.value.params["status"] == BUSY
        assert await ends_of(platform, "13355550004", 1) == ["blocked"]
        found = rows(platform, "select body from event where name = 'caller.guarded' order by id")
        assert [row["body"]["rule"] for row in found][-2:] == ["nuisance", "blocked_number"]
        await floor.api.request("DELETE", f"/caller-list/{made['id']}")
        again = await floor.dial("13355550004")
        await again.call.hang_up()
