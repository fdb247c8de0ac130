"""The house: what the composition root hands to every handler, route and loop."""

from __future__ import annotations

from dataclasses import dataclass, field

from callwright.kit.bus import Bus
from callwright.kit.clock import Clock
from callwright.kit.db import Database
from callwright.kit.hub import Hub
from callwright.kit.jobs import Jobs
from callwright.kit.settings import Settings
from callwright.kit.timers import Timers
from callwright.ports.sms import SmsGateway
from callwright.ports.speech import SpeechToText
from callwright.ports.telephony import PbxEvent, Telephony
from callwright.ports.tts import TextToSpeech


@dataclass(slots=True)
class House:
    """Settings, time, storage, the PBX, speech, and in-memory wake-ups of one process."""

    settings: Settings
    clock: Clock
    bus: Bus
    db: Database
    jobs: Jobs
    timers: Timers
    telephony: Telephony
    speech: SpeechToText
    sms: SmsGateway
    tts: TextToSpeech
    legs: Hub[PbxEvent] = field(default_factory=Hub)  # PBX events by leg, as they come

    def prompt(self, key: str, language: str = "") -> str:
        """The file of a prompt: in the caller's language, the company's, else any there is."""
        folder = self.settings.home / "prompts"
        for tag in (language, self.settings.company.language):
            file = folder / f"{key}.{tag.partition('-')[0]}.wav"
            if tag and file.exists():
                return str(file)
        return str(next(iter(sorted(folder.glob(f"{key}.*.wav"))), folder / f"{key}.wav"))
