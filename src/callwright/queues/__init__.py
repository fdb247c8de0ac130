"""Queues and the numbers that lead to them."""
