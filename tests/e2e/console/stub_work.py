"""The stub platform's tickets, customers and missed calls: a few, and what people do with them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from tests.e2e.console import stub_data as data

CUSTOMER = {"id": "c1", "name": "王建国", "tier": "diamond"}
LIN = {"login": "lin", "name": "林晓"}
LI = {"login": "li", "name": "李倩"}
OTHER = {"id": "c2", "name": "陈思", "tier": None}


def ticket(no: int, **more: Any) -> dict[str, Any]:
    """A ticket as the list shows it."""
    return {
        "no": no, "type": "退款", "priority": "high", "contact_id": None, "state": "open",
        "department": "售后", "reasons": [], "evidence": [], "transcribed": True, "version": 1,
        "created_at": "2026-11-22T06:12:05Z", "updated_at": "2026-11-22T06:12:05Z",
        "solved_at": None, "due_at": "2026-11-23T06:12:05Z", "subject": "",
        "customer": CUSTOMER, "assignee": LIN,
        "number_masked": "138****5678", **more,
    }  # fmt: skip


def tickets() -> list[dict[str, Any]]:
    """Fresh ones for each test."""
    return [
        ticket(10003, subject="保修期内上门检查", customer=OTHER, assignee=None, priority="normal"),
        ticket(10002, contact_id=data.FAILED, transcribed=False, type=None, customer=None,
               due_at="2026-11-22T03:10:00Z"),
        ticket(10001, contact_id=data.TALKED, evidence=data.EVIDENCE, subject="退款未到账"),
        ticket(10000, subject="发票抬头错误", state="solved", assignee=LI),
    ]  # fmt: skip


def customer_page(all_tickets: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything about the one customer."""
    return {
        **CUSTOMER, "city": "上海", "note": "上午不接电话", "number_masked": "138****5678",
        "phones": [{"id": 0, "number": "138****5678", "kind": "mobile"}],
        "orders": [{"no": "8812", "item": "空气净化器 Pro 2", "amount": "1899.00",
                    "status": "shipped", "placed_at": "2026-11-18T02:00:00Z"}],
        "contacts": [one for one in data.CONTACTS if one["customer"]],
        "tickets": [one for one in all_tickets if one["customer"] == CUSTOMER],
    }  # fmt: skip


MISSED: list[dict[str, Any]] = [
    {
        "contact_id": data.MISSED, "last_contact_id": data.MISSED, "times": 3,
        "at": "2026-11-22T04:10:00Z", "number_masked": "138****5678",
        "number_kind": "mobile", "customer": CUSTOMER, "queue": {"key": "s", "name": "售后"},
        "waited_s": 48.0, "reason": "abandoned_queue", "tries": 0, "last_try_at": None,
        "done_by": None, "done_at": None, "done_how": None, "done_text": "",
    },
    {
        "contact_id": data.FAILED, "last_contact_id": data.FAILED, "times": 1,
        "at": "2026-11-22T03:10:00Z", "number_masked": None,
        "number_kind": "hidden", "customer": None, "queue": None, "waited_s": None,
        "reason": "closed", "tries": 2, "last_try_at": "2026-11-22T05:10:00Z", "done_by": None,
        "done_at": None, "done_how": None, "done_text": "",
    },
]  # fmt: skip


class Work:
    """The work lists' state during one test; `bodies` is what the console sent."""

    def __init__(self) -> None:
        self.tickets = tickets()
        self.missed = [dict(one) for one in MISSED]
        self.comments: list[dict[str, Any]] = []
        self.history: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []

    def open_missed(self) -> dict[str, int]:
        """What the live topic tells."""
        return {"open": sum(one["done_at"] is None for one in self.missed)}

    def one(self, no: int) -> dict[str, Any]:
        return next(found for found in self.tickets if found["no"] == no)

    def change(self, no: int, by: dict[str, str], **fields: Any) -> dict[str, Any]:
        """Somebody edits a ticket."""
        found = self.one(no)
        for what, value in fields.items():
            self.history.append({"at": data.NOW, "by": by, "what": what, "from": found[what],
                                 "to": value})  # fmt: skip
            people = {"lin": LIN, "li": LI}
            found[what] = people.get(value) if what == "assignee" else value
        found["version"] += 1
        return found

    def page(self, no: int) -> dict[str, Any]:
        return {**self.one(no), "comments": self.comments, "history": self.history, "contact": None}


def is_overdue(one: dict[str, Any]) -> bool:
    """Unsolved and late."""
    return one["state"] in ("open", "pending") and str(one["due_at"]) < data.NOW


def refusal(status: int, code: str, **params: Any) -> JSONResponse:
    """A refusal with its parameters."""
    return JSONResponse({"title": code, "status": status, "code": code, "params": params}, status)


def mount_work(app: FastAPI, work: Work) -> None:
    """Tickets, customers, missed calls."""
    _ticket_routes(app, work)
    _customer_routes(app, work)

    @app.get("/api/v1/missed")
    async def missed(done: str = "") -> Any:
        items = [one for one in work.missed if (one["done_at"] is not None) == (done == "true")]
        return {"items": items, "next": None, **work.open_missed()}

    @app.post("/api/v1/missed/{key}/done")
    async def done(key: str, body: dict[str, Any]) -> Any:
        work.bodies.append(body)
        found = next(one for one in work.missed if one["contact_id"] == key)
        found.update(done_by=LIN, done_at=data.NOW, done_how="by_hand")
        return found


def _ticket_routes(app: FastAPI, work: Work) -> None:
    @app.get("/api/v1/tickets")
    async def listed(
        q: str = "", state: str = "", assignee: str = "", overdue: bool = False, sort: str = ""
    ) -> Any:
        wanted = {"unsolved": ("open", "pending"), "": ("open", "pending", "solved", "closed")}
        states = wanted.get(state, (state,))
        found = [
            one
            for one in work.tickets
            if one["state"] in states
            and is_overdue(one) >= overdue
            and (not q or q in one["subject"] or q == str(one["no"]))
            and (assignee != "none" or one["assignee"] is None)
            and (assignee != "me" or one["assignee"] == LIN)
        ]
        first_due = sorted(found, key=lambda one: str(one["due_at"]))
        return {"items": first_due if sort else found, "next": None, "as_of": data.NOW}

    @app.get("/api/v1/ticket-counts")
    async def counts() -> Any:
        left = [one for one in work.tickets if one["state"] in ("open", "pending")]
        mine = sum(one["assignee"] == LIN for one in left)
        nobodys = sum(one["assignee"] is None for one in left)
        return {"mine": mine, "unassigned": nobodys, "open": len(left),
                "overdue": sum(map(is_overdue, left)),
                "departments": {"售后": len(left)}}  # fmt: skip

    @app.get("/api/v1/ticket-fields")
    async def fields() -> Any:
        people = [{**LIN, "department": "售后"}, {**LI, "department": "财务"}]
        return {"types": ["退款", "物流催单"], "departments": ["售后", "财务"],
                "priorities": ["low", "normal", "high", "urgent"], "assignees": people}  # fmt: skip

    @app.get("/api/v1/tickets/{no}")
    async def page(no: int) -> Any:
        if not any(one["no"] == no for one in work.tickets):
            return refusal(404, "not_found", what="ticket")
        return work.page(no)

    @app.patch("/api/v1/tickets/{no}")
    async def edit(no: int, body: dict[str, Any]) -> Any:
        work.bodies.append(body)
        version = body.pop("version")
        if version != work.one(no)["version"]:
            return refusal(409, "wrong_state", what="ticket", version=work.one(no)["version"])
        work.change(no, LIN, **body)
        return work.page(no)

    @app.post("/api/v1/tickets/{no}/comments", status_code=201)
    async def comment(no: int, body: dict[str, Any]) -> Any:
        key = f"k{len(work.comments)}"
        work.comments.append({"id": key, "by": LIN, "at": data.NOW, "text": body["text"]})
        return work.page(no)

    @app.post("/api/v1/tickets/{no}/solve")
    async def solve(no: int, body: dict[str, Any]) -> Any:
        work.bodies.append(body)
        work.change(no, LIN, state="solved")
        return work.page(no)


def _customer_routes(app: FastAPI, work: Work) -> None:
    @app.get("/api/v1/customers")
    async def customers(q: str = "") -> Any:
        rows = [{**one, "city": "上海", "note": "", "number_masked": "138****5678"}
                for one in (CUSTOMER, OTHER)]  # fmt: skip
        return {"items": [one for one in rows if q in str(one["name"])]}

    @app.get("/api/v1/customers/{key}")
    async def customer(key: str) -> Any:
        return customer_page(work.tickets) if key == "c1" else refusal(404, "not_found")

    @app.post("/api/v1/customers/{key}/reveal")
    async def reveal(key: str, body: dict[str, Any]) -> Any:
        work.bodies.append(body)
        return {"value": data.FULL_NUMBER}
