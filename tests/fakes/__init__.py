"""Stand-ins with the same behaviour as the real part."""
