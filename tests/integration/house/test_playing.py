"""A reply plays into the talk: both hear it, it is written down, it stops when it must."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from tests.fakes.tts import HummingVoice
from tests.house import TestHouse
from tests.integration.house.desks import Desk, say
from tests.integration.house.people import Person
from tests.integration.house.talks import Talk, talking
from tests.unit.scripts.recordings import recording

from callwright.kit.db import Tx
from callwright.transcripts import service as transcripts


@pytest.fixture
async def talk(house: TestHouse) -> AsyncIterator[Talk]:
    async with talking(house) as opened:
        yield opened


async def upload(person: Person, script: str, content: bytes, name: str = "voice.mp3") -> Any:
    """Give a script a voice."""
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name)
    return await person.ask("PUT", f"/scripts/{script}/voice", data=form)


async def voiced(talk: Talk, text: str = "请您稍等。", seconds: float = 3.0) -> str:
    """A script with a recording."""
    script, lead = await talk.script(text), await talk.desks.person("lead", "supervisor")
    done = await upload(lead, script, recording("mp3", seconds))
    assert done.status == 200, done
    return script


async def stop(talk: Talk) -> Any:
    return (await talk.agent.post(f"/contacts/{talk.contact}/scripts/stop")).body


async def played(talk: Talk, times: int = 1) -> list[dict[str, Any]]:
    """The bodies of `script.played` once there are so many."""
    page = await talk.house.heard_of(talk.leg, "script.played", times)
    return [e["body"] for e in page["events"] if e["name"] == "script.played"]


def files_heard(talk: Talk) -> dict[bool, list[str]]:
    """Names of the sound files that caller (True) and agent (False) have heard in the talk."""
    legs = talk.house.pbx.pbx.legs.values()
    found = {leg.incoming: [s.source for s in leg.heard if s.kind == "file"] for leg in legs}
    return {who: [name for name in names if "/voices/" in name] for who, names in found.items()}


async def system_turns(talk: Talk) -> list[Any]:
    async def look(tx: Tx) -> list[Any]:
        turns = await transcripts.turns_of(tx, (await talk.house.contact(talk.leg))["id"])
        return [turn for turn in turns if turn.speaker == "system"]

    return await talk.house.run(look)


async def test_both_hear_it_and_it_is_written_down(talk: Talk) -> None:
    script = await voiced(talk)
    begun = await talk.play(script)
    assert begun.status == 200
    assert begun.body["seconds"] == pytest.approx(3.0, abs=0.1)
    again = await talk.play(script)
    assert (again.status, again.params["state"]) == (409, "playing")
    [told] = await played(talk)
    assert told == {"version": 1, "result": "completed", "seconds": begun.body["seconds"]}
    heard = files_heard(talk)
    assert len(heard[True]) == len(heard[False]) == 1
    assert heard[True] == heard[False]
    [turn] = await system_turns(talk)
    assert (turn.text, round(turn.end - turn.start, 1)) == ("请您稍等。", 3.0)
    [item] = (await talk.agent.get("/scripts"))["items"]
    assert (item["played"], item["voice"]["source"]) == (1, "upload")
    talk.house.pbx.caller_hangs_up(talk.leg)
    page = await talk.house.finished(talk.leg)
    [kept] = page["transcript"]["turns"]
    assert (kept["speaker"], kept["text"]) == ("system", "请您稍等。")


async def test_the_desk_shows_what_fits_and_what_plays(talk: Talk) -> None:
    script = await voiced(talk, "包裹已经加急。", seconds=60)
    words = await talk.script("退款三天到账。", title="退款到账时间", keywords=["退款"])
    async with talk.agent.session.ws_connect("/live") as socket:
        await socket.send_json({"subscribe": ["desk:anna"]})
        call = (await socket.receive_json(timeout=30))["snapshot"]["call"]
        assert (call["playing"], call["suggestions"]) == (None, [])
        desk = Desk(talk.desks, "anna", talk.agent, socket, {})
        await say(talk.house, talk.contact, "customer", "我的退款怎么还没到账")
        [best] = await desk.read("suggestions")
        assert (best["script_id"], best["title"]) == (words, "退款到账时间")
        assert "退款" in best["why"][0]
        await talk.play(script)
        assert (await desk.read("turn"))["speaker"] == "system"
        shown = await desk.read("playing")
        assert (shown["script_id"], shown["no"], shown["seconds"]) == (script, "S-001", 60.0)
        whole = (await talk.agent.get("/desk"))["call"]["playing"]
        assert whole["script_id"] == shown["script_id"]
        await stop(talk)
        assert await desk.read("playing") is None


async def test_it_stops_at_a_key_on_hold_and_with_the_call(talk: Talk) -> None:
    script = await voiced(talk, seconds=60)
    await talk.play(script)
    assert await stop(talk) == {"stopped": True}
    await played(talk, 1)
    assert await stop(talk) == {"stopped": False}
    await talk.play(script)
    assert (await talk.agent.post(f"/contacts/{talk.contact}/hold")).status == 200
    await played(talk, 2)
    held = await talk.play(script)
    assert (held.status, held.params["state"]) == (409, "held")
    assert (await talk.agent.post(f"/contacts/{talk.contact}/resume")).status == 200
    await talk.play(script)
    talk.house.pbx.caller_hangs_up(talk.leg)
    told = await played(talk, 3)
    assert {one["result"] for one in told} == {"interrupted"}
    assert all(one["seconds"] < 60 for one in told)
    after = await talk.play(script)
    assert after.status == 409


async def test_nobody_else_plays_and_without_a_voice_nothing_does(talk: Talk) -> None:
    script = await talk.script("没有录音")
    refused = await talk.play(script)
    assert (refused.status, refused.params["what"], refused.params["state"]) == (
        409, "voice", "none",
    )  # fmt: skip
    await talk.house.add_agent("bob")
    bob = await talk.desks.person("bob")
    answer = await bob.post(f"/contacts/{talk.contact}/scripts/{script}/play")
    assert (answer.status, answer.params["state"]) == (409, "ready")
    assert await system_turns(talk) == []


async def test_values_need_a_model_which_speaks_them_once(talk: Talk) -> None:
    script = await voiced(talk, "订单{order_no}的退款{amount}元，{date}到账。")
    incomplete = await talk.play(script)
    assert (incomplete.status, incomplete.params["missing"]) == (409, "date")
    refused = await talk.play(script, date="2026-11-27")
    assert (refused.status, refused.params["state"]) == (409, "without_values")
    voice = talk.house.house.tts = HummingVoice()
    begun = await talk.play(script, date="2026-11-27")
    words = "订单四六八零幺的退款一百二十八元五角，十一月二十七日到账。"
    assert voice.spoken == [words]
    assert begun.body["seconds"] == pytest.approx(len(words) / 10, abs=0.1)
    await played(talk, 1)
    await talk.play(script, date="2026-11-27")
    await played(talk, 2)
    assert voice.spoken == [words], "spoken once, kept by its words"
    page = await talk.house.contact(talk.leg)
    events = json.dumps([e for e in page["events"] if e["name"].startswith("script.")], default=str)
    assert not any(word in events for word in ("46801", "128", "到账"))


async def test_a_file_that_is_gone_is_a_failure_and_no_words(talk: Talk) -> None:
    script = await voiced(talk)
    [file] = (talk.house.house.settings.home / "voices").glob("*.wav")
    file.write_bytes(b"broken")
    await talk.play(script)
    [told] = await played(talk)
    assert (told["result"], told["seconds"]) == ("failed", 0.0)
    assert await system_turns(talk) == []
    [item] = (await talk.agent.get("/scripts"))["items"]
    assert item["played"] == 0


async def test_voices_are_kept_for_their_own_words(house: TestHouse, talk: Talk) -> None:
    script = await voiced(talk)
    lead = await talk.desks.person("boss", "manager")
    path = f"/scripts/{script}/voice"
    assert (await lead.ask("GET", path)).body[:4] == b"RIFF"
    wrong = await upload(lead, script, b"no sound", "voice.wav")
    assert (wrong.status, wrong.params["field"]) == (422, "file")
    none = await lead.post(path)
    assert (none.status, none.params["field"]) == (409, "tts.model")
    assert (await upload(talk.agent, script, recording())).status == 403
    old = await lead.get(f"/scripts/{script}")
    body = {k: old[k] for k in ("title", "group", "keywords", "departments", "language")}
    new = {**body, "text": "请再等一等。", "version": 1}
    changed = (await lead.ask("PUT", f"/scripts/{script}", json=new)).body
    assert changed["voice"] is None, "it spoke other words"
    assert (await talk.play(script)).status == 200, "the version in use keeps its voice"
    house.house.tts = HummingVoice()
    assert (await lead.post(path)).body["voice"] == {"seconds": 0.6, "source": "tts"}
    assert (await lead.ask("DELETE", path)).body["voice"] is None
    assert (await lead.ask("GET", path)).status == 404
