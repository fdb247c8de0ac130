"""The stub platform's ready replies: a small library, and what the console does with it."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request

from tests.e2e.console import stub_data as data
from tests.e2e.console.stub_work import refusal


def script(number: int, title: str, text: str, **more: Any) -> dict[str, Any]:
    """A reply of the library."""
    return {
        "id": f"s{number}", "no": f"S-{number:03}", "version": 1, "title": title, "text": text,
        "group": "退款", "keywords": ["退款"], "departments": [], "language": "zh-Hans",
        "state": "published", "expired": False, "valid_from": None, "valid_until": None,
        "voice": None, "variables": [], "sent": 3, "played": 1, "last_used_at": data.NOW,
        "author": "boss", "approved_by": "boss", "published_version": 1,
        "updated_at": data.NOW, **more,
    }  # fmt: skip


def library() -> list[dict[str, Any]]:
    """Fresh ones for each test."""
    return [
        script(41, "物流停滞致歉与催件承诺", "{customer_name}您好，包裹停滞，我已为您加急。",
               group="物流", variables=["customer_name"],
               voice={"seconds": 14.0, "source": "upload"}),
        script(17, "原路退款到账时间说明", "退款将在 1 到 3 个工作日内原路到账。"),
        script(62, "客户提及监管投诉的安抚", "工单 {ticket_no} 已升级处理。", group="投诉",
               variables=["ticket_no"]),
        script(70, "新客优惠", "新客立减 20 元。", state="draft", group="营销", author="lin"),
    ]  # fmt: skip


INITIALS = {"s41": "wltz", "s17": "yltk", "s62": "khtj", "s70": "xkyh"}
CARD = {"customer_name": "王建国"}
VARIABLES = ["customer_name", "order_no", "amount", "ticket_no", "date"]
SUGGESTIONS = [
    {"script_id": "s41", "no": "S-041", "title": "物流停滞致歉与催件承诺",
     "text": "{customer_name}您好，包裹停滞，我已为您加急。", "why": ["物流", "三天了"]},
]  # fmt: skip


class Scripts:
    """The library during one test, and what was sent and played."""

    def __init__(self) -> None:
        self.library = library()
        self.sent: list[tuple[str, str]] = []
        self.played: list[str] = []
        self.stopped = 0
        self.imported: list[tuple[str, bool]] = []

    def one(self, key: str) -> dict[str, Any]:
        return next(found for found in self.library if found["id"] == key)

    def fits(self, row: dict[str, Any], q: str) -> bool:
        return q in f"{row['no']} {row['title']} {INITIALS.get(row['id'], '')}"

    def filled(self, key: str) -> dict[str, Any]:
        row = self.one(key)
        text = row["text"]
        for name, value in CARD.items():
            text = text.replace(f"{{{name}}}", value)
        missing = [name for name in row["variables"] if name not in CARD]
        return {"text": text, "spoken": text, "missing": missing}


def mount_scripts(app: FastAPI, scripts: Scripts) -> None:
    """The library and its use in a call."""
    _library_routes(app, scripts)
    _editing_routes(app, scripts)
    call = "/api/v1/contacts/{contact}/scripts"

    @app.get(call + "/{key}")
    async def fill(contact: str, key: str) -> Any:
        return scripts.filled(key)

    @app.post(call + "/stop")
    async def stop(contact: str) -> Any:
        scripts.stopped += 1
        return {}

    @app.post(call + "/{key}/send")
    async def send(contact: str, key: str, body: dict[str, str]) -> Any:
        if scripts.filled(key)["missing"]:
            return refusal(409, "wrong_state", what="script")
        if (key, body["key"]) not in scripts.sent:
            scripts.sent.append((key, body["key"]))
        return {"message_id": "m1", "state": "queued"}

    @app.post(call + "/{key}/play")
    async def play(contact: str, key: str) -> Any:
        scripts.played.append(key)
        return {"seconds": 14.0}


def _library_routes(app: FastAPI, scripts: Scripts) -> None:
    @app.get("/api/v1/scripts")
    async def listed(q: str = "", group: str = "", state: str = "") -> Any:
        found = [
            one
            for one in scripts.library
            if scripts.fits(one, q)
            and (not group or one["group"] == group)
            and (not state or one["state"] == state)
        ]
        return {"items": found, "total": len(found)}

    @app.get("/api/v1/script-groups")
    async def groups() -> Any:
        names = list(dict.fromkeys(one["group"] for one in scripts.library))
        count = [sum(one["group"] == name for one in scripts.library) for name in names]
        return {
            "items": [{"name": name, "usable": n} for name, n in zip(names, count, strict=True)]
        }

    @app.get("/api/v1/script-variables")
    async def variables() -> Any:
        return {"items": [{"name": name, "also": []} for name in VARIABLES]}

    @app.post("/api/v1/scripts/import")
    async def take(request: Request, dry_run: bool = False) -> Any:
        named = re.search(rb'filename="([^"]+)"', await request.body())
        name = named[1].decode() if named else ""
        scripts.imported.append((name, dry_run))
        if name.endswith(".exe"):
            return refusal(422, "invalid", field="file", why="not CSV or YAML")
        return {"created": 2, "updated": 1, "unchanged": 0, "refused": [
            {"row": 4, "field": "text", "why": "unknown variables: nmae"}]}  # fmt: skip

    @app.get("/api/v1/scripts/{key}")
    async def one(key: str) -> Any:
        return scripts.one(key)

    @app.get("/api/v1/scripts/{key}/versions")
    async def versions(key: str) -> Any:
        now = {**scripts.one(key), "at": data.NOW}
        first = {**now, "version": 1, "text": "退款将原路到账。", "at": "2026-11-20T02:00:00Z"}
        return {"items": [{**now, "version": 2}, first]}


def _editing_routes(app: FastAPI, scripts: Scripts) -> None:
    @app.post("/api/v1/scripts", status_code=201)
    async def create(body: dict[str, Any]) -> Any:
        made = script(99, body.pop("title"), body.pop("text"), state="draft", **body)
        scripts.library.append(made)
        return made

    @app.put("/api/v1/scripts/{key}")
    async def change(key: str, body: dict[str, Any]) -> Any:
        found = scripts.one(key)
        if body.pop("version") != found["version"]:
            return refusal(409, "wrong_state", what="script", version=found["version"])
        found.update(body, version=found["version"] + 1, state="draft")
        return found

    @app.post("/api/v1/scripts/preview")
    async def preview(body: dict[str, Any]) -> Any:
        text = body["text"]
        for name, value in body["values"].items():
            text = text.replace(f"{{{name}}}", value)
        return {"text": text, "spoken": text, "missing": []}

    @app.post("/api/v1/scripts/{key}/{step}")
    async def move(key: str, step: str, request: Request) -> Any:
        states = {"submit": "in_review", "approve": "published", "reject": "draft"}
        scripts.one(key)["state"] = states.get(step, "retired")
        return scripts.one(key)
