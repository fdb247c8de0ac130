"""The PBX's configuration, generated for one installation."""

from callwright.integrations.pbx.config.dialplan import (
    APPLICATION,
    AWAY_PROMPT,
    GOODBYE_PROMPT,
)
from callwright.integrations.pbx.config.paths import PbxPaths
from callwright.integrations.pbx.config.secrets import PbxSecrets
from callwright.integrations.pbx.config.sip import LOCAL_TRUNK
from callwright.integrations.pbx.config.write import write_config

__all__ = [
    "APPLICATION",
    "AWAY_PROMPT",
    "GOODBYE_PROMPT",
    "LOCAL_TRUNK",
    "PbxPaths",
    "PbxSecrets",
    "write_config",
]
