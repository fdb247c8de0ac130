"""What raises the priority, and what only sounds like it."""

from __future__ import annotations

import pytest

from callwright.cli.try_ import load_types
from callwright.tickets.classify import classify
from callwright.tickets.model import Said

TABLE = load_types(None)
CASES = [
    ("我想问一下发票", None, "normal"), ("我想问一下发票", "gold", "high"), ("退款", "VIP", "high"),
    ("退款", "钻石", "high"), ("退款", "silver", "normal"), ("打错了", "diamond", "high"),
    ("我要投诉", None, "high"), ("再不行我就投诉", None, "high"), ("我打12315去了", None, "high"),
    ("幺二三幺五我也会打的", None, "high"), ("一二三一五我都打过了", None, "high"),
    ("我要起诉你们", None, "high"), ("你们再不处理我就找律师了", None, "high"),
    ("找媒体曝光", None, "high"), ("工商局我都去过了", None, "high"), ("I will sue you",
    None, "high"),
    ("你們太過分了", None, "high"), ("插座起火了", None, "urgent"), ("電池爆炸了", None, "urgent"),
    ("热水器漏电把我电了一下", None, "urgent"), ("the charger caught fire", None, "urgent"),
    ("我不是要投诉", None, "normal"), ("我不会起诉你们的放心", None, "normal"),
    ("我不想找媒体", None, "normal"), ("没有起火，就是有点烫", None, "normal"),
    ("会不会爆炸啊", None, "normal"), ("没有人受伤", None, "normal"),
    ("我是工商银行的卡", None, "normal"), ("订单号是13153150", None, "normal"),
    ("上个月投诉过一次，已经解决了", None, "normal"), ("提个建议", None, "low"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tier", "priority"), CASES)
def test_priority(text: str, tier: str | None, priority: str) -> None:
    assert classify([Said("customer", text)], TABLE, tier=tier).priority == priority


def test_the_agents_words_never_raise_it() -> None:
    turns = [Said("agent", "您可以拨打12315投诉"), Said("customer", "不用，帮我退款")]
    assert classify(turns, TABLE).priority == "normal"


def test_what_raised_it_is_evidence() -> None:
    answer = classify([Said("customer", "我要退款。不然找律师")], TABLE)
    assert [(one.text, one.rule) for one in answer.evidence] == [
        ("我要退款", "退款:退款"),
        ("不然找律师", "escalation:律师"),
    ]
