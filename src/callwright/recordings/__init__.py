"""Recordings: begun after the notice, stitched, encrypted, masked, audited."""
