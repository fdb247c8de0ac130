"""How a simulated phone behaves when it is rung."""

from __future__ import annotations

from dataclasses import dataclass

from callwright.ports.telephony import EndCause


@dataclass(frozen=True, slots=True)
class PhoneBehaviour:
    """Seconds count from the INVITE.

    `answers_after_s` None = rings until somebody ends it. `refuses` = instead of ringing it is
    busy, rejects and so on. `reachable` False = registered, but nobody replies to the INVITE.
    `hangs_up_after_s` counts from the answer. `voice_hz` = the tone that its user says.
    """

    rings_after_s: float = 0.1
    answers_after_s: float | None = 2.0
    refuses: EndCause | None = None
    reachable: bool = True
    hangs_up_after_s: float | None = None
    voice_hz: float | None = None


SIP_CODES: dict[EndCause, int] = {
    "busy": 486,
    "no_answer": 480,
    "rejected": 603,
    "unreachable": 404,
    "congestion": 503,
    "failed": 500,
}
