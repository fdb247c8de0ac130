"""Renders the demo's speech with Kokoro-82M, once; the sound files are committed."""
