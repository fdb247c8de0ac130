"""Asterisk 22 as the PBX: ARI for legs and media, AMI for recordings."""

from callwright.integrations.pbx.asterisk.adapter import AsteriskTelephony
from callwright.integrations.pbx.asterisk.connection import AsteriskConnection

__all__ = ["AsteriskConnection", "AsteriskTelephony"]
