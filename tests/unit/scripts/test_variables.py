"""Scripts filled from the card: as written, as spoken, and what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callwright.scripts.model import Body
from callwright.scripts.variables import VARIABLES, Value, fill, names_in

TODAY = date(2026, 11, 25)
VALUES: dict[str, Value] = {
    "customer_name": "王建国", "phone": "138****7391", "phone_tail": "7391", "order_no": "46801",
    "item": "空气炸锅", "amount": Decimal("128.50"), "order_date": date(2025, 12, 31),
    "date": date(2026, 11, 27), "ticket_no": "10001",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "written", "spoken"),
    [
        ("{客户姓名}您好", "zh-Hans", "王建国您好", "王建国您好"),
        ("尾号是{phone_tail}吗", "zh-Hans", "尾号是7391吗", "尾号是七三九幺吗"),
        ("用{phone}的号码", "zh-Hans", "用138****7391的号码", "用尾号七三九幺的号码"),
        ("订单{order_no}", "zh-Hant", "订单46801", "订单四六八零一"),
        ("退款{amount}元已提交", "zh-Hans", "退款128.50元已提交", "退款一百二十八元五角已提交"),
        ("退款{ 金额 }，", "zh-Hans", "退款128.50元，", "退款一百二十八元五角，"),
        ("共¥{amount}。", "zh-Hans", "共¥128.50。", "共一百二十八元五角。"),
        ("refund of {amount} yuan.", "en", "refund of 128.50 yuan.",
         "refund of one hundred and twenty-eight point five yuan."),
        ("{date}送到", "zh-Hans", "11月27日送到", "十一月二十七日送到"),
        ("{order_date}下单", "zh-Hans", "2025年12月31日下单", "二零二五年十二月三十一日下单"),
        ("by {date}", "en", "by 27 November", "by the twenty-seventh of November"),
        ("工单{ticket_no}", "zh-Hans", "工单10001", "工单幺零零零幺"),
    ],
)  # fmt: skip
def test_filled(text: str, language: str, written: str, spoken: str) -> None:
    filled = fill(text, VALUES, language, TODAY)
    assert (filled.text, filled.spoken, filled.missing) == (written, spoken, ())


def test_missing_values_are_named_once_and_stay_visible() -> None:
    filled = fill("{公司}：{company}，{item}，{工单号}", {"item": "锅"}, "zh-Hans", TODAY)
    assert filled.missing == ("company", "ticket_no")
    assert filled.text == "{公司}：{company}，锅，{工单号}"


def test_a_date_said_in_words_is_taken_as_it_is() -> None:
    filled = fill("{date}送到", {"date": "明天上午"}, "zh-Hans", TODAY)
    assert (filled.text, filled.spoken) == ("明天上午送到", "明天上午送到")


def test_names_are_known_by_all_their_words() -> None:
    assert names_in("{订单号}{order_no}{訂單編號}") == ["order_no"]
    names = [name for known in VARIABLES.values() for name in (known.name, *known.also)]
    assert len(names) == len(set(names))


def test_an_unknown_variable_is_refused_when_it_is_written() -> None:
    with pytest.raises(ValidationError, match="unknown variables: 客户名"):
        Body(title="a", text="{客户名}您好", group="b")


@given(st.text(max_size=60), st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
def test_text_without_places_is_left_alone(text: str, language: str) -> None:
    plain = text.replace("{", "").replace("}", "")
    filled = fill(plain, VALUES, language, TODAY)
    assert (filled.text, filled.spoken, filled.missing) == (plain, plain, ())
