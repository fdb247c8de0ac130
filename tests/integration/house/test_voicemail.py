"""Messages that callers leave: kept, transcribed, made tickets of; none is lost silently."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.house import TestHouse, furnish_prompts
from tests.integration.house.talking import all_free
from tests.integration.house.test_talks_restored import adopted

from callwright.agents import service as agents
from callwright.calls import missed
from callwright.ivr import voicemail
from callwright.kit.errors import CallwrightError
from callwright.queues import service as queues
from callwright.recordings import service as recordings

VOICEMAIL_PROMPTS = ("voicemail_prompt", "voicemail_thanks", "voicemail_short", "voicemail_failed")
SAID = "我要退款，上周买的电饭煲坏了"


async def leaving_message(
    house: TestHouse, *, voice: bool = True, least_s: float = 1
) -> tuple[str, UUID]:
    """A caller whom nobody answers hears the tone and begins to speak: leg and contact."""
    furnish_prompts(house.house.settings.home, VOICEMAIL_PROMPTS)
    await house.add_agent("anna", ready=False)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    rule = {"longest_s": 60, "silence_s": 4, "least_s": least_s}
    await house.run(lambda tx: queues.publish_rule(tx, "voicemail", "orders", rule, "test"))
    leg = await house.caller(number="13816527394")
    page = await house.in_state(leg, "waiting")
    house.pbx.pbx.need(leg).voice_hz = 400.0 if voice else None
    house.house.bus.spawn(voicemail.take(house.house, page["id"]), "voicemail")
    await house.heard_of(leg, "voicemail.started")
    return leg, page["id"]


async def until_ended_by_key(house: TestHouse, leg: str) -> None:
    """The caller presses # until it is heard."""

    async def heard(_: object) -> bool:
        if leg in house.pbx.pbx.legs:
            house.pbx.press(leg, "#")
        return bool((await house.contact(leg))["state"] != "voicemail")

    await house.until(heard)


async def open_missed(house: TestHouse) -> list[dict[str, Any]]:
    """Who waits to be called back."""
    return await house.run(lambda tx: missed.missed(tx, done=False))


async def check_kept(
    house: TestHouse, leg: str, how: str, *, playable: bool = True
) -> dict[str, Any]:
    """Recording, text, ticket and the entry of who missed us are there."""
    page = await house.finished(leg)
    [left] = [event for event in page["events"] if event["name"] == "voicemail.left"]
    assert (left["body"]["how"], page["end_reason"]) == (how, "voicemail")
    [out] = [event for event in page["events"] if event["name"] == "queue.left"]
    assert out["body"]["exit"] == "voicemail"
    assert page["recording"]["state"] == "saved"
    assert bool(page["recording"]["url"]) == playable
    [entry] = await open_missed(house)
    assert (entry["reason"], entry["last_contact_id"]) == ("voicemail", page["id"])
    missing, unknown = await house.run(
        lambda tx: recordings.audit_files(tx, house.house.settings.home)
    )
    assert (missing, unknown) == ([], [])
    await all_free(house, "anna")
    return page


@pytest.mark.parametrize("how", ["key", "silence", "longest", "hung_up"])
async def test_a_message_becomes_a_ticket_however_it_ends(house: TestHouse, how: str) -> None:
    house.speech.lanes[0][:] = [SAID] if how != "key" else [SAID, "谢谢"]
    leg, _ = await leaving_message(house)
    await house.clock.sleep(3 if how != "longest" else 61)
    if how == "key":
        house.pbx.press(leg, "5")
        house.pbx.press(leg, "#")
    elif how == "silence":
        house.pbx.pbx.need(leg).voice_hz = None
    elif how == "hung_up":
        house.pbx.caller_hangs_up(leg)
    page = await check_kept(house, leg, how)
    assert page["transcript"]["state"] == "final"
    if how == "hung_up":  # the recogniser of these tests hears the last seconds of any file
        assert page["ticket"]["type"] == "退款"
        assert page["ticket"]["source"] == "voicemail"
        assert page["ticket"]["evidence"][0]["text"] in SAID
    else:
        assert page["ticket"]["source"] == "voicemail"


@pytest.mark.parametrize("end", ["nothing said", "hangs up at once", "says a word"])
async def test_too_short_is_discarded_with_its_reason(house: TestHouse, end: str) -> None:
    leg, _ = await leaving_message(house, voice=end == "says a word", least_s=10)
    if end == "says a word":
        await house.clock.sleep(0.3)
        house.pbx.press(leg, "#")
    elif end == "hangs up at once":
        house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    [gone] = [event for event in page["events"] if event["name"] == "voicemail.discarded"]
    assert (page["end_reason"], gone["body"]["reason"]) == ("voicemail_short", "too_short")
    assert page["ticket"] is None
    [entry] = await open_missed(house)
    assert entry["reason"] == "voicemail_short"
    await all_free(house, "anna")


async def test_without_words_there_is_a_ticket_for_somebody_to_listen(house: TestHouse) -> None:
    house.speech.broken = "worker died"
    leg, _ = await leaving_message(house)
    await house.clock.sleep(3)
    house.pbx.press(leg, "#")
    # what nobody could mask is played to nobody, but to those who may hear originals
    page = await check_kept(house, leg, "key", playable=False)
    assert page["ticket"]["type"] is None
    assert page["ticket"]["transcribed"] is False
    assert page["ticket"]["source"] == "voicemail"


async def test_a_message_that_nobody_understood_is_a_ticket_too(house: TestHouse) -> None:
    leg, _ = await leaving_message(house)
    await house.clock.sleep(3)
    house.pbx.press(leg, "#")
    page = await check_kept(house, leg, "key")
    assert page["ticket"]["transcribed"] is False
    assert "no word of the message was understood" in page["ticket"]["reasons"][-1]


async def test_hanging_up_during_the_prompt_is_a_missed_call(house: TestHouse) -> None:
    furnish_prompts(house.house.settings.home, VOICEMAIL_PROMPTS, seconds=60)
    await house.add_agent("anna", ready=False)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    leg = await house.caller()
    page = await house.in_state(leg, "waiting")
    house.house.bus.spawn(voicemail.take(house.house, page["id"]), "voicemail")
    await house.in_state(leg, "voicemail")
    house.pbx.caller_hangs_up(leg)
    assert (await house.finished(leg))["end_reason"] == "abandoned_voicemail"
    assert [one["reason"] for one in await open_missed(house)] == ["abandoned_voicemail"]


async def test_no_room_on_the_disk_is_said_and_stored(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    await house.add_agent("anna", ready=False)
    await house.run(lambda tx: agents.request_state(tx, "anna", "break"))
    leg = await house.caller()
    page = await house.in_state(leg, "waiting")
    await voicemail.take(house.house, page["id"])
    page = await house.finished(leg)
    [gone] = [event for event in page["events"] if event["name"] == "voicemail.discarded"]
    assert (page["end_reason"], gone["body"]["reason"]) == ("voicemail_failed", "not_recorded")
    assert [one["reason"] for one in await open_missed(house)] == ["voicemail_failed"]


async def test_a_recording_that_is_lost_still_makes_a_ticket(house: TestHouse) -> None:
    leg, contact = await leaving_message(house)
    await house.clock.sleep(3)
    row = await house.run(lambda tx: recordings.recording_of(tx, contact))
    house.pbx.pbx.need(leg).take = None  # nothing reaches the disk
    assert row is not None
    assert not Path(row["customer_file"]).exists()
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    assert page["recording"]["state"] == "failed"
    assert page["ticket"]["transcribed"] is False
    assert [one["reason"] for one in await open_missed(house)] == ["voicemail"]


@pytest.mark.parametrize("meanwhile", ["speaks on", "hangs up"])
async def test_the_platform_dies_while_somebody_speaks(house: TestHouse, meanwhile: str) -> None:
    house.speech.lanes[0][:] = [SAID]
    leg, _ = await leaving_message(house)
    await house.clock.sleep(2)
    await house.house.bus.close()  # whatever led the caller is dead
    if meanwhile == "hangs up":
        house.pbx.go_away()
        house.pbx.caller_hangs_up(leg)
        house.pbx.come_back()
    else:
        await adopted(house)
        await until_ended_by_key(house, leg)
    await check_kept(house, leg, "hung_up" if meanwhile == "hangs up" else "key")


async def test_who_talks_leaves_no_message(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await house.caller()
    page = await house.in_state(leg, "talking")
    with pytest.raises(CallwrightError, match="wrong_state"):
        await voicemail.take(house.house, page["id"])
    house.pbx.caller_hangs_up(leg)
    await house.finished(leg)
