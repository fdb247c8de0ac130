"""Whose word counts in the ticket draft, and what its subject is made of."""

from __future__ import annotations

from typing import Any

import pytest

from callwright.desk.drafts import draft, subject

FOUND = {
    "subject": "退款 · 空气炸锅", "type": "退款", "priority": "high", "department": "售后",
    "evidence": [{"text": "我要退款", "start": 1.0, "turn": "t1", "rule": "退款:退款"}],
}  # fmt: skip
TICKET = {
    "no": 10007, "subject": "", "type": "物流", "priority": "normal", "department": "物流",
    "evidence": [],
}  # fmt: skip
ORDERS = [{"no": "46801", "item": "空气炸锅"}, {"no": "46802", "item": "扫地机器人"}]


def test_no_word_no_draft() -> None:
    assert draft(None, {}, None) is None


def test_words_alone() -> None:
    assert draft(FOUND, {}, None) == {**FOUND, "edited": [], "ticket_no": None}


def test_what_the_agent_wrote_is_never_overwritten() -> None:
    edited = {"type": None, "priority": "low"}
    found = draft(FOUND, edited, TICKET)
    assert found is not None
    assert (found["type"], found["priority"], found["department"]) == (None, "low", "物流")
    assert found["edited"] == ["type", "priority"]
    assert found["ticket_no"] == 10007
    assert found["subject"] == "退款 · 空气炸锅", "the ticket has none yet"


def test_an_agent_alone_can_begin_it() -> None:
    found = draft(None, {"subject": "问发票"}, None)
    assert found is not None
    assert (found["subject"], found["type"], found["priority"]) == ("问发票", None, "normal")


@pytest.mark.parametrize(
    ("type_", "said", "expected"),
    [
        ("退款", ["我要退款"], "退款"),
        ("退款", ["我的空气炸锅想退"], "退款 · 空气炸锅"),
        ("退款", ["我的空氣炸鍋想退"], "退款 · 空气炸锅"),
        ("物流", ["订单号四六八零二", "还没到"], "物流 · 扫地机器人 · 46802"),
        ("物流", ["订单 46802 的空气炸锅"], "物流 · 扫地机器人 · 46802"),
        (None, ["那个空气炸锅"], "空气炸锅"),
        (None, ["你好"], ""),
    ],
)
def test_subjects(type_: str | None, said: list[str], expected: str) -> None:
    found: Any = subject(type_, said, ORDERS)
    assert found == expected
