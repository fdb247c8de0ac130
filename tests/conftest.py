"""What every test may use: the database fixtures, and the totals printed last."""

pytest_plugins = ["tests.database", "tests.totals"]
