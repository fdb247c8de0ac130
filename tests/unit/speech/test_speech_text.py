"""What a recogniser says is cleaned; what nobody said is dropped; what was said stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.integrations.speech.text import (
    is_invented,
    is_looping,
    is_said_twice,
    simplified,
    tidy,
)

PROMPT = "以下是普通话的客服电话：快递、物流、退款、退货、投诉。"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 。",
        "字幕由Amara.org社区提供",
        "中文字幕志愿者 李宗盛",
        "字幕志愿者 杨茜茜",
        "谢谢观看",
        "谢谢大家的观看！",
        "感谢收看本期节目",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "优优独播剧场——YoYo Television Series Exclusive",
        "Thanks for watching!",
        "Thank you for watching.",
        "Subtitles by the Amara.org community",
        PROMPT,
        "以下是普通话的句子",
        "快递，物流，退款，退货。",
        "铁铁铁铁铁铁铁",
        "嗯" * 60,
        "1-2-3-" + "4-" * 30,
    ],
)
def test_invented_text_is_dropped(text: str) -> None:
    assert is_invented(text, PROMPT)


@pytest.mark.parametrize(
    "text",
    [
        "谢谢。",
        "好的，谢谢你们，再见。",
        "视频没有字幕，我想退款。",
        "我在直播间点赞了，没有领到优惠券。",
        "我的手机号是13800000000。",
        "一三八零零零零零零零零",
        "喂喂喂，听得到吗？",
        "哈哈哈哈",
        "快递、物流。",
        "Thank you very much.",
        "不要不要，我不要了。",
    ],
)
def test_what_callers_say_stays(text: str) -> None:
    assert not is_invented(text, PROMPT)


def test_loops_are_noticed() -> None:
    assert is_looping("我想退款" * 8)
    assert is_said_twice("我现在就给您申请退款。我现在就给您申请退款。")
    assert is_said_twice(
        "明天上午10点可以吗？师傅会带一台机器。您先上午10点可以吗？师傅会带一台机器。"
    )
    assert not is_said_twice("好的好的，对对对。")
    assert not is_said_twice("手机号是13912345678，卡号是6217583947281938，您记一下。")
    assert not is_said_twice("我要退款，上次那台机器的退款还没到，这台我也要退。")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("我 想 退款", "我想退款"),
        (" 好的, 謝謝 ", "好的，謝謝"),
        ("Hello ,  how are you?", "Hello , how are you?"),
        ("买了 iPhone 16 手机?", "买了iPhone 16手机？"),
        ("满减 3.5 折", "满减3.5折"),
    ],
)
def test_spaces_and_marks(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_words_become_simplified_as_one_text() -> None:
    assert simplified(["換", "一首", "歌"]) == ["换", "一首", "歌"]
    assert simplified(["我", "想", "退貨", "，", "謝謝"]) == ["我", "想", "退货", "，", "谢谢"]


@given(st.lists(st.text(alphabet="我想退貨換機發髮乾隻裡a1， ", max_size=4), max_size=8))
def test_simplifying_keeps_the_words_apart(words: list[str]) -> None:
    assert [len(word) for word in simplified(words)] == [len(word) for word in words]


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
