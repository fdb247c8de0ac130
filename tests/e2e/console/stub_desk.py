"""The stub platform's desk: one call in each of its phases, and what an agent does with it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from tests.e2e.console import stub_data as data

CALL = "01900000-0000-7000-8000-0000000000a1"
OTHER_CALL = "01900000-0000-7000-8000-0000000000a2"
RING_END = "2026-11-22T06:30:15Z"
WRAP_END = "2026-11-22T06:30:30Z"
CARD: dict[str, Any] = {
    "contact_id": CALL, "number": "138****5678", "number_kind": "mobile",
    "as_of": data.NOW, "facts": {}, "matches": [],
    "customer": {"id": "c1", "name": "王建国", "tier": "diamond", "city": "上海"},
    "orders": [
        {"no": "88128812", "item": "空气净化器 Pro 2", "amount": "1899.00", "status": "shipped",
         "placed_at": "2026-11-12T02:00:00Z"},
        {"no": "90349034", "item": "滤芯 ×2", "amount": "238.50", "status": "paid",
         "placed_at": "2026-11-20T02:00:00Z"},
        {"no": "77107710", "item": "加湿器 Mini", "amount": "329.00", "status": "refunding",
         "placed_at": "2026-11-02T02:00:00Z"},
        {"no": "66106610", "item": "电热水壶", "amount": "129.00", "status": "delivered",
         "placed_at": "2026-09-02T02:00:00Z"},
    ],
    "last_contacts": [
        {"id": data.TALKED, "started_at": "2026-11-21T08:20:00Z", "queue": "after_sales",
         "end_reason": "completed"},
        {"id": data.MISSED, "started_at": "2026-11-20T01:20:00Z", "queue": "after_sales",
         "end_reason": "abandoned_queue"},
    ],
    "open_tickets": [
        {"no": 20418, "type": "物流", "priority": "high", "department": "华东仓配",
         "subject": "净化器物流催件", "created_at": "2026-11-19T08:00:00Z"},
    ],
}  # fmt: skip
OVERDUE = {"code": "overdue_ticket", "params": {"no": 20418, "type": "物流", "hours": 20,
           "subject": "净化器物流催件", "days": 3}}  # fmt: skip
LATE_ORDER = {"code": "order_problem", "params": {"no": "88128812", "item": "空气净化器 Pro 2",
              "status": "shipped", "days": 10}}  # fmt: skip
REPEAT = {"code": "repeat_call", "params": {"times": 2, "days": 7, "at": "2026-11-21T08:20:00Z"}}
BRIEF: dict[str, Any] = {
    "why": [{"code": "menu", "params": {"path": "售后 › 物流"}, "source": "menu"},
            {**OVERDUE, "source": "ticket:20418"}, {**LATE_ORDER, "source": "order:88128812"},
            {**REPEAT, "source": f"contact:{data.TALKED}"}],
    "first": [{"kind": "overdue_ticket", **OVERDUE, "ref": "20418"},
              {"kind": "order_problem", **LATE_ORDER, "ref": "88128812"},
              {"kind": "repeat_call", **REPEAT, "ref": data.TALKED}],
    "waited_s": 42.0, "path": [{"digits": "2", "label": "售后"}, {"digits": "1", "label": "物流"}],
    "opening":
              "您好，我是客服林晓。"
              "请问是王建国吗？您反映的问题（工单 20418）已经超过了答复时间，我现在就为您处理。",
}  # fmt: skip
TURNS = [
    data.turn("d1", "customer", 4.0,
              "你好，我上周三下的那台净化器到现在还没送到，物流一直停在嘉定分拨中心。"
              ""),
    data.turn("d2", "agent", 12.0,
              "王先生您好，很抱歉让您久等了。"
              "我这边看到包裹到嘉定后没有更新，我马上帮您催。"),
    data.turn("d3", "customer", 27.0,
              "你们上次也说马上催，催了三天了。"
              "再不行我就要退款了，我都准备打12315了。"),
    data.turn("d4", "agent", 41.0,
              "非常理解您的心情。"
              "您是钻石会员，可以今天由仓库重新发货，也可以直接原路退款。"),
    data.turn("d5", "customer", 66.0, "重新发吧，电话是139****1234。", masked=True,
              spans=[{"start": 8, "end": 19, "kind": "mobile"}]),
    data.turn("d6", "system", 72.0, "退款将原路返回您的支付账户。"),
    data.turn("d7", "agent", 78.0, "好的，我核对一下新的收货地址和联系电话，请稍等。"),
]  # fmt: skip
DRAFT: dict[str, Any] = {
    "subject": "物流 · 空气净化器 Pro 2", "type": "物流", "priority": "high", "department": "售后",
    "evidence": [
        {"text": TURNS[0]["text"], "start": 4.0, "turn": "d1", "rule": "物流:物流"},
        {"text": TURNS[2]["text"], "start": 27.0, "turn": "d3", "rule": "物流:退款"},
        {"text": TURNS[2]["text"], "start": 27.0, "turn": "d3", "rule": "escalation:12315"},
    ],
    "edited": [], "ticket_no": None,
}  # fmt: skip
SUMMARY = "客户：王建国（钻石会员），等待 0:42，通话 4:12。\n来意：「净化器到现在还没送到」"
WRAP = {"until": WRAP_END, "extended": 0, "max_extends": 2, "disposition": None,
        "summary": SUMMARY, "finished": False}  # fmt: skip
DISPOSITIONS = [
    {"key": "resolved", "label": {"zh-Hans": "已解决", "zh-Hant": "已解決", "en": "Resolved"}},
    {"key": "follow_up",
     "label": {"zh-Hans": "待跟进", "zh-Hant": "待追蹤", "en": "Needs follow-up"}},
    {"key": "invalid",
     "label": {"zh-Hans": "无效来电", "zh-Hant": "無效來電", "en": "Not a real request"}},
]  # fmt: skip
TODO = [
    {"kind": "ticket", "no": 20418, "subject": "净化器物流催件", "type": "物流",
     "priority": "high", "customer": {"id": "c1", "name": "王建国", "tier": "diamond"},
     "created_at": "2026-11-19T08:00:00Z", "due_at": "2026-11-20T08:00:00Z"},
    {"kind": "missed", "contact_id": data.MISSED, "at": "2026-11-22T04:10:00Z",
     "number_masked": "136****9012", "customer": None},
]  # fmt: skip


def ring(contact: str = CALL, **more: Any) -> dict[str, Any]:
    """A call that rings at the desk."""
    return {
        "contact_id": contact, "direction": "in", "state": "ringing", "role": "owner",
        "language": "zh",
        "offered_at": data.NOW, "ring_s": 15, "answered_at": None, "on_hold": False,
        "held_since": None, "by": {"kind": "queue", "from": None, "note": ""}, "consult": None,
        "card": {**CARD, "contact_id": contact}, "brief": BRIEF, "turns": [], "note": "",
        "notes": [], "draft": None, "suggestions": [], "playing": None, "wrap": None, **more,
    }  # fmt: skip


def other_ring() -> dict[str, Any]:
    """Another caller, whom nobody knows."""
    card: dict[str, Any] = {
        "contact_id": OTHER_CALL, "number": "136****9012", "number_kind": "mobile",
        "queue": "after_sales", "as_of": data.NOW, "customer": None, "matches": [],
    }  # fmt: skip
    brief = {**BRIEF, "why": [], "first": [], "path": [], "opening": ""}
    return ring(OTHER_CALL, card=card, brief=brief)


def talk(**more: Any) -> dict[str, Any]:
    """The same call, answered."""
    return ring(
        state="talking", answered_at="2026-11-22T06:27:23Z", turns=TURNS, draft=DRAFT, **more
    )


def wrap(**more: Any) -> dict[str, Any]:
    """The same call, over."""
    return talk(wrap={**WRAP, **more})


class Desk:
    """What a test sets (`agent` is laid over lin) and what the console sent (`did`)."""

    def __init__(self) -> None:
        self.agent: dict[str, Any] = {}
        self.did: list[tuple[str, str, Any]] = []
        self.signed_out = False
        self.customer_exists = False

    def sent(self, verb: str) -> list[Any]:
        """The bodies of one verb."""
        return [body for _, name, body in self.did if name == verb]


def mount_desk(app: FastAPI, desk: Desk) -> None:
    """Note, draft, wrap-up, today's work, who the caller is."""
    _writing(app, desk)
    _people(app, desk)

    @app.get("/api/v1/desk/dispositions")
    async def dispositions() -> Any:
        return DISPOSITIONS

    @app.get("/api/v1/desk/todo")
    async def todo() -> Any:
        return {"items": TODO}


def _writing(app: FastAPI, desk: Desk) -> None:
    @app.put("/api/v1/contacts/{key}/{what}")
    async def write(key: str, what: str, body: dict[str, Any]) -> Any:
        if desk.signed_out:
            return JSONResponse({"code": "not_signed_in", "status": 401}, 401)
        desk.did.append((key, what, body))
        return {}

    @app.post("/api/v1/contacts/{key}/finish")
    async def finish(key: str, body: dict[str, Any]) -> Any:
        desk.did.append((key, "finish", body))
        return {"ticket_no": None}

    @app.post("/api/v1/contacts/{key}/wrap-up/extend")
    async def extend(key: str) -> Any:
        desk.did.append((key, "extend", None))
        return {"until": "2026-11-22T06:31:00Z"}


def _people(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/v1/contacts/{key}/card")
    async def card(key: str) -> Any:
        return {**CARD, "contact_id": key}

    @app.post("/api/v1/contacts/{key}/customer")
    async def choose(key: str, body: dict[str, Any]) -> Any:
        desk.did.append((key, "customer", body))
        return {**CARD, "contact_id": key}

    @app.post("/api/v1/customers", status_code=201)
    async def create(body: dict[str, Any]) -> Any:
        if desk.signed_out:
            return JSONResponse({"code": "not_signed_in", "status": 401}, 401)
        desk.did.append(("", "create", body))
        if desk.customer_exists:
            params = {"id": "c1", "name": "王建国"}
            return JSONResponse({"code": "customer_exists", "status": 409, "params": params}, 409)
        return {"id": "c1", "name": body["name"], "tier": body["tier"]}
