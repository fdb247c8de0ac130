"""A PBX in memory: the same behaviour as a real one, on any clock; for tests and trials."""

from callwright.integrations.pbx.simulator.adapter import SimulatedTelephony
from callwright.integrations.pbx.simulator.legs import Sound
from callwright.integrations.pbx.simulator.pbx import SimulatedPbx
from callwright.integrations.pbx.simulator.phones import PhoneBehaviour

__all__ = ["PhoneBehaviour", "SimulatedPbx", "SimulatedTelephony", "Sound"]
