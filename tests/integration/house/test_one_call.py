"""One caller through the whole house."""

from __future__ import annotations

from typing import Any

from tests.house import TestHouse

from callwright.calls.events import CallEnded
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.kit.journal import load_event
from callwright.recordings import service as recordings
from callwright.tickets import handlers as ticket_handlers
from callwright.tickets import reads as tickets
from callwright.tickets.reads import TicketFilter
from callwright.transcripts.events import TranscriptReady


def names(page: dict[str, Any]) -> list[str]:
    """The names of the timeline's events."""
    return [str(event["name"]) for event in page["events"]]


async def talk(house: TestHouse, from_number: str = "+8613816527394") -> dict[str, Any]:
    """A call that is answered and ended by the caller."""
    leg = await house.caller(number=from_number)
    await house.in_state(leg, "talking")
    await house.clock.sleep(4)
    house.pbx.caller_hangs_up(leg)
    return await house.finished(leg)


async def test_a_call_becomes_a_ticket_with_its_sentence(house: TestHouse) -> None:
    house.speech.lanes[:] = [["你好", "我要退款"], ["您好，请讲"]]
    await house.add_agent("anna")
    page = await talk(house)
    assert page["end_reason"] == "completed"
    assert page["ticket"]["type"] == "退款"
    assert page["ticket"]["priority"] == "high", "a diamond customer"
    evidence = page["ticket"]["evidence"]
    assert evidence[0]["text"] == "我要退款"
    [segment] = page["segments"]
    assert segment["start_s"] <= evidence[0]["start"] <= segment["end_s"]
    order = ["call.started", "call.answered", "recording.started", "call.queued", "offer.made",
             "offer.closed", "call.connected", "call.ended", "recording.saved",
             "transcript.completed", "ticket.created"]  # fmt: skip
    seen = [name for name in names(page) if name in order]
    assert sorted(seen, key=order.index) == order
    assert page["recording"]["state"] == "saved"
    assert page["card"]["customer"]["name"] == "王建国"


async def test_replayed_events_make_no_second_ticket(house: TestHouse) -> None:
    house.speech.lanes[:] = [["我要退款"], []]
    await house.add_agent("anna")
    page = await talk(house)
    ids = {e["name"]: e["id"] for e in page["events"]}
    ready = await house.run(lambda tx: load_event(tx, ids["transcript.completed"]))
    assert isinstance(ready, TranscriptReady)
    for _ in range(5):
        await ticket_handlers.transcript_ready(ready, house.house)
    made = await house.run(lambda tx: tickets.tickets(tx, TicketFilter(), before=None, limit=10))
    assert len(made) == 1


async def test_silence_makes_no_ticket(house: TestHouse) -> None:
    await house.add_agent("anna")
    page = await talk(house)
    assert page["ticket"] is None
    assert "ticket.waived" in names(page)


async def test_recognition_that_fails_leaves_a_ticket_that_says_so(house: TestHouse) -> None:
    house.speech.broken = "no model"
    await house.add_agent("anna")
    page = await talk(house)
    assert page["transcript"]["state"] == "failed"
    assert page["ticket"]["type"] is None
    assert page["ticket"]["transcribed"] is False
    assert any("no transcript" in reason for reason in page["ticket"]["reasons"])


async def test_private_numbers_are_masked_in_text_and_sound(house: TestHouse) -> None:
    house.speech.lanes[:] = [["我的手机号是13816527394"], []]
    await house.add_agent("anna")
    page = await talk(house)
    [turn] = page["transcript"]["turns"]
    assert "13816527394" not in str(page)
    assert turn["spans"][0]["kind"] == "mobile"
    assert "".join(word["text"] for word in turn["words"]) == turn["text"]
    recording = page["recording"]
    masked = recordings.masked_file(house.house.settings.home, recording["path"])
    original = await recordings.original_sound(house.house, recording["path"])
    assert masked.stat().st_size == len(original)


async def test_an_agent_who_does_not_answer_is_set_away_and_the_caller_keeps_the_place(
    house: TestHouse,
) -> None:
    await house.add_agent("deaf", phone=PhoneBehaviour(answers_after_s=None))
    leg = await house.caller(key="2")
    first = await house.in_state(leg, "ringing")
    queued = [e["at"] for e in first["events"] if e["name"] == "call.queued"]
    await house.in_state(leg, "waiting")
    assert await house.state("deaf") == "break"
    await house.add_agent("anna")
    page = await house.in_state(leg, "talking")
    assert [e["body"]["result"] for e in page["events"] if e["name"] == "offer.closed"] == [
        "no_answer",
        "accepted",
    ]
    assert [e["at"] for e in page["events"] if e["name"] == "call.queued"] == queued


async def test_wrap_up_ends_by_itself(house: TestHouse) -> None:
    await house.add_agent("anna")
    await talk(house)
    assert await house.state("anna") in ("wrap", "ready")
    await house.until(lambda tx: _is(house, "ready"))


async def _is(house: TestHouse, state: str) -> bool:
    return await house.state("anna") == state


async def test_a_lost_recording_is_said_and_the_call_goes_on(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await house.caller()
    page = await house.in_state(leg, "talking")
    folder = house.house.settings.home / "recordings"
    folder.mkdir(exist_ok=True)
    (folder / "2026").write_text("a file where a folder must be")
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    assert page["recording"]["state"] == "failed"
    assert "recording.failed" in names(page)
    assert page["ticket"]["transcribed"] is False


async def test_the_timeline_survives_as_events(house: TestHouse) -> None:
    page = await talk_without_agent(house)
    ended = next(e for e in page["events"] if e["name"] == "call.ended")
    event = await house.run(lambda tx: load_event(tx, ended["id"]))
    assert isinstance(event, CallEnded)
    assert event.reason == page["end_reason"] == "no_agents"


async def talk_without_agent(house: TestHouse) -> dict[str, Any]:
    """Nobody on duty: the goodbye is spoken and the call ends."""
    leg = await house.caller()
    return await house.finished(leg)
