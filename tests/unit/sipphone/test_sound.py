"""G.711, WAV files, RTP packets, session descriptions."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phones import tone

from callwright.integrations.sipphone.g711 import Law, decode, encode
from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.sipphone.rtp import KeyEvent, Packet, parse_key, parse_packet
from callwright.integrations.sipphone.sdp import describe, understand
from callwright.integrations.sipphone.wav import Codec, halve_rate, read_wav, write_wav
from callwright.kit.errors import CallwrightError

LAWS: tuple[Law, ...] = ("ulaw", "alaw")


@pytest.mark.parametrize("law", LAWS)
def test_every_code_comes_back(law: Law) -> None:
    codes = bytes(code for code in range(256) if not (law == "ulaw" and code == 0x7F))
    assert encode(decode(codes, law), law) == codes  # µ-law 0x7F is a second zero


@pytest.mark.parametrize(("law", "known"), [("ulaw", b"\xff\x80\x00"), ("alaw", b"\xd5\xaa\x2a")])
def test_known_codes(law: Law, known: bytes) -> None:
    assert encode(np.array([0, 32767, -32768], dtype=np.int16), law) == known


@pytest.mark.parametrize("law", LAWS)
def test_coding_noise_is_small(law: Law) -> None:
    pcm = tone(440)
    error = decode(encode(pcm, law), law).astype(float) - pcm
    assert 10 * np.log10((pcm.astype(float) ** 2).mean() / (error**2).mean()) > 35


@pytest.mark.parametrize("codec", ["pcm", "ulaw", "alaw"])
def test_wav_files_come_back(tmp_path: Path, codec: Codec) -> None:
    pcm = tone(440, 0.51)
    write_wav(tmp_path / "a.wav", pcm, codec=codec)
    read = read_wav(tmp_path / "a.wav")
    wanted = pcm if codec == "pcm" else decode(encode(pcm, codec), codec)
    assert np.array_equal(read, wanted)
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_16_khz_is_halved_without_aliases(tmp_path: Path) -> None:
    time = np.arange(16000) / 16000
    both = 6000 * np.sin(2 * np.pi * 1000 * time) + 6000 * np.sin(2 * np.pi * 6000 * time)
    body = both.astype("<i2").tobytes()
    head = struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(body)) + body
    (tmp_path / "a.wav").write_bytes(
        b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
    )
    pcm = read_wav(tmp_path / "a.wav")
    assert len(pcm) == 8000
    assert abs(tone_level(pcm, 1000) - 6000) < 60
    assert tone_level(pcm, 2000) < 30  # where 6 kHz would fold to
    assert np.array_equal(halve_rate(both.astype(np.int16)), pcm)


def _wav(number: int, channels: int, rate: int, bits: int) -> bytes:
    form = struct.pack("<HHIIHH", number, channels, rate, rate, 1, bits)
    return b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", 16) + form + b"data\2\0\0\0\0\0"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"ID3 this is no wav file", "not a WAV"),
        (_wav(1, 2, 8000, 16), "2 channels"),
        (_wav(1, 1, 44100, 16), "44100 Hz"),
        (_wav(1, 1, 8000, 8), "8 bits"),
        (_wav(3, 1, 8000, 32), "format 3"),
        (_wav(7, 1, 16000, 8), "16000 Hz"),
        (b"RIFF\0\0\0\0WAVE", "no format"),
        (_wav(1, 1, 8000, 16)[:36], "no sound"),
    ],
)
def test_other_audio_is_refused_by_name(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "bad.wav"
    file.write_bytes(content)
    with pytest.raises(CallwrightError) as caught:
        read_wav(file)
    assert caught.value.code == "audio_format"
    assert caught.value.params["file"] == str(file)
    assert why in str(caught.value.params["why"])


def test_missing_audio_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="audio_missing"):
        read_wav(tmp_path / "nothing.wav")


@given(st.binary(max_size=64))
def test_no_bytes_break_the_packet_reader(data: bytes) -> None:
    packet = parse_packet(data)
    if packet is not None:
        parse_key(packet.payload)


def test_packets_come_back() -> None:
    packet = Packet(0, 65535, 2**32 - 1, 77, b"abc", marker=True)
    assert parse_packet(packet.render()) == packet
    event = KeyEvent("#", 960, True)
    assert parse_key(event.render()) == event


def test_descriptions_are_understood() -> None:
    offer = describe("10.0.0.1", 4000, ("alaw", "ulaw"), direction="sendonly")
    media = understand(offer, ("ulaw", "alaw"))
    assert media.address == ("10.0.0.1", 4000)
    assert (media.law, media.event_type, media.listens) == ("alaw", 101, False)
    assert understand(offer, ("ulaw",)).law == "ulaw"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 9 18\r\n", "no_common_codec"),
        (b"v=0\r\nc=IN IP4 1.2.3.4\r\nm=video 4000 RTP/AVP 0\r\n", "malformed_sdp"),
        (b"v=0\r\nm=audio 4000 RTP/AVP 0\r\n", "malformed_sdp"),
        (b"v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio x RTP/AVP 0\r\n", "malformed_sdp"),
        (b"\xff\xfe", "malformed_sdp"),
    ],
)
def test_useless_descriptions_are_refused(body: bytes, code: str) -> None:
    with pytest.raises(CallwrightError) as caught:
        understand(body, LAWS)
    assert caught.value.code == code
