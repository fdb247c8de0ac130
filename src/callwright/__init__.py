"""Callwright: automation for telephone customer service."""
