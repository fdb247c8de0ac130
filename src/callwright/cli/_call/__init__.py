"""What `callwright call` is made of: scripts, sound, the platform's API, playing, the report."""
