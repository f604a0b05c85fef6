"""Benchmarks: what is promised, measured on the real input. Run with `make bench`; nothing here is asserted."""
