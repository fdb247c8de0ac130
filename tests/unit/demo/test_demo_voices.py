"""The demo's replies with a voice: as the PBX plays them, and as long as their words are."""

from __future__ import annotations

import pytest
from tests.unit.demo.demo_material import COMPANY, DEMO, document, wav

from callwright.scripts.variables import names_in

VOICES = DEMO / "voices"
TEXTS = {row["number"]: row["text"] for row in document(COMPANY / "scripts.yaml")}
LISTED = [no for numbers in document(VOICES / "voices.yaml").values() for no in numbers]


def test_every_listed_reply_has_a_file_and_no_other() -> None:
    assert sorted(LISTED) == sorted(path.stem for path in VOICES.glob("*.wav"))
    assert sum(path.stat().st_size for path in VOICES.glob("*.wav")) <= 1024 * 1024


@pytest.mark.parametrize("no", LISTED)
def test_a_voice_speaks_its_words_in_a_usual_time(no: str) -> None:
    text = TEXTS[no]
    sound = wav(VOICES / f"{no}.wav")
    assert (sound.form, sound.channels, sound.rate, sound.bits) == (1, 1, 8000, 16)
    assert names_in(text) == [], "a recording cannot speak values"
    syllables = len(text) if not text.isascii() else len(text) / 4
    assert 2.5 <= syllables / sound.seconds <= 8
    assert abs(sound.samples).max() > 3000
