"""What tests and trials do to a simulated PBX: call in, press keys, hang up, cut the line."""

from __future__ import annotations

from callwright.integrations.pbx.simulator import playing
from callwright.integrations.pbx.simulator.legs import SimulatedLeg, Sound
from callwright.integrations.pbx.simulator.pbx import SimulatedPbx
from callwright.integrations.pbx.simulator.phones import SIP_CODES, PhoneBehaviour
from callwright.kit.errors import CallwrightError
from callwright.kit.ids import new_id
from callwright.ports.telephony import EndCause


class Controls:
    """Everything takes effect at once."""

    def __init__(self, pbx: SimulatedPbx) -> None:
        self.pbx = pbx

    def call_in(
        self,
        from_number: str,
        to_number: str,
        *,
        from_name: str = "",
        trunk: str = "local",
        endpoint: str | None = None,
        voice_hz: float | None = None,
    ) -> str:
        """Somebody calls; returns the leg. `voice_hz` = the tone that the caller says.

        With `endpoint` it is an agent's own phone that dials.
        """
        if not self.pbx.running:
            raise CallwrightError("pbx_unreachable")
        leg = SimulatedLeg(
            id=str(new_id(round(self.pbx.clock.now().timestamp() * 1000))),
            incoming=True,
            from_number=from_number,
            from_name=from_name,
            to_number=to_number,
            trunk="" if endpoint else trunk,
            endpoint=endpoint,
            state="ringing",
            voice_hz=voice_hz,
        )
        self.pbx.arrive(leg)
        return leg.id

    def press(self, leg: str, digits: str) -> None:
        """The far end presses keys."""
        playing.press(self.pbx, self.pbx.need(leg), digits)

    def caller_hangs_up(self, leg: str) -> None:
        """The far end hangs up, whether caller or agent; no-op on a leg that is gone."""
        self.pbx.waiting = [waiting for waiting in self.pbx.waiting if waiting.id != leg]
        found = self.pbx.legs.get(leg)
        if found is not None:
            cause: EndCause = "normal" if found.state == "up" else "cancelled"
            self.pbx.end(found, cause)

    def agent(self, endpoint: str, behaviour: PhoneBehaviour | None = None) -> None:
        """An agent's phone that is registered and behaves so; may be changed at any time."""
        self.pbx.phones[endpoint] = behaviour or PhoneBehaviour()
        self.pbx.phone_changed(endpoint, online=True)

    def outside(self, number: str, behaviour: PhoneBehaviour) -> None:
        """How an outside number behaves when it is called; others answer after 2 s."""
        self.pbx.outside[number] = behaviour

    def phone_goes(self, endpoint: str) -> None:
        """The agent's phone is no longer registered."""
        self.pbx.phone_changed(endpoint, online=False)

    def answers(self, leg: str) -> None:
        """The far end of an outgoing leg picks up now."""
        self.pbx.pick_up(self.pbx.need(leg))

    def refuses(self, leg: str, cause: EndCause = "rejected") -> None:
        """The far end of an outgoing leg refuses now."""
        self.pbx.end(self.pbx.need(leg), cause, SIP_CODES.get(cause))

    def hears(self, leg: str) -> tuple[Sound, ...]:
        """All that a leg hears and has heard, oldest first; also of a leg that ended lately."""
        return tuple(self.pbx.find(leg).heard)

    def hears_now(self, leg: str) -> tuple[str, ...]:
        """The sources (file, music class or leg) that sound on a leg at this moment."""
        return tuple(sound.source for sound in self.pbx.find(leg).heard if sound.end is None)

    def invited_with(self, leg: str) -> dict[str, str]:
        """The headers of an outgoing leg's INVITE, `From-Name` and `From-Number` among them."""
        return dict(self.pbx.find(leg).headers)
