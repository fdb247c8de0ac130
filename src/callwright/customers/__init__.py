"""Customers, their numbers, orders, and facts pushed down by higher rooms."""
