"""What an agent sees and does in one call."""
