"""Agents: their states and skills."""
