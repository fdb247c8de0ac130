"""The stub platform's phone: the desk's call, what is done to it, whom it may go to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, WebSocket
from fastapi.responses import JSONResponse

from tests.e2e.console import stub_data as data
from tests.e2e.console.stub_sip import SipStub

CALL = data.RUNNING
TARGETS: dict[str, Any] = {
    "agents": [
        {"login": "zhou", "name": "周航", "department": "售后", "state": "break",
         "since": "2026-11-22T06:20:00Z"},
        {"login": "li", "name": "李倩", "department": "售前", "state": "ready",
         "since": "2026-11-22T06:20:00Z"},
        {"login": "lin", "name": "林晓", "department": "售后", "state": "talking",
         "since": "2026-11-22T06:20:00Z"},
    ],
    "queues": [{"key": "complaints", "name": "投诉", "waiting": 2, "longest_wait_s": 31.0,
                "ready": 1}],
}  # fmt: skip


@dataclass(kw_only=True)
class PhoneStub:
    """The desk and the phone of lin: what they show, what they were asked to do."""

    agent: dict[str, Any] | None = None
    call: dict[str, Any] | None = None
    sip: SipStub = field(default_factory=SipStub)
    done: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] | None = None
    trunk: bool = False
    server_time: str = ""
    acted: asyncio.Event = field(default_factory=asyncio.Event)

    def do(self, what: dict[str, Any]) -> None:
        """Note what the browser asked for."""
        self.done.append(what)
        self.acted.set()

    async def until_done(self, count: int) -> list[dict[str, Any]]:
        """What was asked for, once it was `count` things."""
        while len(self.done) < count:
            self.acted.clear()
            await asyncio.wait_for(self.acted.wait(), 10)
        return self.done

    async def until_asked(self, deed: dict[str, Any]) -> None:
        """Return once this was asked for."""
        while deed not in self.done:
            self.acted.clear()
            await asyncio.wait_for(self.acted.wait(), 10)

    def desk(self, login: str) -> dict[str, Any] | None:
        """One's desk; who is no agent has none."""
        agent = next((one for one in data.AGENTS if one["login"] == login), None)
        return agent and {"agent": self.agent or agent, "call": self.call, "today": data.TODAY}

    async def push(self, topic: str, event: Any) -> None:
        """Tell a change of a topic."""
        raise NotImplementedError

    async def show(self, state: str, call: dict[str, Any] | None, **more: Any) -> None:
        """The platform tells lin's desk a new state, and the call that belongs to it."""
        me = next(one for one in data.AGENTS if one["login"] == "lin")
        self.agent = {
            **me,
            "state": state,
            "since": data.NOW,
            "until": None,
            "phone": "browser",
            **more,
        }
        self.call = call
        await self.push("desk:lin", {"agent": self.agent})
        await self.push("desk:lin", {"call": call})


def desk_call(**more: Any) -> dict[str, Any]:
    """The call of the desk, ringing unless told otherwise."""
    return {
        "contact_id": CALL, "direction": "in", "state": "ringing", "role": "owner",
        "offered_at": "2026-11-22T06:29:58Z", "ring_s": 15.0, "answered_at": None,
        "on_hold": False, "held_since": None,
        "by": {"kind": "queue", "from": None, "note": ""}, "consult": None,
        "card": {
            "contact_id": CALL, "number": "138****5678", "number_kind": "mobile", "as_of": data.NOW,
            "customer": {"id": "c1", "name": "王建国", "tier": "diamond", "city": "上海"},
            "matches": [], "orders": [], "last_contacts": [], "open_tickets": [],
        },
        "brief": {
            "why": [], "first": [], "waited_s": 42.0, "opening": "",
            "path": [{"digits": "2", "label": "售后专线"}, {"digits": "1", "label": "退换货"}],
        },
        "turns": [], "note": "", "draft": None, "suggestions": [], "playing": None, "wrap": None,
        **more,
    }  # fmt: skip


def talking(**more: Any) -> dict[str, Any]:
    """The same call, answered half a minute ago."""
    return {**desk_call(state="talking", answered_at="2026-11-22T06:29:30Z"), **more}


def add_phone(app: FastAPI, stub: PhoneStub) -> None:
    """The routes that the softphone uses; what they were asked is kept in `stub.done`."""

    @app.post("/api/v1/desk/phone")
    async def account() -> Any:
        return {
            "uri": "sip:lin-web@callwright", "username": "lin-web", "password": "not-a-secret",
            "websocket": "/sip", "register_expires": 300, "ice_servers": [],
            "server_time": stub.server_time or datetime.now(UTC).isoformat(),
        }  # fmt: skip

    @app.get("/api/v1/transfer-targets")
    async def targets(q: str = "") -> Any:
        return {kind: [one for one in TARGETS[kind] if q in one["name"]] for kind in TARGETS}

    @app.post("/api/v1/calls")
    async def dial(body: dict[str, Any]) -> Any:
        stub.do({"verb": "dial", **body})
        if stub.trunk:
            return {"contact_id": CALL}
        return JSONResponse({"title": "", "status": 409, "code": "no_trunk", "params": {}}, 409)

    @app.post("/api/v1/contacts/{key}/{verb:path}")
    async def act(key: str, verb: str, body: dict[str, Any] | None = None) -> Any:
        stub.do({"verb": verb, **(body or {})})
        return {"consult_id": "1"}

    @app.websocket("/sip")
    async def sip(socket: WebSocket) -> None:
        await stub.sip.serve(socket)
