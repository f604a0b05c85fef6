"""Measures: numbers about states out of data."""
