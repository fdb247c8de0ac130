"""`callwright call` as people type it, against the running platform."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.e2e.calls.playing import CALLS
from tests.e2e.calls.text import leg_error
from tests.platform_process import COMMAND, ROOT, PlatformProcess

pytestmark = pytest.mark.timeout(600)

DATA = Path(os.environ.get("CALLWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
STRANGERS = DATA / "public" / "firered_examples"
UNSEEN = {"BAC009S0764W0121": "甚至出现交易几乎停滞的情况"}
MOST_WRONG_OF_STRANGERS = 0.3
Outcome = tuple[int | None, bytes, str]  # exit code, printed, told beside it


async def callwright_call(platform: PlatformProcess, *arguments: str | Path) -> Outcome:
    """Run the command to its end."""
    process = await asyncio.create_subprocess_exec(
        COMMAND, "call", *map(str, arguments), cwd=ROOT, env=platform.environment(),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, told = await process.communicate()
    return process.returncode, printed, told.decode()


@pytest.fixture(scope="module")
async def calls(platform: PlatformProcess) -> dict[str, Outcome]:
    """The calls that take a minute each, side by side: their agents are in different teams."""
    arguments: dict[str, list[str | Path]] = {"refund": [CALLS / "refund.yaml", "--json"]}
    if STRANGERS.is_dir():
        said = [option for name in UNSEEN for option in ("--say", STRANGERS / f"{name}.wav")]
        arguments["unseen"] = [CALLS / "thanks-and-buys.yaml", "--json", *said]
    outcomes = await asyncio.gather(*(callwright_call(platform, *a) for a in arguments.values()))
    return dict(zip(arguments, outcomes, strict=True))


def test_json_is_the_whole_document(calls: dict[str, Outcome]) -> None:
    code, printed, told = calls["refund"]
    assert (code, told) == (0, "")
    document: dict[str, Any] = orjson.loads(printed)
    assert document["call_id"]
    assert {"name", "at"} <= document["events"][0].keys()
    for side in ("agent", "caller"):
        assert document["heard"][side]["correlation"] >= 0.5
    assert {"path", "seconds", "channels"} <= document["recording"].keys()
    assert Path(document["recording"]["path"]).is_file()
    for form in ("transcript", "masked"):
        assert {"speaker", "start", "end", "text", "words"} <= document[form][0].keys()
        assert {"text", "start", "end"} <= document[form][0]["words"][0].keys()
    assert {"no", "type", "priority", "department", "evidence"} <= document["ticket"].keys()
    assert {"text", "start", "rule"} <= document["ticket"]["evidence"][0].keys()
    assert "evaluation" in document


def test_speech_never_seen_is_understood(calls: dict[str, Outcome]) -> None:
    if "unseen" not in calls:
        pytest.skip(f"NO TEST DATA: {STRANGERS.name} is not under CALLWRIGHT_TEST_DATA")
    code, printed, _ = calls["unseen"]
    document = orjson.loads(printed)
    heard = [turn["text"] for turn in document["transcript"] if turn["speaker"] == "customer"]
    assert code == 0, document["problems"]
    assert leg_error("zh", list(UNSEEN.values()), heard) <= MOST_WRONG_OF_STRANGERS, heard
    assert document["ticket"] is None or document["ticket"]["type"] is None


async def test_unknown_script_is_named(platform: PlatformProcess) -> None:
    code, printed, told = await callwright_call(platform, CALLS / "nobody.yaml", "--json")
    assert code not in (0, None)
    assert printed == b""
    assert "nobody.yaml" in told


async def test_wrong_audio_is_named_before_anybody_is_called(
    platform: PlatformProcess, tmp_path: Path
) -> None:
    wrong = tmp_path / "music.wav"
    wrong.write_bytes(b"ID3 this is no wave file")
    code, printed, told = await callwright_call(platform, CALLS / "refund.yaml", "--say", wrong)
    assert code not in (0, None)
    assert printed == b""
    assert "music.wav" in told


async def test_platform_that_does_not_run_is_told_with_the_remedy(
    platform: PlatformProcess, tmp_path: Path
) -> None:
    nowhere = PlatformProcess(tmp_path, platform.base)
    code, _, told = await callwright_call(nowhere, CALLS / "refund.yaml")
    assert code not in (0, None)
    assert "callwright run" in told
