"""The PBX: getting it, configuring it, keeping it running, talking to it."""
