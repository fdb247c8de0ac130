"""Names by characters, sounds and first letters; words and numbers by their pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from callwright.customers.names import LONGEST_WORD, typed_word, words_of
from callwright.kit.find import number_pieces, pieces, plain, typed_digits

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("王建国", "王", True), ("王建国", "建国", True), ("王建国", "建國", True),
        ("王建国", "wang", True), ("王建国", "Wang Jian-guo", True), ("王建国", "jianguo", True),
        ("王建国", "wjg", True), ("王建国", "WJ", True), ("王建国", "jg", True),
        ("王建国", "angjian", False), ("王建国", "李", False), ("王建国", "wg", False),
        ("陳美玲", "陈", True), ("陳美玲", "cml", True), ("单雄信", "shan", True),
        ("单雄信", "dan", True), ("吕布", "lv", True), ("吕布", "lü", True), ("吕布", "lu", True),
        ("Emma Brown", "brown", True), ("Emma Brown", "emma b", True), ("Emma Brown", "eb", True),
        ("Ｅｍｍａ", "emma", True), ("欧阳 娜娜", "oynn", True), ("O'Neil", "o'n", True),
    ],
)  # fmt: skip
def test_what_people_type_finds_the_name(name: str, typed: str, found: bool) -> None:
    assert (typed_word(typed) in words_of(name)) is found


@given(HAN, st.data())
def test_every_part_of_a_chinese_name_finds_it_by_sound_too(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    length = data.draw(st.integers(1, len(name) - start))
    part = plain(name)[start : start + length]
    assert typed_word(name[start : start + length]) in words_of(name)
    sounds = [lazy_pinyin(char)[0] for char in part]
    if all(sound.isascii() for sound in sounds):
        assert "".join(sounds)[:LONGEST_WORD] in words_of(name)
        assert "".join(sound[0] for sound in sounds) in words_of(name)


@given(st.text(max_size=300))
def test_no_name_breaks_it_and_words_stay_short(name: str) -> None:
    words = words_of(name)
    assert all(0 < len(word) <= LONGEST_WORD for word in words)
    assert typed_word(name) == "" or len(typed_word(name)) <= LONGEST_WORD


@given(st.text(max_size=60), st.data())
def test_a_word_in_a_text_has_all_its_pieces_there(text: str, data: st.DataObject) -> None:
    whole = plain(text)
    if not whole:
        return
    start = data.draw(st.integers(0, len(whole) - 1))
    word = whole[start : start + data.draw(st.integers(1, 6))]
    assert set(pieces([word], (min(2, len(word)),))) <= set(pieces([whole]))


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("7394", "7394"), ("138-1652", "1381652"), ("+86 138 1652 7394", "8613816527394"),
        ("0086138", "86138"), ("021-6275", "216275"), ("１３８", "138"), ("0193", "0193"),
        ("0000", "0000"), ("12", ""), ("退款", ""),
    ],
)  # fmt: skip
def test_typed_numbers(typed: str, digits: str) -> None:
    assert typed_digits(typed) == digits


@given(st.from_regex(r"\+861[3-9]\d{9}", fullmatch=True), st.integers(3, 11))
def test_the_last_digits_of_a_number_are_among_its_pieces(number: str, many: int) -> None:
    assert set(number_pieces(number[-many:])) <= set(number_pieces(number))
