"""A platform of a few lines: real HTTP and a real socket, invented answers, failures on request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, JSONResponse

from callwright.web.static_files import mount_console
from tests.e2e.console import stub_data as data
from tests.e2e.console.stub_desk import Desk, mount_desk
from tests.e2e.console.stub_phone import PhoneStub, add_phone
from tests.e2e.console.stub_routing import Routing, mount_routing
from tests.e2e.console.stub_scripts import Scripts, mount_scripts
from tests.e2e.console.stub_work import Work, mount_work

COOKIE = "callwright_session"


@dataclass
class Stub(PhoneStub):
    """What a test may change or look at. `sound` is the file of every recording."""

    sound: Path
    failing: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)  # paths that answer when `let_go` is called
    asked: list[str] = field(default_factory=list)
    revealed: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    refuse_sockets: bool = False
    going: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
    scripts: Scripts = field(default_factory=Scripts)
    routing: Routing = field(default_factory=Routing)
    written: Desk = field(default_factory=Desk)

    def desk(self, login: str) -> dict[str, Any] | None:
        """One's desk, with what was written on it."""
        found = super().desk(login)
        return found and {**found, "agent": {**found["agent"], **self.written.agent}}

    def let_go(self) -> None:
        """Answer what was kept waiting."""
        self.going.set()
        self.going = asyncio.Event()

    async def push(self, topic: str, event: Any) -> None:
        """Send a change to every socket that reads the topic, each with its own numbering."""
        for socket in list(self.sockets):
            key = (id(socket), topic)
            if key in self.numbers:
                self.numbers[key] += 1
                await socket.send_json({"topic": topic, "seq": self.numbers[key], "event": event})

    async def drop_sockets(self) -> None:
        """The connection is lost."""
        for socket in list(self.sockets):
            await socket.close(1011)


def problem(status: int, code: str) -> JSONResponse:
    """A refusal as the platform words it."""
    return JSONResponse({"title": code, "status": status, "code": code, "params": {}}, status)


def stub_app(stub: Stub, static: Path) -> FastAPI:
    """The stub and the built console."""
    app = FastAPI()

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        path = request.url.path
        stub.asked.append(str(request.url.include_query_params()).split("/", 3)[-1])
        if path in stub.slow:
            await stub.going.wait()
        if path in stub.failing:
            return problem(503, "database_unreachable")
        signing_in = path == "/api/v1/session" and request.method == "POST"
        if path.startswith("/api/") and not signing_in and COOKIE not in request.cookies:
            return problem(401, "not_signed_in")
        return await call_next(request)  # type: ignore[no-any-return]

    _session(app)
    _contacts(app, stub)
    mount_desk(app, stub.written)
    mount_work(app, stub.work)
    mount_scripts(app, stub.scripts)
    mount_routing(app, stub.routing)
    add_phone(app, stub)
    _others(app, stub)
    _live(app, stub)
    mount_console(app, static)
    return app


def _session(app: FastAPI) -> None:
    @app.post("/api/v1/session")
    async def sign_in(body: dict[str, str], response: Response) -> Any:
        user = data.USERS.get(body["login"])
        if user is None or body["password"] != data.PASSWORD:
            return problem(401, "not_signed_in")
        response.set_cookie(COOKIE, str(user["login"]), httponly=True)
        return {"user": {**user, "language": "zh-Hans"}}

    @app.get("/api/v1/session")
    async def who_am_i(request: Request) -> Any:
        return {"user": {**data.USERS[request.cookies[COOKIE]], "language": "zh-Hans"}}

    @app.delete("/api/v1/session", status_code=204)
    async def sign_out(response: Response) -> None:
        response.delete_cookie(COOKIE)


def _contacts(app: FastAPI, stub: Stub) -> None:
    @app.get("/api/v1/contacts")
    async def contacts(q: str = "", state: str = "") -> Any:
        found = [
            one
            for one in data.CONTACTS
            if (not state or one["state"] == state) and (not q or q in str(one["customer"]))
        ]
        return {"items": found, "next": None, "as_of": data.NOW}

    @app.get("/api/v1/contacts/{key}")
    async def contact(key: str) -> Any:
        return data.page(key) or problem(404, "not_found")

    @app.post("/api/v1/contacts/{key}/reveal")
    async def reveal(key: str, body: dict[str, Any]) -> Any:
        stub.revealed.append(body)
        return {"value": data.FULL_NUMBER if body["what"] == "number" else data.FULL_SENTENCE}

    @app.get("/api/v1/contacts/{key}/recording")
    async def recording(key: str) -> Response:
        return FileResponse(stub.sound, media_type="audio/wav")


def _others(app: FastAPI, stub: Stub) -> None:
    @app.get("/api/v1/desk")
    async def desk(request: Request) -> Any:
        return stub.desk(request.cookies[COOKIE]) or problem(404, "not_found")

    @app.get("/api/v1/queues")
    async def queues() -> Any:
        return data.QUEUES

    @app.get("/api/v1/agents")
    async def agents() -> Any:
        return data.AGENTS

    @app.post("/api/v1/agents/{login}/state")
    async def state(login: str, body: dict[str, Any]) -> Any:
        if stub.states is None:
            return problem(409, "wrong_state")
        stub.states.append(body)
        me = next(one for one in data.AGENTS if one["login"] == login)
        stub.agent = {**me, **body, "since": data.NOW, "phone": "browser"}
        return stub.agent

    @app.get("/readyz")
    async def readyz() -> Any:
        return JSONResponse(data.HEALTH, 503)


def _snapshot(stub: Stub, topic: str) -> dict[str, Any]:
    kind, _, key = topic.partition(":")
    if kind == "desk":
        desk = stub.desk(key)
        return {"snapshot": desk} if desk else {"error": "not_found"}
    known: dict[str, Any] = {
        "contacts": data.CONTACTS, "agents": data.AGENTS, "queues": data.QUEUES,
        "tickets": {}, "missed": stub.work.open_missed(),
    }  # fmt: skip
    return {"snapshot": known[topic] if topic in known else data.page(key)}


def _live(app: FastAPI, stub: Stub) -> None:
    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        if stub.refuse_sockets:
            await socket.close(1011)
            return
        await socket.accept()
        stub.sockets.append(socket)
        try:
            while True:
                asked = await socket.receive_json()
                for topic in asked.get("subscribe", []):
                    stub.numbers[id(socket), topic] = 1
                    await socket.send_json(
                        {"topic": topic, "seq": 1, "as_of": data.NOW, **_snapshot(stub, topic)}
                    )
        except (WebSocketDisconnect, RuntimeError, asyncio.CancelledError):
            pass
        finally:
            stub.sockets.remove(socket)
