"""The verdict on a call: what makes it wrong, what is compared, what is still missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from tests.phones import speech_like

from callwright.cli._call.platform import Document, find_platform, missing_parts
from callwright.cli._call.play import Course, Spoken
from callwright.cli._call.report import expected, judge, measure
from callwright.cli._call.script import Script
from callwright.cli._call.show import lines_of
from callwright.cli._call.sound import Line
from callwright.integrations.sipphone import IncomingCall, OutgoingCall
from callwright.integrations.sipphone.g711 import Pcm
from callwright.kit.errors import CallwrightError


class HeardCall:
    """A call of which only the sound is left."""

    def __init__(self, heard: Pcm) -> None:
        self.media = object()
        self._heard = heard

    def heard(self) -> Pcm:
        return self._heard


QUESTION, ANSWER = speech_like(4, seed=1), speech_like(4, seed=2)
CONNECTED = {"events": [{"name": "call.connected", "at": "2026-01-01T00:00:01+00:00"}]}


def _course(
    by_agent: Pcm | None, by_caller: Pcm, page: Document | None = None, **expect: Any
) -> Course:
    script = Script(
        name="a",
        language="zh",
        caller={"number": "1"},  # type: ignore[arg-type]
        to="2",
        agent="lin",
        expect=expect,  # type: ignore[arg-type]
        folder=Path(),
    )
    course = Course(script, datetime(2026, 1, 1, tzinfo=UTC), page=page)
    course.caller = cast(OutgoingCall, HeardCall(by_caller))
    if by_agent is not None:
        course.agent = cast(IncomingCall, HeardCall(by_agent))
    course.spoken = [
        Spoken(Line("agent", "", 0.0, ANSWER), 0, 4),
        Spoken(Line("customer", "", 0.0, QUESTION), 4, 8),
    ]
    return course


def test_a_good_call() -> None:
    course = _course(QUESTION, ANSWER, CONNECTED)
    heard = measure(course)
    assert heard["agent"]["correlation"] > 0.9
    assert heard["caller"]["correlation"] > 0.9
    assert max(heard["crosstalk"].values()) < 0.1
    assert judge(course, heard) == []


def test_swapped_legs_are_noticed() -> None:
    course = _course(ANSWER, QUESTION, CONNECTED)
    problems = judge(course, measure(course))
    assert [problem.split()[0] for problem in problems] == [
        "the",
        "the",
        "agent_hears_agent:",
        "caller_hears_caller:",
    ]


def test_silence_on_a_leg_is_noticed() -> None:
    course = _course(np.zeros(8000, dtype=np.int16), ANSWER, CONNECTED)
    [problem] = judge(course, measure(course))
    assert problem.startswith("the agent heard")


def test_an_answer_that_should_not_be_and_one_that_should() -> None:
    course = _course(QUESTION, ANSWER, CONNECTED, answered=False)
    assert judge(course, measure(course)) == ["the call was answered"]
    missed = _course(None, ANSWER, {"events": []})
    missed.spoken = []
    assert judge(missed, measure(missed)) == ["the call was not answered"]


def test_a_silent_source_is_not_compared() -> None:
    course = _course(QUESTION, ANSWER, CONNECTED)
    course.spoken = [Spoken(Line("customer", "", 0.0, np.zeros(800, dtype=np.int16)), 0, 0.1)]
    heard = measure(course)
    assert heard["agent"] is None
    assert judge(course, heard) == []


def test_only_what_is_expected_is_compared() -> None:
    ticket = {"type": "退款", "priority": "normal", "department": "售后"}
    course = _course(QUESTION, ANSWER, {**CONNECTED, "ticket": ticket}, type="退款", ticket=True)
    assert expected(course) == {
        "type": {"want": "退款", "got": "退款", "ok": True},
        "ticket": {"want": True, "got": True, "ok": True},
    }
    none = _course(QUESTION, ANSWER, {**CONNECTED, "ticket": None}, type=None, ticket=True)
    assert [verdict["ok"] for verdict in expected(none).values()] == [True, False]


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        ({"state": "talking"}, ["end"]),
        ({"state": "ended", "recording": {"state": "recording"}}, ["recording", "ticket"]),
        ({"state": "ended", "transcript": {"state": "live"}}, ["transcript", "ticket"]),
        ({"state": "ended", "finished": True, "recording": {"state": "failed"}}, []),
    ],
)
def test_what_is_still_missing(page: Document, missing: list[str]) -> None:
    assert missing_parts(page) == missing


def test_a_platform_that_does_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError) as caught:
        find_platform(tmp_path)
    assert caught.value.code == "platform_not_running"
    assert caught.value.params["home"] == str(tmp_path)


def test_the_report_for_people() -> None:
    course = _course(QUESTION, ANSWER, CONNECTED)
    document = {
        "call_id": "7",
        "from": "1",
        "to": "2",
        "started_at": "2026-01-01T00:00:00+00:00",
        "events": CONNECTED["events"],
        "heard": measure(course),
        "recording": None,
        "masked": [{"start": 1.5, "speaker": "agent", "text": "您好"}],
        "ticket": {
            "no": 3,
            "type": None,
            "priority": "low",
            "department": "售后",
            "evidence": [{"start": 1.5, "text": "您好", "rule": "x"}],
        },
        "expect": {"type": {"want": "退款", "got": None, "ok": False}},
        "problems": ["the other side was not hung up"],
        "ok": False,
    }
    text = "\n".join(lines_of(document))
    for part in ("1.00 s  call.connected", "您好", "ticket 3: no type", "expected 退款", "PROBLEM"):
        assert part in text
