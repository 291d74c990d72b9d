"""Benchmarks: figures beside each other in one run, for people to read; never a test."""
