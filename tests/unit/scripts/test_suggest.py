"""The replies that fit the last sentences, with the words that made them fit."""

from __future__ import annotations

import pytest
from tests.unit.scripts.material import demo_scripts, script

from callwright.scripts.suggest import Heard, suggest


def titles(*heard: tuple[str, str]) -> list[str]:
    found = suggest(demo_scripts(), [Heard(speaker, text) for speaker, text in heard])
    return [suggestion.script.body.title for suggestion in found]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("我的包裹物流信息一个星期没更新了，一直停在杭州", "物流停滞"),
        ("退款怎么还没到账啊，都五天了", "退款未到账"),
        ("我想开一张发票", "开发票"),
        ("师傅说好今天来怎么没来", "安装师傅未到"),
        ("洗衣机底下漏水", "漏水排查"),
        ("你们再不处理我就打12315", "监管部门"),
        ("訂單的發票抬頭寫錯了", "改抬头"),
        ("where is my order", "Tracking"),
    ],
)
def test_the_right_reply_is_among_three(said: str, title: str) -> None:
    found = titles(("customer", said))
    assert title in found
    assert len(found) <= 3


def test_the_words_that_fitted_are_named() -> None:
    [best, *_] = suggest(demo_scripts(), [Heard("customer", "底下漏水")])
    assert best.why == ("漏水",)


def test_a_reason_is_all_that_was_said_of_a_keyword_and_no_piece_of_it() -> None:
    late = script(1, title="发货时间", keywords=["什么时候发货", "发货"])
    others = [script(n, title=f"第{n}条") for n in range(2, 30)]
    heard = [Heard("customer", "你们什么时候能把货发出来"), Heard("customer", "到底发货了没有")]
    [best] = suggest([late, *others], heard)
    assert set(best.why) == {"什么时候", "发货"}


def test_customers_count_more_than_agents_and_late_more_than_early() -> None:
    scripts = [script(1, title="退款"), script(2, title="发票"), script(3, title="安装")]
    both = [Heard("agent", "退款退款"), Heard("customer", "发票")]
    keen = [script(n.head.number, title=n.body.title, keywords=[n.body.title]) for n in scripts]
    assert suggest(keen, both)[0].script.head.number == 2
    turns = [Heard("customer", "退款"), *[Heard("customer", "嗯")] * 3, Heard("customer", "安装")]
    assert suggest(keen, turns)[0].script.head.number == 3


def test_talk_about_nothing_suggests_nothing() -> None:
    assert titles(("customer", "喂，你好"), ("agent", "您好")) == []
    assert titles() == []
    assert titles(("system", "物流停滞 退款 发票")) == []
