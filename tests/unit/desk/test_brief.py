"""Why somebody calls, what to do first, how to begin: every word from a fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callwright.desk.model import EarlierCall, Facts, Press, brief
from callwright.desk.words import openings, tag

NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)  # half past ten in Shanghai


def facts(**changes: Any) -> Facts:
    """A customer of whom nothing is known but the name."""
    known: dict[str, Any] = {
        "now": NOW, "zone": "Asia/Shanghai", "waited_s": 12.34, "path": [], "name": "王建国",
        "agent": "林晓", "orders": [], "tickets": [], "earlier": [],
    }  # fmt: skip
    return Facts(**{**known, **changes})


def said(found: Facts, language: str = "zh-Hans") -> dict[str, Any]:
    return brief(found, openings(language, "zh-Hans"))


def ticket(no: int, days: int, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(days=days)
    return {"no": no, "type": "物流", "subject": "没收到", "created_at": at, **more}


def order(no: str, status: str, days: int) -> dict[str, Any]:
    return {"no": no, "item": "空气炸锅", "status": status, "placed_at": NOW - timedelta(days=days)}


def call(hours: float, reason: str) -> EarlierCall:
    return EarlierCall(f"c{hours:g}", NOW - timedelta(hours=hours), reason)


def test_nothing_known_says_nothing() -> None:
    found = said(facts(name=""))
    assert found == {
        "why": [], "first": [], "waited_s": 12.3, "path": [],
        "opening": "您好，我是客服林晓。请问怎么称呼您？",
    }  # fmt: skip


def test_the_menu_path_is_the_first_reason() -> None:
    found = said(facts(path=[Press("2", "售后服务"), Press("1", "退款退货")]))
    assert found["why"] == [
        {"code": "menu", "params": {"path": "售后服务 › 退款退货"}, "source": "menu"}
    ]
    assert found["path"] == [
        {"digits": "2", "label": "售后服务"}, {"digits": "1", "label": "退款退货"},
    ]  # fmt: skip


def test_the_most_pressing_comes_first() -> None:
    found = said(
        facts(
            tickets=[ticket(10002, 3), ticket(10001, 2, due_at=NOW - timedelta(hours=20))],
            orders=[order("46801", "refunding", 2), order("46802", "delivered", 2)],
            earlier=[call(1, "abandoned_queue"), call(30, "completed")],
        )
    )
    assert [(entry["kind"], entry["ref"]) for entry in found["first"]] == [
        ("overdue_ticket", "10001"),
        ("abandoned_before", "c1"),
        ("order_problem", "46801"),
        ("repeat_call", "c30"),
        ("open_ticket", "10002"),
    ]
    assert found["first"][0]["params"] == {
        "no": 10001, "type": "物流", "subject": "没收到", "days": 2, "hours": 20
    }  # fmt: skip
    assert [entry["source"] for entry in found["why"]] == [
        "ticket:10001", "contact:c1", "order:46801", "contact:c30", "ticket:10002",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "days", "trouble"),
    [
        ("shipped", 6, False), ("shipped", 7, True), ("paid", 9, True), ("refunding", 0, True),
        ("delivered", 90, False), ("refunded", 90, False), ("cancelled", 90, False),
    ],
)  # fmt: skip
def test_orders_in_trouble(status: str, days: int, trouble: bool) -> None:
    found = said(facts(orders=[order("46801", status, days)]))
    assert bool(found["first"]) is trouble
    if trouble:
        assert found["first"][0]["params"] == {
            "no": "46801", "item": "空气炸锅", "status": status, "days": days
        }  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "reason", "kinds"),
    [
        (10.4, "abandoned_queue", ["abandoned_before"]),
        (10.6, "abandoned_queue", []),  # yesterday where the company is
        (167, "completed", ["repeat_call"]),
        (169, "completed", []),
        (2, "completed", ["repeat_call"]),
    ],
)
def test_earlier_calls(hours: float, reason: str, kinds: list[str]) -> None:
    found = said(facts(earlier=[call(hours, reason)]))
    assert [entry["kind"] for entry in found["first"]] == kinds


@pytest.mark.parametrize(
    ("language", "changes", "sentence"),
    [
        ("zh-Hans", {}, "您好，我是客服林晓。请问是王建国吗？"),
        ("zh", {"name": "John Smith"}, "您好，我是客服林晓。请问是 John Smith 吗？"),
        ("zh-Hant", {"name": "王建國", "waited_s": 75.0},
         "您好，我是客服林晓。請問是王建國嗎？讓您久候了，非常抱歉。"),
        ("en", {"name": "John Smith", "agent": "Ann Lee"},
         "Hello, this is Ann Lee from customer service. Am I speaking with John Smith?"),
        ("en-US", {"name": "", "agent": "林晓"},
         "Hello, thank you for calling. May I have your name, please?"),
        ("zh-Hans", {"tickets": [ticket(10002, 3)]},
         "您好，我是客服林晓。请问是王建国吗？"
         "您反映的问题（工单 10002）我们还在处理，我先为您看一下进展。"),
        ("zh-Hans", {"name": "", "tickets": [ticket(10002, 3)]},
         "您好，我是客服林晓。请问怎么称呼您？"),
    ],
)  # fmt: skip
def test_openings(language: str, changes: dict[str, Any], sentence: str) -> None:
    assert said(facts(**changes), language)["opening"] == sentence


@pytest.mark.parametrize(
    ("language", "company", "ours"),
    [
        ("zh", "zh-Hant", "zh-Hant"), ("zh", "en", "zh-Hans"), ("zh-TW", "zh-Hant", "zh-Hant"),
        ("en", "zh-Hans", "en"), ("fr", "zh-Hans", "en"), ("zh-Hant", "zh-Hans", "zh-Hant"),
    ],
)  # fmt: skip
def test_which_language(language: str, company: str, ours: str) -> None:
    assert tag(language, company) == ours
