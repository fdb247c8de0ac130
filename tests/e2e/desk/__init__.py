"""The real desk: a person's browser, a real PBX, a real caller."""
