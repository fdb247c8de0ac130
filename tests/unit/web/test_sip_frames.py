from __future__ import annotations

import pytest

from callwright.kit.errors import CallwrightError
from callwright.web.sip_frames import FrameGate

ME = "anna-web"


def frame(first: str = "REGISTER sip:callwright SIP/2.0", body: str = "", **changed: str) -> str:
    """A message as the browser's SIP library writes it."""
    headers = {
        "Via": "SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK56",
        "From": f'"安娜" <sip:{ME}@callwright>;tag=65bnmj',
        "To": f"<sip:{ME}@callwright>",
        "Call-ID": "aiuy7k9njasd",
        "CSeq": "1 REGISTER",
        "Contact": "<sip:kf3d9a@df7jal23ls0d.invalid;transport=ws>;expires=300",
        "Content-Length": str(len(body.encode())),
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{first}\r\n{lines}\r\n{body}"


CALL = "INVITE sip:600@callwright SIP/2.0"
THEIRS = '"x" <sip:ben-web@callwright>;tag=1'


@pytest.mark.parametrize(
    ("sent", "method"),
    [
        (frame(), "REGISTER"),
        (frame(CALL, "v=0\r\n"), "INVITE"),
        (frame(CALL, "安"), "INVITE"),
        (frame("SIP/2.0 200 OK", From="<sip:13900000001@10.0.0.1>;tag=9"), ""),
        (frame("SIP/2.0 180"), ""),
        ("\r\n\r\n", ""),
        (frame(From=f'"<sip:x@y> \\" z" <sip:{ME}@callwright>;tag=1'), "REGISTER"),
    ],
)
def test_what_a_phone_says_goes_through(sent: str, method: str) -> None:
    assert FrameGate(ME).check(sent) == method


def test_within_a_talk_a_phone_bears_its_contacts_name() -> None:
    gate = FrameGate(ME)
    goodbye = frame(
        "BYE sip:asterisk@127.0.0.1 SIP/2.0", From="<sip:kf3d9a@x>;tag=2", To="<sip:1@x>;tag=3"
    )
    with pytest.raises(CallwrightError):
        gate.check(goodbye)
    gate.check(frame())
    assert gate.check(goodbye) == "BYE"
    with pytest.raises(CallwrightError):  # a new request must bear the phone's
        gate.check(frame(CALL, From="<sip:kf3d9a@x>;tag=2"))


@pytest.mark.parametrize(
    "sent",
    [
        frame(From=THEIRS),
        frame(To="<sip:ben-web@callwright>"),
        frame(CALL, From=THEIRS),
        frame(CALL, From=f'"<sip:{ME}@callwright>" <sip:ben-web@callwright>;tag=1'),
        frame(CALL, From=f"<sip:{ME}@callwright>, <sip:ben-web@callwright>"),
        frame(CALL, From="sip:ben-web@callwright"),
        frame(CALL, From=f"<sip:{ME}:secret@callwright>"),
        frame(CALL, From="<sip:callwright>"),
        frame(CALL, From="<tel:13900000001>;tag=1"),
        frame(CALL, From="<sip:%61nna-web@callwright>"),
        frame(CALL, f=THEIRS),  # a second From, in short
        frame(CALL, **{"From ": THEIRS}),
        frame(CALL, Via=f"x\r\n From: {THEIRS}"),  # a folded line
        frame(CALL, Via=f"x\nFrom: {THEIRS}"),
        frame(CALL, Via=f"x\rFrom: {THEIRS}"),
        frame(CALL, Via="x\0"),
        frame(CALL, Content_Length="3"),
        frame(CALL, "abc", Content_Length="0"),
        frame(CALL, l="0"),
        frame() + frame(CALL, From=THEIRS),  # two messages in one frame
        frame("SIP/2.0 200 OK") + frame(CALL, From=THEIRS),
        "\r\n" + frame(),
        frame().replace("\r\n\r\n", "\r\n"),
        frame().replace("\r\n", "\n"),
        frame("register sip:callwright SIP/2.0"),
        frame("GET / HTTP/1.1"),
        "",
        "hello",
    ],
)
def test_anything_else_is_refused(sent: str) -> None:
    with pytest.raises(CallwrightError) as refused:
        FrameGate(ME).check(sent)
    assert refused.value.code == "not_allowed"
