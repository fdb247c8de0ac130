"""What the house needs from outside, as Protocols and plain values. No adapter is imported here."""
