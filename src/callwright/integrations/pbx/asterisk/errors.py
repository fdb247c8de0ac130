"""Asterisk's refusals as the port's errors."""

from __future__ import annotations

from callwright.integrations.pbx.asterisk.client import AriError
from callwright.kit.errors import CallwrightError

_GONE = frozenset({400, 404, 409, 412, 422})  # no such channel, not in our application, not up


def leg_error(error: AriError, leg: str) -> CallwrightError:
    """What a refused command on a leg means."""
    if error.status in _GONE:
        return CallwrightError("leg_gone", leg=leg)
    return pbx_error(error)


def pbx_error(error: AriError) -> CallwrightError:
    """A refusal that nobody foresaw; the PBX's own words go along."""
    return CallwrightError("pbx_refused", reason=str(error))
