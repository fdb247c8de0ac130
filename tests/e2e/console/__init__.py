"""The console in a real browser, on a stub platform."""
