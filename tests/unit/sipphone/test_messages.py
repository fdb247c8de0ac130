"""SIP messages and addresses: what is read back is what was written; rubbish is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.integrations.sipphone.address import (
    parse_address,
    quoted_name,
    sip_uri,
    split_list,
    uri_host,
    uri_user,
)
from callwright.integrations.sipphone.message import Headers, Request, Response, parse, respond
from callwright.kit.errors import CallwrightError

COMPACT = (
    b"INVITE sip:4008001234@10.0.0.1 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.3;branch=z9hG4bK2\r\n"
    b'f: "Li, \\"Lei\\"" <sip:13912345678@10.0.0.2>;tag=a\r\n'
    b"t: <sip:4008001234@10.0.0.1>\r\n"
    b"i: one\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"X-Long: first\r\n  second\r\n"
    b"l: 3\r\n\r\nabcdef"
)


def test_compact_folded_and_listed_headers() -> None:
    request = parse(COMPACT)
    assert isinstance(request, Request)
    assert request.method == "INVITE"
    assert request.headers.branch == "z9hG4bK1"
    assert len(request.headers.all("Via")) == 2
    assert request.headers.sequence == (7, "INVITE")
    assert request.headers.get("x-long") == "first second"
    assert request.body == b"abc"
    caller = parse_address(request.headers.get("From"))
    assert (caller.name, caller.user, caller.tag) == ('Li, "Lei"', "13912345678", "a")


def test_response_copies_what_it_must() -> None:
    request = parse(COMPACT)
    assert isinstance(request, Request)
    ringing = parse(respond(request, 180, "Ringing", tag="b").render())
    assert isinstance(ringing, Response)
    assert ringing.headers.all("Via") == request.headers.all("Via")
    assert parse_address(ringing.headers.get("To")).tag == "b"
    trying = respond(request, 100, "Trying", tag="b")
    assert parse_address(trying.headers.get("To")).tag == ""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hello", "no Via"),
        (COMPACT.replace(b"CSeq: 7 INVITE", b"CSeq: seven INVITE"), "CSeq"),
        (COMPACT.replace(b"l: 3", b"l: 300"), "shorter"),
        (COMPACT.replace(b"l: 3", b"l: -1"), "Content-Length"),
        (COMPACT.replace(b"INVITE sip:4008001234@10.0.0.1 SIP/2.0", b"INVITE"), "neither"),
        (COMPACT.replace(b"i: one", b"no colon here"), "without a name"),
        (COMPACT.replace(b"v: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1", b"v: x"), "Via"),
        (b"x" * 70_000, "too long"),
    ],
)
def test_rubbish_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        parse(data)
    assert caught.value.code == "malformed_sip"
    assert why in str(caught.value.params["why"])


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    for candidate in (data, COMPACT[:60] + data, COMPACT[:-9] + data):
        try:
            message = parse(candidate)
        except CallwrightError:
            continue
        parse_address(message.headers.get("From"))


@given(st.text(max_size=500))
def test_absurd_caller_ids_survive(number: str) -> None:
    uri = sip_uri(number, "127.0.0.1", 5060)
    assert uri.isascii()
    assert uri_user(uri) == number
    request = Request(
        "INVITE",
        uri,
        Headers(
            (
                ("Via", "SIP/2.0/UDP 127.0.0.1;branch=z9"),
                ("From", f"{quoted_name(number)}<{uri}>;tag=a"),
                ("To", "<sip:b@h>"),
                ("Call-ID", "one"),
                ("CSeq", "1 INVITE"),
            )
        ),
    )
    read = parse(request.render())
    sender = parse_address(read.headers.get("From"))
    assert sender.uri == uri
    assert sender.tag == "a"
    assert sender.name == "".join(char for char in number if char.isprintable())


def test_line_breaks_make_no_headers() -> None:
    headers = Headers((("Via", "SIP/2.0/UDP a;branch=b"), ("X-Name", "a\r\nX-Evil: yes")))
    text = Request("OPTIONS", "sip:a@b", headers).render().decode()
    assert "\r\nX-Evil" not in text


def test_hosts_and_lists() -> None:
    assert uri_host("sip:a@10.0.0.1:5070;lr") == ("10.0.0.1", 5070)
    assert uri_host("sip:10.0.0.1") == ("10.0.0.1", 5060)
    assert uri_host("sip:a@10.0.0.1:99999") is None
    assert uri_host("tel:+8613912345678") is None
    assert uri_user("tel:+8613912345678") == "+8613912345678"
    assert list(split_list('"a, b" <sip:x,y>;q=1, <sip:z>')) == ['"a, b" <sip:x,y>;q=1', "<sip:z>"]
