"""Benchmarks: each prints a table and keeps it in bench/results/."""
