"""What the stub platform tells: a few invented calls, each in another state."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Any

NOW = "2026-11-22T06:30:00Z"
TALKED = "01900000-0000-7000-8000-000000000001"
FAILED = "01900000-0000-7000-8000-000000000002"
MISSED = "01900000-0000-7000-8000-000000000003"
RUNNING = "01900000-0000-7000-8000-000000000004"
FULL_NUMBER = "13800005678"
FULL_SENTENCE = "电话是13912341234。"
PASSWORD = "right-password"
SECONDS = 12
RATE = 8000

AGENT = ["calls.read", "tickets.read", "tickets.edit", "scripts.read", "agents.read",
         "agents.own_state", "queues.read"]  # fmt: skip
SUPERVISOR = [*AGENT, "calls.reveal", "scripts.edit", "scripts.approve", "system.read",
              "routing.simulate"]  # fmt: skip
MANAGER = [*SUPERVISOR, "settings.edit"]
USERS = {
    "lin": {"login": "lin", "name": "林晓", "role": "agent", "permissions": AGENT},
    "boss": {"login": "boss", "name": "高远", "role": "supervisor", "permissions": SUPERVISOR},
    "chief": {"login": "chief", "name": "何芳", "role": "manager", "permissions": MANAGER},
}


def contact(key: str, **more: Any) -> dict[str, Any]:
    """A row of the list."""
    return {
        "id": key, "started_at": "2026-11-22T06:10:00Z", "ended_at": "2026-11-22T06:12:00Z",
        "state": "ended", "end_reason": "completed", "direction": "in",
        "from_number_masked": "138****5678", "number_kind": "mobile", "to_number": "4008001234",
        "customer": {"id": "c1", "name": "王建国", "tier": "diamond"},
        "queue": {"key": "after_sales", "name": "售后"}, "agent": {"login": "lin", "name": "林晓"},
        "wait_s": 4.0, "talk_s": 60.0, "ticket": None, "finished": True, **more,
    }  # fmt: skip


TICKET = {"no": 10001, "type": "退款", "priority": "high"}
CONTACTS = [
    contact(RUNNING, started_at="2026-11-22T06:28:00Z", ended_at=None, state="talking",
            end_reason=None, talk_s=0.0, finished=False),
    contact(TALKED, ticket=TICKET),
    contact(FAILED, started_at="2026-11-22T05:10:00Z", customer=None),
    contact(MISSED, started_at="2026-11-22T04:10:00Z", end_reason="abandoned_queue", talk_s=0.0,
            agent=None),
]  # fmt: skip


def turn(key: str, speaker: str, start: float, text: str, **more: Any) -> dict[str, Any]:
    """A sentence whose characters sound one after the other."""
    words = [
        {"text": char, "start": start + at * 0.1, "end": start + (at + 1) * 0.1}
        for at, char in enumerate(text)
    ]
    return {"id": key, "speaker": speaker, "start": start, "end": start + len(text) * 0.1,
            "text": text, "words": words, "masked": False, "spans": [], **more}  # fmt: skip


TURNS = [
    turn("t1", "agent", 0.5, "您好，请讲。"),
    turn("t2", "customer", 2.0, "我要退款，不然打12315。"),
    turn("t3", "customer", 6.0, "电话是139****1234。", masked=True,
         spans=[{"start": 3, "end": 14, "kind": "mobile"}]),
    turn("t4", "agent", 9.0, "好的，再见。"),
]  # fmt: skip
EVIDENCE = [{"text": "我要退款，不然打12315。", "start": 2.0, "turn": "t2", "rule": "退款:退款"}]


def _event(name: str, at: str, **body: Any) -> dict[str, Any]:
    return {"id": f"{name}@{at}", "name": name, "at": at, "subjects": {}, "body": body}


def _recording(state: str) -> dict[str, Any]:
    key = TALKED if state == "saved" else None
    return {
        "state": state, "reason": "", "started_at": "2026-11-22T06:10:05Z", "seconds": SECONDS,
        "channels": 2, "masked": state == "saved",
        "peaks": {"customer": [0, 40, 0, 30] * 60, "agent": [20, 0, 30, 0] * 60, "per_second": 20},
        "url": f"/api/v1/contacts/{key}/recording" if key else None,
    }  # fmt: skip


def page(key: str) -> dict[str, Any] | None:
    """Everything about one contact."""
    row = next((one for one in CONTACTS if one["id"] == key), None)
    if row is None:
        return None
    events = [_event("call.started", "2026-11-22T06:10:00Z", line="4008001234"),
              _event("menu.answered", "2026-11-22T06:10:03Z", key="2"),
              _event("call.queued", "2026-11-22T06:10:06Z", queue="after_sales"),
              _event("offer.closed", "2026-11-22T06:10:08Z", login="lin", result="no_answer"),
              _event("future.thing_happened", "2026-11-22T06:10:09Z")]  # fmt: skip
    customer = row["customer"] and {**row["customer"], "city": ""}
    card: dict[str, Any] = {
        "number": "138****5678", "customer": customer, "matches": [], "orders": [],
        "last_contacts": [], "open_tickets": [], "as_of": NOW,
    }  # fmt: skip
    extra: dict[str, dict[str, Any]] = {
        TALKED: {
            "recording": _recording("saved"),
            "transcript": {"state": "final", "reason": "", "turns": TURNS},
            "ticket": {**TICKET, "department": "售后", "state": "open", "reasons": [],
                       "evidence": EVIDENCE, "transcribed": True},
        },
        FAILED: {
            "recording": _recording("failed"),
            "transcript": {"state": "failed", "reason": "", "turns": []},
            "ticket": {"no": 10002, "type": None, "priority": "normal", "department": None,
                       "state": "open", "reasons": [], "evidence": [], "transcribed": False},
        },
        RUNNING: {"transcript": {"state": "live", "reason": "", "turns": TURNS[:1]}},
        MISSED: {"transcript": {"state": "none", "reason": "", "turns": []}},
    }  # fmt: skip
    empty = {"recording": None, "transcript": None, "ticket": None}
    return {**row, "events": events, "segments": [], "card": card, **empty, **extra[key]}


def agent(login: str, name: str, state: str, **more: Any) -> dict[str, Any]:
    """A person on the board."""
    return {"login": login, "name": name, "department": "售后", "state": state, "reason": "",
            "since": "2026-11-22T06:20:00Z", "reachable": True, "contact_id": None,
            "skills": {"售后": 3}, "queues": ["after_sales"],
            "until": None, "phone": "sip", **more}  # fmt: skip


AGENTS = [agent("lin", "林晓", "ready"), agent("li", "李倩", "talking", contact_id=RUNNING),
          agent("zhou", "周航", "break", reason="missed:no_answer", reachable=False)]  # fmt: skip
QUEUES = [{"key": "after_sales", "name": "售后", "waiting": 2, "longest_wait_s": 48.0,
           "agents_ready": 1}]  # fmt: skip
TODAY = {"answered": 37, "missed": 1, "talk_s": 5720.0, "hold_s": 240.0, "wrap_s": 1210.0,
         "handle_s": 194.0, "online_s": 14400.0, "tickets_made": 12, "tickets_solved": 9,
         "as_of": NOW}  # fmt: skip
HEALTH = {"ok": False, "parts": {"database": {"ok": True, "detail": "PostgreSQL 18"},
                                 "pbx": {"ok": False, "detail": "no answer"}}}  # fmt: skip


def sound() -> bytes:
    """A stereo WAV: a tone in each lane in turn."""
    frames = b"".join(
        struct.pack("<hh", *((value, 0) if at // RATE % 2 else (0, value)))
        for at in range(SECONDS * RATE)
        for value in (int(9000 * math.sin(at / 6)),)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return out.getvalue()
