"""A small SIP phone for people's tools and tests: signalling, sound, keys, and what was heard."""

from callwright.integrations.sipphone.call import Call
from callwright.integrations.sipphone.incoming import IncomingCall
from callwright.integrations.sipphone.outgoing import OutgoingCall
from callwright.integrations.sipphone.phone import Phone
from callwright.integrations.sipphone.transactions import Timers

__all__ = ["Call", "IncomingCall", "OutgoingCall", "Phone", "Timers"]
