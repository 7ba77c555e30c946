"""Measurements: `python -m benchmarks` lists them. Nothing in the product needs this folder."""
