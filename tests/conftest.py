"""What every test may use: the database, PBX and platform fixtures, and the totals printed last."""

pytest_plugins = ["tests.database", "tests.pbx_server", "tests.platform_process", "tests.totals"]
