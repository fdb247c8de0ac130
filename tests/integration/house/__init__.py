"""The whole house on a simulated PBX."""
