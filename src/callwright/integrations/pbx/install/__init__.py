"""Getting an Asterisk: fetched from Debian without root, or found on the system."""

from callwright.integrations.pbx.install.locate import (
    Asterisk,
    fetched_asterisk,
    system_asterisk,
)
from callwright.integrations.pbx.install.packages import install

__all__ = ["Asterisk", "fetched_asterisk", "install", "system_asterisk"]
