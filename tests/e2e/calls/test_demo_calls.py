"""The twelve demo calls on a real PBX with real speech, and calls that are not in any script."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.contract.speech.sounds import silence, write_wav
from tests.e2e.calls.playing import Play, demo_names, demo_script, play_all, wav_of
from tests.e2e.calls.text import digits_of, leg_error, runs_of, texts_in
from tests.e2e.calls.watching import rows, watched
from tests.platform_process import MODEL, PlatformProcess

from callwright.cli._call.platform import Platform
from callwright.cli._call.report import CROSSTALK_BELOW, HEARD_AT_LEAST, CallReport
from callwright.cli._call.sound import load_lines
from callwright.integrations.speech.faster_whisper import faster_whisper

pytestmark = pytest.mark.timeout(900)

MOST_WRONG = 0.15
SPEAKING = [name for name in demo_names() if name != "hangs-up-in-queue"]
MOBILE, CARD = "13956781234", "6217583947281938"
PRIVATE = runs_of(MOBILE) | runs_of(CARD)
Reports = Mapping[str, CallReport]
Frames = list[dict[str, Any]]


@pytest.fixture(scope="module")
async def played(platform: PlatformProcess, tmp_path_factory: Any) -> tuple[Reports, Frames]:
    """Everything is played once, as much at a time as the machine can hear."""
    nothing = write_wav(tmp_path_factory.mktemp("say") / "nothing.wav", silence(4))
    refund, thanks = demo_script("refund"), demo_script("thanks-and-buys")
    at_sales = thanks.model_copy(update={"agent": "he.fang"})
    plays = [
        *(Play(name, demo_script(name)) for name in demo_names()),
        Play("refund, sound of thanks", refund, load_lines(thanks)),
        Play("thanks, sound of refund", at_sales, load_lines(refund)),
        Play("says another call", at_sales, load_lines(at_sales, [_customer("repair")])),
        Play("says nothing", at_sales, load_lines(at_sales, [nothing])),
    ]
    async with Platform(platform.place) as api, watched(platform.place, "zhao.min") as frames:
        return await play_all(api, plays), frames


@pytest.fixture(scope="module")
def reports(played: tuple[Reports, Frames]) -> Reports:
    return played[0]


def _customer(name: str) -> Path:
    return wav_of(demo_script(name), "customer")


@pytest.mark.parametrize("name", demo_names())
def test_call_goes_as_its_script_says(reports: Reports, name: str) -> None:
    report = reports[name]
    assert report.document["problems"] == []
    assert report.ok


@pytest.mark.parametrize("name", demo_names())
def test_ticket_is_the_expected_one(reports: Reports, name: str) -> None:
    expected = reports[name].document["expect"]
    assert {key: found["got"] for key, found in expected.items()} == {
        key: found["want"] for key, found in expected.items()
    }


@pytest.mark.parametrize("name", SPEAKING)
def test_each_hears_the_other_and_not_himself(reports: Reports, name: str) -> None:
    heard = reports[name].document["heard"]
    assert min(heard[side]["correlation"] for side in ("agent", "caller")) >= HEARD_AT_LEAST
    assert max(heard["crosstalk"].values()) < CROSSTALK_BELOW


@pytest.mark.parametrize("speaker", ["customer", "agent"])
@pytest.mark.parametrize("name", SPEAKING)
def test_transcript_has_the_words_of_the_script(reports: Reports, name: str, speaker: str) -> None:
    script, document = demo_script(name), reports[name].document
    said = [turn.text for turn in script.turns if turn.speaker == speaker]
    heard = [turn["text"] for turn in document["transcript"] if turn["speaker"] == speaker]
    assert leg_error(script.language, said, heard) <= MOST_WRONG, heard


@pytest.mark.parametrize("name", SPEAKING)
def test_transcript_has_the_order_of_the_script(reports: Reports, name: str) -> None:
    document = reports[name].document
    starts = [turn["start"] for turn in document["transcript"]]
    speakers = {turn["speaker"] for turn in document["transcript"]}
    assert speakers == {"customer", "agent"}
    assert starts == sorted(starts)
    assert all(0 <= turn["start"] < turn["end"] for turn in document["transcript"])


@pytest.mark.parametrize("name", SPEAKING)
def test_recording_has_each_side_in_its_own_channel(reports: Reports, name: str) -> None:
    recording = reports[name].document["recording"]
    spoken = reports[name].document["spoken"]
    with wave.open(recording["path"]) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert recording["channels"] == 2
    assert len(sound) / 8000 == pytest.approx(recording["seconds"], abs=0.01)
    assert recording["seconds"] > sum(turn["end_s"] - turn["start_s"] for turn in spoken)
    assert np.abs(sound).max(axis=0).min() > 1000


@pytest.mark.parametrize("name", [name for name in SPEAKING if name != "wrong-number"])
def test_evidence_stands_in_the_transcript(reports: Reports, name: str) -> None:
    document = reports[name].document
    turns = {(turn["text"], turn["start"]) for turn in document["masked"]}
    assert document["ticket"]["evidence"]
    for piece in document["ticket"]["evidence"]:
        assert (piece["text"], piece["start"]) in turns
        assert piece["rule"]


def test_caller_who_gives_up_is_a_missed_call_without_ticket(reports: Reports) -> None:
    document = reports["hangs-up-in-queue"].document
    assert document["ticket"] is None
    assert document["end_reason"] == "abandoned_queue"
    assert "call.queued" in [event["name"] for event in document["events"]]


@pytest.mark.row("5.7")
async def test_unanswered_agent_is_set_away_and_the_caller_keeps_the_place(
    reports: Reports, platform: PlatformProcess
) -> None:
    """The phone rings unanswered, the next one rings; the caller never leaves the queue."""
    document = reports["agent-does-not-answer"].document
    async with Platform(platform.place) as api:
        offers = await api.request("GET", f"/contacts/{document['call_id']}/offers")
    assert [offer["result"] for offer in offers] == ["no_answer", "accepted"]
    assert offers[0]["closed_at"] <= offers[1]["made_at"]
    names = [event["name"] for event in document["events"]]
    assert names.count("call.queued") == names.count("queue.left") == 1
    query = "select body from event where name = 'agent.state_changed' and body->>'login' = %s"
    states = [row["body"] for row in rows(platform, query, "liu.yang")]
    assert ("break", "missed:no_answer") in [(body["state"], body["reason"]) for body in states]


def test_wrong_number_has_no_type(reports: Reports) -> None:
    assert reports["wrong-number"].document["ticket"]["type"] is None


def test_swapped_sound_swaps_the_tickets(reports: Reports) -> None:
    swapped = {
        name: reports[name].document["ticket"]["type"]
        for name in ("refund, sound of thanks", "thanks, sound of refund")
    }
    assert list(swapped.values()) == ["产品咨询", "退款"]


def test_other_speech_makes_its_own_ticket(reports: Reports) -> None:
    report = reports["says another call"]
    assert report.ok, report.document["problems"]
    assert report.document["ticket"]["type"] == "维修"


def test_silence_makes_no_ticket(reports: Reports) -> None:
    document = reports["says nothing"].document
    assert [turn for turn in document["transcript"] if turn["speaker"] == "customer"] == []
    assert document["ticket"] is None or document["ticket"]["type"] is None


def test_spoken_numbers_are_heard_and_masked(reports: Reports) -> None:
    document = reports["spoken-numbers"].document
    plain = digits_of("".join(turn["text"] for turn in document["transcript"]))
    masked = digits_of("".join(turn["text"] for turn in document["masked"]))
    assert [run for run in PRIVATE if run in plain], "no number was heard: nothing is shown"
    assert [run for run in PRIVATE if run in masked] == []


async def test_nothing_unmasked_leaves_the_api(
    played: tuple[Reports, Frames], platform: PlatformProcess
) -> None:
    reports, frames = played
    document = reports["spoken-numbers"].document
    called = document["from"].removeprefix("+86")
    async with Platform(platform.place) as api:
        page = await api.contact(document["call_id"])
        listed = await api.request("GET", "/contacts")
        card = await api.request("GET", f"/contacts/{document['call_id']}/card")
    ours = [frame for frame in frames if document["call_id"] in str(frame)]
    assert any("turn" in (frame.get("event") or {}) for frame in ours), "no live turn was seen"
    for place, answer in {"page": page, "list": listed, "card": card, "live": ours}.items():
        found = [text for text in texts_in(answer) if _shows_a_number(text, called)]
        assert found == [], place


def _shows_a_number(text: str, called: str) -> bool:
    return called in text or any(run in digits_of(text) for run in PRIVATE)


async def test_seeing_the_number_is_written_down(
    reports: Reports, platform: PlatformProcess
) -> None:
    document = reports["spoken-numbers"].document
    call_id = document["call_id"]
    body = {"what": "number", "reason": "the customer asked to be called back"}
    async with Platform(platform.place) as api:
        found = await api.request("POST", f"/contacts/{call_id}/reveal", body)
    assert found["value"] == document["from"]
    query = "select login, reason from audit where action = %s and subject = %s"
    seen = rows(platform, query, "reveal.number", f"contact:{call_id}")
    assert seen == [{"login": "local", "reason": body["reason"]}]


async def test_masked_sound_no_longer_says_the_numbers(
    reports: Reports, platform: PlatformProcess
) -> None:
    recording = Path(reports["spoken-numbers"].document["recording"]["path"])
    recogniser = faster_whisper(platform.home / MODEL)
    try:
        heard = [
            utterance.text
            for channel in (0, 1)
            for utterance in await recogniser.recognise_file(
                recording, channel=channel, language="zh"
            )
        ]
    finally:
        await recogniser.close()
    assert len("".join(heard)) > 40, "the rest of the call is still there"
    assert [run for run in PRIVATE if run in digits_of("".join(heard))] == []
