"""Adapters: each ties one thing outside to a port; none imports another."""
