"""Tables of one's own: read strictly, matched as written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.kit.errors import CallwrightError
from callwright.tickets.classify import classify
from callwright.tickets.model import Said, parse_table

ROW: dict[str, Any] = {"type": "漏水", "department": "工程", "keywords": ["漏水", "渗水"]}
WRONG: list[tuple[Any, str]] = [
    ([], "types"), ({"type": "x"}, "types"), ([3], r"types\[0\]"),
    ([{**ROW, "keywords": []}], r"types\[0\]\.keywords"),
    ([ROW, {**ROW, "keywords": ["a", 3]}], r"types\[1\]\.keywords\[1\]"),
    ([{**ROW, "priority": "asap"}], r"types\[0\]\.priority"),
    ([{**ROW, "speaker": "boss"}], r"types\[0\]\.speaker"),
    ([{**ROW, "keyword": ["a"]}], r"types\[0\]\.keyword"),
    ([{"type": "x", "keywords": ["a"]}], r"types\[0\]\.department"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "place"), WRONG)
def test_a_wrong_table_is_refused_and_the_place_named(body: Any, place: str) -> None:
    with pytest.raises(CallwrightError, match=place):
        parse_table(body)


def test_not_speaker_and_priority_of_a_row() -> None:
    table = parse_table(
        [
            {**ROW, "not": ["会漏水吗"], "priority": "urgent"},
            {"type": "承诺", "department": "质检", "keywords": ["保证"], "speaker": "agent"},
            {"type": "退会", "department": "会员", "keywords": ["cancel"], "speaker": "any"},
        ]
    )
    leak = classify([Said("customer", "厨房漏水了")], table)
    assert (leak.type, leak.department, leak.priority) == ("漏水", "工程", "urgent")
    assert classify([Said("customer", "这个水管会漏水吗")], table).type is None
    assert classify([Said("agent", "我保证三天到")], table).type == "承诺"
    assert classify([Said("customer", "你保证三天到")], table).type is None
    assert classify([Said("agent", "cancel it")], table).type == "退会"


def test_one_keyword_in_two_rows_counts_for_both_and_longer_words_hide_shorter() -> None:
    table = parse_table(
        [
            {"type": "甲", "department": "一", "keywords": ["退款"]},
            {"type": "乙", "department": "二", "keywords": ["退款政策"]},
            {"type": "丙", "department": "三", "keywords": ["退款"]},
        ]
    )
    assert classify([Said("customer", "退款政策")], table).type == "乙"
    assert "丙: 1" in classify([Said("customer", "退款")], table).reasons


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["customer", "agent"]), st.text(max_size=40)), max_size=5)
)
def test_any_words_get_an_answer_and_evidence_that_was_said(turns: list[tuple[str, str]]) -> None:
    said = [Said(speaker, text) for speaker, text in turns]
    answer = classify(said, parse_table([ROW, {**ROW, "type": "x", "keywords": ["a", "1"]}]))
    assert (answer.type is None) == (answer.department is None)
    for proof in answer.evidence:
        assert proof.text in said[proof.turn].text
