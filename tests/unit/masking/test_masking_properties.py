"""Whatever the text: spans lie in it, lengths stay, nothing raises, nothing is found twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.masking import Masked, mask, mask_turns
from callwright.masking.alphabet import SPOKEN_DIGITS

PIECES = st.sampled_from(
    [
        "13912345678", "幺三九幺二三四五六七八", "44030819990108001X", "6217001234567890122",
        "手机号", "卡号", "身份证", "订单号", "微信", "护照", "是", "嗯", "好的", "不对",
        "two three",
        "a", "zhang@qq.com", "京A12345", "E12345678", "010-62345678", "转801", "元", "年", "9",
        "两",
        "138****5678", "*", "400-820-8820", "95588", "一百三十八", "double one", "+86", "，",
        " ", "\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("，".join))
DIGITS = st.text("0123456789", min_size=8, max_size=8)


def assert_sound(text: str, result: Masked) -> None:
    assert len(result.text) == len(text)
    reached = 0
    for span in result.spans:
        assert reached <= span.start < span.end <= len(text)
        reached = span.end
    outside = [i for i in range(len(text)) if not any(s.start <= i < s.end for s in result.spans)]
    assert all(result.text[i] == text[i] for i in outside)


@settings(max_examples=300)
@given(TEXTS)
def test_any_text(text: str) -> None:
    assert_sound(text, mask(text))


@settings(max_examples=200)
@given(st.lists(TEXTS, max_size=6))
def test_any_conversation(turns: list[str]) -> None:
    results = mask_turns(turns)
    assert len(results) == len(turns)
    for turn, result in zip(turns, results, strict=True):
        assert_sound(turn, result)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=10).map("，".join))
def test_masked_text_hides_nothing_more(text: str) -> None:
    assert mask(mask(text).text).spans == ()


@settings(max_examples=200)
@given(DIGITS, st.sampled_from(["", "我的电话", "手机号是", "回电", "联系方式："]), st.booleans())
def test_every_mobile_number_is_found(tail: str, before: str, spoken: bool) -> None:
    number = "139" + tail
    if spoken:
        said = {digit: char for char, digit in SPOKEN_DIGITS.items()}
        number = "".join(said[digit] for digit in number)
    text = f"{before}{number}，谢谢"
    (span,) = mask(text).spans
    assert (span.kind, text[span.start : span.end]) == ("mobile", number)
