from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.integrations.pbx.outside_text import (
    LONGEST_HEADER,
    LONGEST_NAME,
    LONGEST_NUMBER,
    caller_name,
    caller_number,
    object_id,
    sip_headers,
)
from callwright.kit.errors import CallwrightError


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("(021) 6234 5678", "02162345678"),
        ("*67#", "*67#"),
        ("", "anonymous"),
        ("🦊", "anonymous"),
        ("a;b@c", "abc"),
    ],
)
def test_numbers(raw: str, clean: str) -> None:
    assert caller_number(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("王小明", "王小明"),
        ("𠮷野家", "𠮷野家"),
        ('O"Hara <x>', "O Hara x"),
        ("a\r\nb", "a b"),
        ("🦊 fox", "fox"),
        ("  ", ""),
        ("Jean-Luc (VIP)", "Jean-Luc (VIP)"),
    ],
)
def test_names(raw: str, clean: str) -> None:
    assert caller_name(raw) == clean


@given(st.text())
def test_no_text_gets_through_that_could_break_a_message(raw: str) -> None:
    name, number = caller_name(raw), caller_number(raw)
    assert len(name) <= LONGEST_NAME
    assert 1 <= len(number) <= LONGEST_NUMBER
    assert not set('"\\<>@;:,\r\n\0') & set(name + number)
    assert number.isascii()
    value = sip_headers({"X-Note": raw})["X-Note"]
    assert len(value) <= LONGEST_HEADER
    assert value.isprintable()


@pytest.mark.parametrize("name", ["", "X Y", "X:Y", "X\r\nY", "1X", "名"])
def test_header_names_are_checked(name: str) -> None:
    with pytest.raises(CallwrightError, match="headers"):
        sip_headers({name: "value"})


@pytest.mark.parametrize("value", ["", "a b", "a/b", "../x", "a)b", "名", "x" * 65])
def test_names_on_the_pbx_are_checked(value: str) -> None:
    with pytest.raises(CallwrightError) as refusal:
        object_id("leg", value)
    assert refusal.value.params["field"] == "leg"
