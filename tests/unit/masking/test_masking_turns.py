"""Numbers said in pieces, over several turns, with nods, echoes and corrections."""

from __future__ import annotations

import pytest

from callwright.masking import mask_turns

CONVERSATIONS = [
    (["您的手机号是多少？", "一三九", "嗯", "一二三四", "五六七八", "谢谢"],
     ["您的手机号是多少？", "***", "嗯", "****", "****", "谢谢"]),
    (["麻烦报一下身份证号码", "四四零三", "您继续", "零八一九九九零幺", "零八零零幺", "叉"],
     ["麻烦报一下身份证号码", "****", "您继续", "********", "*****", "*"]),
    (["提供一下银行卡号", "你等一下我找找", "不着急", "六二二二", "六二二二", "零二零零",
    "零二零零"],
     ["提供一下银行卡号", "你等一下我找找", "不着急", "****", "****", "****", "****"]),
    (["您的手机号是多少，我帮您查一下订单", "1391234567"],
     ["您的手机号是多少，我帮您查一下订单", "**********"]),
    (["您的订单号是多少", "二零二三", "嗯", "幺幺幺八零零零幺"],
     ["您的订单号是多少", "二零二三", "嗯", "幺幺幺八零零零幺"]),
    (["电话留一个吧", "嗯我电话是幺三九", "嗯哼", "幺二三四", "五六七九，不对，五六七八"],
     ["电话留一个吧", "嗯我电话是***", "嗯哼", "****", "****，不对，****"]),
    (["多少钱", "一百三十八", "太贵了", "便宜二十"], ["多少钱", "一百三十八", "太贵了",
    "便宜二十"]),
    (["What is your phone number?", "it is one three nine", "okay", "one two three four five six"],
     ["What is your phone number?", "it is *** ***** ****", "okay", "*** *** ***** **** **** ***"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "masked"), CONVERSATIONS)
def test_conversations(turns: list[str], masked: list[str]) -> None:
    assert [result.text for result in mask_turns(turns)] == masked


def test_spans_count_from_the_beginning_of_their_own_turn() -> None:
    _, second, _, fourth = mask_turns(["手机号？", "是139 12", "嗯", "34 5678"])
    assert [(span.start, span.end) for span in second.spans] == [(1, 7)]
    assert [(span.start, span.end) for span in fourth.spans] == [(0, 7)]
    assert second.spans[0].kind == fourth.spans[0].kind == "mobile"


def test_no_turns_no_results() -> None:
    assert mask_turns([]) == []
    assert mask_turns(["", ""])[1].text == ""
