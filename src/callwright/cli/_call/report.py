"""What came of a call: who heard what, recording, text, ticket, and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from callwright.cli._call.platform import Document, Place, Platform
from callwright.cli._call.play import Course
from callwright.cli._call.script import Speaker
from callwright.cli._call.sound import is_silent
from callwright.integrations.sipphone import Call
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import Heard, correlation_of_all

HEARD_AT_LEAST = 0.5
CROSSTALK_BELOW = 0.1
TURN_FIELDS = ("speaker", "start", "end", "text", "words")
TICKET_FIELDS = ("no", "type", "priority", "department", "evidence", "reasons")


@dataclass(frozen=True, slots=True)
class CallReport:
    """`ok` = the call went as the script says; `document` is what `--json` prints."""

    ok: bool
    document: Document


def measure(course: Course) -> Document:
    """Normalised cross-correlation of each source with each leg; None = nothing to compare."""
    said = {side: _said(course, side) for side in ("agent", "customer")}
    agent_heard, caller_heard = _heard(course.agent), _heard(course.caller)
    return {
        "agent": _compare(said["customer"], agent_heard),
        "caller": _compare(said["agent"], caller_heard),
        "crosstalk": {
            "agent_hears_agent": _correlation(said["agent"], agent_heard),
            "caller_hears_caller": _correlation(said["customer"], caller_heard),
        },
    }


def judge(course: Course, heard: Document) -> list[str]:
    """What did not go as the script says; the ticket is compared in `expect`, not here."""
    problems = list(course.problems)
    wanted = course.script.is_answered
    if course.answered != wanted:
        problems.append("the call was not answered" if wanted else "the call was answered")
    for side in ("agent", "caller"):
        found = heard[side]
        if found is not None and found["correlation"] < HEARD_AT_LEAST:
            problems.append(f"the {side} heard the other side with {found['correlation']} only")
    for name, value in heard["crosstalk"].items():
        if value is not None and value >= CROSSTALK_BELOW:
            problems.append(f"{name}: {value}")
    return problems


async def document_of(course: Course, heard: Document, platform: Platform) -> Document:
    """Everything but the verdicts."""
    page = course.page or {}
    return {
        "name": course.script.name,
        "call_id": course.contact_id,
        "from": course.script.caller.number,
        "to": course.script.to,
        "started_at": course.started_at.isoformat(),
        "answered": course.answered,
        "agent": course.agent_login,
        "end_reason": page.get("end_reason"),
        "events": page.get("events", []),
        "spoken": [
            {
                "speaker": turn.line.speaker,
                "text": turn.line.text,
                "start_s": round(turn.start_s, 3),
                "end_s": round(turn.end_s, 3),
            }
            for turn in course.spoken
        ],
        "heard": heard,
        "recording": _recording(page.get("recording"), platform.place),
        "transcript": await _original(course, platform),
        "masked": [_turn(turn) for turn in _turns(page)],
        "transcript_state": (page.get("transcript") or {}).get("state", "none"),
        "ticket": _ticket(page.get("ticket")),
        "evaluation": page.get("evaluation"),
    }


def expected(course: Course) -> Document:
    """Each expectation of the script beside what was found."""
    wanted = course.script.expect
    ticket = (course.page or {}).get("ticket")
    found: Document = {
        "ticket": ticket is not None,
        "answered": course.answered,
        **{name: (ticket or {}).get(name) for name in ("type", "priority", "department")},
    }
    return {
        name: {"want": value, "got": found[name], "ok": value == found[name]}
        for name, value in wanted.model_dump(exclude_unset=True).items()
    }


def _said(course: Course, speaker: Speaker) -> list[Pcm]:
    return [turn.line.pcm for turn in course.spoken if turn.line.speaker == speaker]


def _heard(call: Call | None) -> Pcm | None:
    return None if call is None or call.media is None else call.heard()


def _match(source: Sequence[Pcm], heard: Pcm | None) -> Heard | None:
    if heard is None or not source or is_silent(source):
        return None
    return correlation_of_all(source, heard)


def _compare(source: Sequence[Pcm], heard: Pcm | None) -> Document | None:
    found = _match(source, heard)
    if found is None:
        return None
    return {
        "correlation": found.correlation,
        "offset_s": found.offset_s,
        "gain": found.gain,
        "source_s": round(sum(len(pcm) for pcm in source) / 8000, 2),
    }


def _correlation(source: Sequence[Pcm], heard: Pcm | None) -> float | None:
    found = _match(source, heard)
    return None if found is None else found.correlation


def _recording(found: Document | None, place: Place) -> Document | None:
    """The masked copy that everybody may hear; the original is encrypted beside it."""
    if found is None:
        return None
    path = place.recordings / f"{found['path']}.wav" if found.get("path") else None
    return {
        "path": str(path) if path is not None and path.exists() else None,
        **{name: found.get(name) for name in ("state", "seconds", "channels", "masked", "reason")},
        "url": place.url + found["url"] if found.get("url") else None,
    }


def _turns(page: Document) -> list[Document]:
    turns: list[Document] = (page.get("transcript") or {}).get("turns", [])
    return turns


def _turn(turn: Document) -> Document:
    return {name: turn.get(name) for name in TURN_FIELDS}


async def _original(course: Course, platform: Platform) -> list[Document]:
    """The words as they were said; only turns in which something is masked are looked up."""
    found: list[Document] = []
    for turn in _turns(course.page or {}):
        plain = _turn(turn)
        if turn.get("masked") and course.contact_id is not None:
            plain["text"] = await platform.original_text(course.contact_id, str(turn["id"]))
        found.append(plain)
    return found


def _ticket(found: Document | None) -> Document | None:
    """The ticket; each piece of evidence with its sentence, second and rule."""
    if found is None:
        return None
    ticket: dict[str, Any] = {name: found.get(name) for name in TICKET_FIELDS}
    return ticket
