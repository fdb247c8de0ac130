"""One suite for every PBX adapter: what it says must be what phones hear."""
