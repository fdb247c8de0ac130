"""The automatic summary, and what counts as a promise."""

from __future__ import annotations

import pytest

from callwright.desk.summary import Talk, promised, summary
from callwright.desk.words import summaries
from callwright.tickets.model import Said

TURNS = [
    Said("agent", "您好，请讲。"),
    Said("customer", "我要退款，你们会给我退吗？我会再打电话。"),
    Said("agent", "好的，我马上为您安排退款。三天内会有专员给您回电。还需要我帮您查什么吗？"),
]
TALK = Talk("王建国", "diamond", 48.4, 252.0, ["我要退款", "我要退款"], TURNS,
            {"no": 10007, "type": "退款", "priority": "high"})  # fmt: skip


def test_the_whole_summary() -> None:
    assert summary(TALK, summaries("zh-Hans")) == (
        "客户：王建国（钻石会员），等待 0:48，通话 4:12。\n"
        "来意：「我要退款」\n"
        "承诺：「好的，我马上为您安排退款」、「三天内会有专员给您回电」\n"
        "工单：10007（退款，高）"
    )


def test_in_the_words_of_taiwan_and_hong_kong() -> None:
    talk = Talk("陳雅婷", "normal", 0, 61, [], [], None)
    assert summary(talk, summaries("zh-Hant")) == "客戶：陳雅婷，等候 0:00，通話 1:01。"


def test_nothing_is_said_that_is_not_known() -> None:
    talk = Talk("", "", 5, 30, [], [], {"no": 1, "type": None, "priority": "normal"})
    assert summary(talk, summaries("en")) == (
        "Customer: not on file, waited 0:05, talked 0:30.\nTicket: 1 (unclassified, normal)"
    )


@pytest.mark.parametrize(
    ("sentence", "is_promise"),
    [
        ("我帮您登记一下，尽快给您回复", True),
        ("我們會盡快給您回電", True),
        ("We will send you a replacement tomorrow", True),
        ("I'll call you back this afternoon", True),
        ("您要我帮您查一下吗", False),
        ("Should we send it again?", False),
        ("快递昨天已经送到了", False),
        ("请稍等", False),
    ],
)
def test_promises(sentence: str, is_promise: bool) -> None:
    assert promised([Said("agent", sentence)]) == ([sentence.rstrip("?")] if is_promise else [])
    assert promised([Said("customer", sentence)]) == []
