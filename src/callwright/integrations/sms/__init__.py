"""Gateways for text messages."""
