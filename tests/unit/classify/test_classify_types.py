"""Which type a sentence gets: wishes, denials, finished matters, threats, other scripts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callwright.cli.try_ import load_types
from callwright.tickets.classify import classify
from callwright.tickets.model import Classification, Said

TABLE = load_types(None)

WISHES = [
    ("我要退款", "退款"), ("我昨天申请的退款到现在都没动静", "退款"), ("你们一直不给我退款",
    "退款"),
    ("东西质量太差了，把钱退给我", "退款"), ("我的洗衣机坏了不转了我要退款", "退款"),
    ("这个鞋子码数小了能不能换大一码", "退换货"), ("空调不制冷，叫师傅来看看", "维修"),
    ("电视开不了机了还在保修期内", "维修"), ("我要投诉你们那个送货员", "投诉"),
    ("包裹显示签收了但我没收到", "物流"), ("什么时候发货啊都五天了", "物流"),
    ("请问这款冰箱现在多少钱", "价格咨询"), ("我想再订两台", "产品咨询"), ("发票抬头开错了",
    "发票"),
    ("我想取消订单", "订单查询"), ("账号登录不上去了", "账户"), ("请问洗衣机怎么安装", "安装"),
]  # fmt: skip
DENIALS = [
    ("我不是要投诉，就是想问一下退款什么时候到", "退款"), ("我不是要投诉我就是想退款", "退款"),
    ("我不是来投诉的，我就是想换个新的", "退换货"), ("不想退款了", None), ("我没有要投诉的意思",
    None),
    ("我没有投诉你们", None), ("投诉就算了吧", None), ("投诉倒不至于，就是希望快点送货", "物流"),
    ("退款就不用了给我换一个就行", "退换货"), ("我不退款了，你们给我换货吧", "退换货"),
    ("不需要维修了，直接退货吧", "退换货"), ("退货我就不退了，给我补个差价吧", "退款"),
    ("取消退款申请", None), ("别跟我提退款，我要的是修好", "维修"), ("洗衣机没有坏", None),
    ("要不是你们拖着我也不会投诉", None), ("不用开发票", None),
]  # fmt: skip
NO_DENIALS = [
    ("我不是不想退款，是等太久了", "退款"), ("不得不投诉你们了", "投诉"), ("我没有说不退款",
    "退款"),
    ("怎么可能不投诉", "投诉"), ("不退货不行", "退换货"), ("是不是可以退款", "退款"),
    ("能不能帮我退款", "退款"), ("退款还没到账", "退款"), ("怎么还没退款啊", "退款"),
    ("不投诉你们投诉谁", "投诉"), ("不好意思我要退款", "退款"),
]  # fmt: skip
FINISHED = [
    ("上次退款已经收到了，谢谢，我想再买一台", "产品咨询"),
    ("上次那个退款已经收到了谢谢你们我今天是想再买一台洗衣机", "产品咨询"),
    ("之前的投诉你们已经处理好了，我今天要开发票", "发票"), ("退款到账了谢谢", None),
    ("谢谢你们帮我退款", None), ("他说已经给我退款了，可是我卡里没到账", "退款"),
    ("快递已经收到了，但是东西坏了", "维修"), ("退款是退了，但是少退了五十块", "退款"),
]  # fmt: skip
SCRIPTS = [
    ("我要退貨，東西不合適", "退换货"), ("請問我的包裹什麼時候到", "物流"),
    ("我要投訴你們的客服", "投诉"),
    ("我不是要投訴，只是想問運費多少", "物流"), ("where is my order", "订单查询"),
    ("I don't want a refund, I want it repaired", "维修"), ("I haven't received my refund", "退款"),
    ("I'm not calling to complain, I just want to know the price", "价格咨询"),
    ("thanks for the refund, I'd like to buy another one", "产品咨询"),
    ("I am not asking for a refund. Can you send a technician?", "维修"),
    ("我要refund，这个东西not working", "退款"), ("帮我check一下我的order status", "订单查询"),
    ("我要推款", "退款"), ("我要投素你们", "投诉"), ("帮我推货吧", "退换货"),
]  # fmt: skip
NOTHING = [
    "喂喂听得到吗", "我打错电话了不好意思", "你们几点下班", "嗯好的谢谢再见", "五六天了",
    "你别发火",
    "hello can you hear me", "the border is crossed", "", "。。。", "😀", "13153150",
]  # fmt: skip


def ask(text: str, tier: str | None = None) -> Classification:
    return classify([Said("customer", text)], TABLE, tier=tier)


def talk(*turns: tuple[str, str]) -> Classification:
    return classify([Said(speaker, text) for speaker, text in turns], TABLE)


@pytest.mark.parametrize(
    ("text", "expected"), [*WISHES, *DENIALS, *NO_DENIALS, *FINISHED, *SCRIPTS]
)
def test_type_of_a_sentence(text: str, expected: str | None) -> None:
    assert ask(text).type == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_fits_nothing_is_invented(text: str) -> None:
    answer = ask(text)
    assert (answer.type, answer.department, answer.evidence) == (None, None, ())
    assert answer.reasons == ("no keyword fits: no type",)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("agent", "退款维修投诉都可以办理"), ("customer", "我想问下营业时间")], None),
        ([("agent", "您是要退款吗"), ("customer", "对")], "退款"),
        ([("agent", "您是要退款吗"), ("customer", "不是")], None),
        ([("agent", "请问您要投诉吗？"), ("customer", "不是，我想查一下快递")], "物流"),
        ([("agent", "退款已经给您办好了"), ("customer", "谢谢")], None),
        ([("agent", "可以退款或者维修"), ("customer", "那就维修吧")], "维修"),
        ([("system", "投诉请按一"), ("customer", "多少钱")], "价格咨询"),
    ],
)
def test_whose_words_count(turns: Sequence[tuple[str, str]], expected: str | None) -> None:
    assert talk(*turns).type == expected


def test_evidence_is_the_whole_sentence_with_turn_and_rule() -> None:
    answer = talk(("agent", "您好"), ("customer", "你好。我買的洗衣機壞了，我要退款！謝謝"))
    first = answer.evidence[0]
    assert (first.text, first.turn, first.rule) == ("我買的洗衣機壞了，我要退款", 1, "退款:退款")
    assert "维修:坏了 is mentioned" in answer.reasons


def test_of_two_wishes_the_earlier_counts_and_threats_weigh_little() -> None:
    assert ask("我要开发票，我要退款").type == "发票"
    assert ask("我要退款，我要开发票").type == "退款"
    assert ask("再不给我退款我就投诉").type == "退款"
