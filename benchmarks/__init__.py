"""Benchmarks: measure on real input what the project promises. Run them with `make bench`; they assert nothing."""
