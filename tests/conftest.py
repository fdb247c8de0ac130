"""What every test may use: the database and PBX fixtures, and the totals printed last."""

pytest_plugins = ["tests.database", "tests.pbx_server", "tests.totals"]
