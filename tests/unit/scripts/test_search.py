"""A script is found by its number, words, first letters and pinyin, always in the same order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.scripts.material import demo_scripts, script

from callwright.scripts.chinese import initials, plain, spells, syllables
from callwright.scripts.search import search


@pytest.mark.parametrize(
    ("typed", "first", "why"),
    [
        ("S-054", "S-054", "no"),
        ("s54", "S-054", "no"),
        ("54", "S-054", "no"),
        ("物流停滞", "S-054", "title"),
        ("物流停滯", "S-054", "title"),
        ("wltz", "S-054", "initials"),
        ("wlts", "S-054", "initials"),
        ("WLTZ", "S-054", "initials"),
        ("wuliutingzhi", "S-054", "pinyin"),
        ("wuliu tingzhi", "S-054", "pinyin"),
        ("wuliut", "S-054", "pinyin"),
        ("wlting", "S-054", "pinyin"),
        ("漏水", "S-046", "keyword"),
        ("cfkk", "S-096", "initials"),
        ("chongfuk", "S-096", "pinyin"),
        ("12315", "S-078", "keyword"),
        ("發票", "S-093", "keyword"),
        ("call back", "S-119", "title"),
        ("发票 税号", "S-094", "keyword"),
        ("高空作业", "S-139", "text"),
        ("ＶＩＰ", None, None),
        ("", None, None),
        ("   ", None, None),
        ("不存在的话", None, None),
    ],
)
def test_what_people_type(typed: str, first: str | None, why: str | None) -> None:
    hits = search(demo_scripts(), typed)
    assert (hits[0].script.head.no if hits else None) == first
    assert (hits[0].why if hits else None) == why


def test_equals_come_in_the_preferred_language_and_variables_are_no_words() -> None:
    scripts = [
        script(1, title="退款", text="订单{order_no}"),
        script(2, title="退款", language="zh-Hant"),
        script(3, title="Order", language="en"),
    ]
    assert [hit.script.head.number for hit in search(scripts, "退款", "zh-Hant")] == [2, 1]
    assert [hit.script.head.number for hit in search(scripts, "退款")] == [1, 2]
    assert [hit.script.head.number for hit in search(scripts, "order")] == [3]


def test_better_ways_come_first_and_equals_by_number() -> None:
    scripts = [
        script(5, title="别的", text="这里说到退款"),
        script(4, title="申请退款"),
        script(3, title="退款到账"),
        script(2, title="退款"),
        script(1, title="没有", keywords=["退款"]),
        script(6, title="退款到哪"),
    ]
    assert [hit.script.head.number for hit in search(scripts, "退款")] == [1, 2, 3, 6, 4, 5]
    assert search(scripts, "退款") == search(list(reversed(scripts)), "退款")


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("银行", "yh"), ("行长", "hz"), ("重复", "cf"), ("重量", "zl"), ("还款", "hk"),
        ("长度", "cd"), ("音乐", "yy"), ("快乐", "kl"), ("便宜", "py"), ("绿色", "ls"),
    ],
)  # fmt: skip
def test_words_decide_how_a_character_is_read(word: str, letters: str) -> None:
    assert letters in initials(syllables(word))


def test_a_character_alone_keeps_all_its_readings() -> None:
    assert set(initials(syllables("还"))) >= {"h"}
    assert {"z", "c"} <= set(initials(syllables("重")))


def test_umlaut_is_typed_v_or_u() -> None:
    assert all(spells(typed, syllables("绿色")) for typed in ("lvse", "luse", "lvs"))


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_initials_and_full_pinyin_always_spell_the_word(word: str) -> None:
    read = syllables(plain(word))
    assert all(spells(way, read) for way in initials(read))
    assert spells("".join(readings[0] for readings in read), read)
    assert not spells("".join(readings[0] for readings in read) + "zzz", read)


@given(st.text(max_size=30))
def test_nothing_typed_breaks_it(typed: str) -> None:
    hits = search(demo_scripts(), typed)
    assert len({hit.script.head.number for hit in hits}) == len(hits)
