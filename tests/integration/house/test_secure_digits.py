"""Digits that nobody learns, and callers who refuse to be recorded: on whole calls."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from tests.house import NUMBER, TestHouse
from tests.integration.house.people import Office, Person, office
from tests.integration.house.trees import (
    CARD,
    KNOWN,
    all_files,
    arrives,
    outcomes,
    plant,
    said,
    types,
    whole_database,
)

from callwright.calls.events import CallAdopted
from callwright.integrations.pbx.simulator import PhoneBehaviour
from callwright.ivr import handlers
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.recordings import service as recordings
from callwright.recordings.model import AGENT, CUSTOMER, RATE, Pcm, from_wav

CALLER_HZ, AGENT_HZ = 500.0, 900.0


@pytest.fixture
async def house(house: TestHouse) -> TestHouse:
    house.pbx.pbx.longest_sound_s = 900.0  # the clock runs fast while a machine is busy
    await plant(house)
    return house


@dataclass
class Talk:
    """A caller who hums and an agent who hums, in a talk."""

    house: TestHouse
    people: Office
    anna: Person
    leg: str
    contact: str

    @property
    def path(self) -> str:
        """Where its digits are asked for."""
        return f"/contacts/{self.contact}/secure-digits"

    async def ask(self, node: str = "card") -> Any:
        """The agent asks."""
        return await self.anna.post(self.path, node=node)

    def agents_leg(self) -> str:
        """The leg of the agent."""
        return next(leg.id for leg in self.house.pbx.pbx.legs.values() if not leg.incoming)


@pytest.fixture
async def talk(house: TestHouse) -> AsyncIterator[Talk]:
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=1.0, voice_hz=AGENT_HZ))
    leg = house.pbx.call_in(KNOWN, NUMBER, voice_hz=CALLER_HZ)
    await house.heard_of(leg, "menu.entered")
    house.pbx.press(leg, "1")
    page = await house.in_state(leg, "talking")
    async with office(house) as people:
        yield Talk(house, people, await people.person("anna"), leg, str(page["id"]))


async def sound_of(house: TestHouse, leg: str) -> tuple[dict[str, Any], Pcm]:
    """The page of a finished call, and its original recording."""
    page = await house.finished(leg)
    data = await recordings.original_sound(house.house, page["recording"]["path"])
    return page, from_wav(data)


def loudness(sound: Pcm, lane: int, start_s: float, end_s: float) -> float:
    """Mean amplitude of a stretch."""
    part = sound[round(start_s * RATE) : round(end_s * RATE), lane].astype(float)
    assert len(part)
    return float(np.abs(part).mean())


async def assert_nowhere(house: TestHouse, digits: str, log: str) -> None:
    """Not the number, and no six digits of it in a row."""
    pieces = [digits[at : at + 8] for at in range(len(digits) - 7)]
    database = await whole_database(house)
    files = all_files(house.house.settings.home)
    assert len(database) > 1000
    assert len(files) > 1000
    for piece in pieces:
        assert piece not in database
        assert piece.encode() not in files
        assert piece not in log


async def test_a_card_typed_in_the_menu_is_nowhere(
    house: TestHouse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leg = await arrives(house, "4")
    await types(house, leg, CARD[:-1] + "2#", heard="card")
    await types(house, leg, CARD + "#", heard="card", times=2)
    page = await house.finished(leg)
    assert page["end_reason"] == "completed"
    assert said(house, leg).count("card_wrong.zh") == 1
    [kept] = page["captures"]
    assert (kept["sink"], kept["outcome"], kept["tail"], kept["by"]) == (
        "payments", "captured", "1111", "menu",
    )  # fmt: skip
    names = [event["name"] for event in page["events"]]
    assert [n for n in names if n.startswith(("digits.", "recording.p", "recording.r"))] == [
        "digits.requested", "recording.paused", "recording.resumed", "digits.captured",
    ]  # fmt: skip
    [gap] = page["gaps"]
    assert gap["reason"] == "secure"
    assert gap["end_s"] > gap["start_s"]
    await assert_nowhere(house, CARD, caplog.text)


async def test_a_wrong_card_twice_and_a_caller_who_leaves_while_typing(house: TestHouse) -> None:
    await house.add_agent("anna")
    leg = await arrives(house, "4")
    for time in (1, 2):
        await types(house, leg, "411111#", heard="card", times=time)
    page = await house.in_state(leg, "talking")
    assert await outcomes(house, leg) == [("card", "wrong_length")]
    assert [one["outcome"] for one in page["captures"]] == ["wrong_length"]
    assert page["captures"][0]["tail"] == ""
    leg = await arrives(house, "4")
    await types(house, leg, "4111", heard="card")
    house.pbx.caller_hangs_up(leg)
    page = await house.finished(leg)
    await house.heard_of(leg, "digits.captured")
    page = await house.contact(leg)
    assert page["captures"][0]["outcome"] == "gone"
    assert page["gaps"][0]["end_s"] is not None


async def test_in_a_talk_the_agent_hears_nothing_and_sees_stars(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house = talk.house
    await house.clock.sleep(3)
    assert (await talk.anna.get(talk.path))["offered"] == ["card"]
    async with talk.anna.session.ws_connect("/live") as socket:
        await socket.send_json({"subscribe": ["desk:anna"]})
        assert (await socket.receive_json(timeout=30))["snapshot"]["call"]["secure"] is None
        answer = await talk.ask()
        assert answer.status == 200
        agent = talk.agents_leg()
        assert house.pbx.hears_now(agent) == ()
        await types(house, talk.leg, CARD[:4], heard="card")
        seen = await _frame(socket, lambda secure: secure and secure["typed"] == 4)
        assert seen == {"node": "card", "typed": 4, "stars": "****"}
        assert (await talk.anna.get("/desk"))["call"]["secure"]["stars"] == "****"
        page = await house.contact(talk.leg)
        assert page["state"] == "secure"
        for verb in ("hold", "resume"):
            refused = await talk.anna.post(f"/contacts/{talk.contact}/{verb}")
            assert (refused.status, refused.params["state"]) == (409, "secure")
        assert (await talk.ask()).status == 409
        assert house.pbx.hears_now(agent) == ()
        house.pbx.press(talk.leg, CARD[4:] + "#")
        assert await _frame(socket, lambda secure: secure is None) is None
    await house.in_state(talk.leg, "talking")
    assert house.pbx.hears_now(agent) == (talk.leg,)
    await house.clock.sleep(3)
    house.pbx.caller_hangs_up(talk.leg)
    page, sound = await sound_of(house, talk.leg)
    [gap], whole_s = page["gaps"], len(sound) / RATE
    for lane in (CUSTOMER, AGENT):
        assert loudness(sound, lane, gap["start_s"] + 0.3, gap["end_s"] - 0.3) == 0
        assert loudness(sound, lane, whole_s - 2, whole_s - 1) > 1000
    assert page["captures"][0]["by"] == "anna"
    await assert_nowhere(house, CARD, caplog.text)
    await read_by_a_manager(talk)


async def read_by_a_manager(talk: Talk) -> None:
    """What the sink was given, and no more."""
    boss = await talk.people.person("boss", "manager")
    since = "2026-01-01T00:00:00Z"
    [item] = (await boss.get("/secure-digits/payments", since=since))["items"]
    assert (item["outcome"], item["tail"]) == ("captured", "1111")
    assert (await boss.get("/secure-digits/other", since=since))["items"] == []
    answer = await talk.anna.ask("GET", "/secure-digits/payments", params={"since": since})
    assert answer.status == 403


async def _frame(socket: Any, wanted: Any) -> Any:
    """The next change of the stars that is so."""
    while True:
        event = (await socket.receive_json(timeout=30)).get("event", {})
        if "secure" in event and wanted(event["secure"]):
            return event["secure"]


async def test_only_what_the_tree_offers_and_only_in_ones_own_talk(talk: Talk) -> None:
    wrong = await talk.ask("parcel")
    assert (wrong.status, wrong.params["field"]) == (422, "node")
    await talk.house.add_agent("bob", ready=False)
    bob = await talk.people.person("bob")
    assert (await bob.post(talk.path, node="card")).status == 403
    assert (await talk.anna.post(f"/contacts/{talk.contact}/hold")).status == 200
    held = await talk.ask()
    assert (held.status, held.params["state"]) == (409, "held")


async def test_a_pbx_that_cannot_mute_asks_for_nothing_and_a_death_undoes_all(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(leg: str, muted: bool) -> None:
        raise CallwrightError("pbx_refused", reason="no")

    monkeypatch.setattr(talk.house.house.telephony, "record_mute", refuses)
    assert (await talk.ask()).status == 200
    page = await talk.house.heard_of(talk.leg, "digits.captured")
    assert page["captures"][0]["outcome"] == "failed"
    assert "card.zh" not in said(talk.house, talk.leg)
    await talk.house.in_state(talk.leg, "talking")
    monkeypatch.undo()
    await find_again(talk)


async def find_again(talk: Talk) -> None:
    """A new platform knows nothing of the typing: it finds the state and the gap."""
    house = talk.house
    assert (await talk.ask()).status == 200
    await types(house, talk.leg, "41", heard="card")
    adopted = CallAdopted(
        at=house.clock.now(), contact_id=(await house.contact(talk.leg))["id"],
        state="secure", leg=talk.leg,
    )  # fmt: skip
    await handlers.call_adopted(adopted, house.house)
    page = await house.in_state(talk.leg, "talking")
    assert page["gaps"][0]["end_s"] is not None
    assert house.pbx.pbx.legs[talk.leg].take.muted[-1][1] is not None  # type: ignore[union-attr]


async def test_who_refuses_is_never_recorded_again(house: TestHouse) -> None:
    await house.add_agent("anna", phone=PhoneBehaviour(answers_after_s=1.0, voice_hz=AGENT_HZ))
    leg = house.pbx.call_in(KNOWN, NUMBER, voice_hz=CALLER_HZ)
    await house.heard_of(leg, "menu.entered")
    house.pbx.press(leg, "8")
    await house.heard_of(leg, "recording.refused")
    assert house.pbx.pbx.legs[leg].take is None
    await house.heard_of(leg, "menu.entered", times=2)
    house.pbx.press(leg, "1")
    page = await house.in_state(leg, "talking")
    assert said(house, leg).count("quiet.zh") == 1
    async with office(house) as people:
        anna = await people.person("anna")
        to = {"kind": "queue", "value": "hasty"}
        moved = await anna.post(f"/contacts/{page['id']}/transfer", to=to)
        assert moved.status == 200
    await house.add_agent("bob", in_queues=("hasty",))
    await house.heard_of(leg, "call.connected", times=2)
    assert house.pbx.pbx.legs[leg].take is None
    await house.clock.sleep(2)
    house.pbx.caller_hangs_up(leg)
    page, sound = await sound_of(house, leg)
    [gap] = page["gaps"]
    assert (gap["reason"], gap["end_s"]) == ("refused", None)
    assert len(sound) / RATE <= gap["start_s"] + 0.1
    names = [event["name"] for event in page["events"]]
    assert names.count("recording.started") == 1
    assert page["transcript"]["reason"] == "the caller refused to be recorded"
    assert page["transcript"]["turns"] == []
    assert page["ticket"]["transcribed"] is False
    assert await house.run(lambda tx: _masked(tx, page))


async def _masked(tx: Tx, page: dict[str, Any]) -> bool:
    row = await recordings.recording_of(tx, page["id"])
    return bool(row and row["masked"])
