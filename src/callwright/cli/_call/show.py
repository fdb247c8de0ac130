"""A call report for people: a timeline, who heard what, the text, the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from callwright.cli._call.platform import Document


def lines_of(document: Document) -> Iterator[str]:
    """The report, line by line."""
    yield f"call {document['call_id']}: {document['from']} → {document['to']}"
    yield from _timeline(document)
    yield from _heard(document["heard"])
    yield from _results(document)
    for name, verdict in document["expect"].items():
        mark = "as expected" if verdict["ok"] else f"expected {verdict['want']}"
        yield f"  {name}: {verdict['got']} ({mark})"
    for problem in document["problems"]:
        yield f"  PROBLEM {problem}"
    yield "the call went as the script says" if document["ok"] else "the call went WRONG"


def _timeline(document: Document) -> Iterator[str]:
    start = datetime.fromisoformat(document["started_at"])
    for event in document["events"]:
        after = (datetime.fromisoformat(event["at"]) - start).total_seconds()
        body = event.get("body") or {}
        detail = " ".join(
            f"{key}={value}" for key, value in body.items() if value not in (None, "")
        )
        yield f"  {after:7.2f} s  {event['name']:22} {detail}"[:160]


def _heard(heard: Document) -> Iterator[str]:
    for who, whom in (("agent", "customer"), ("caller", "agent")):
        found = heard[who]
        if found is not None:
            yield f"  the {who} hears the {whom}: {found['correlation']:.2f}"
    for name, value in heard["crosstalk"].items():
        if value is not None:
            yield f"  {name.replace('_', ' ')}: {value:.2f}"


def _results(document: Document) -> Iterator[str]:
    recording = document["recording"]
    if recording is not None:
        yield f"  recording: {recording['seconds']} s, {recording['path'] or recording['state']}"
    for turn in document["masked"]:
        yield f"  {turn['start']:7.2f} s  {turn['speaker']}: {turn['text']}"
    ticket = document["ticket"]
    if ticket is None:
        yield "  no ticket"
        return
    yield (
        f"  ticket {ticket['no']}: {ticket['type'] or 'no type'}, {ticket['priority']}, "
        f"{ticket['department']}"
    )
    for piece in ticket["evidence"] or []:
        yield f"    because at {piece.get('start')} s: {piece.get('text')} ({piece.get('rule')})"
