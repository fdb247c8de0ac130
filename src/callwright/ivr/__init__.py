"""Menus, prompts, digits."""
