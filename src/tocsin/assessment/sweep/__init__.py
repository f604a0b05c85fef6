"""Sweeps: tables with a row for each world, computed in chunks that any machine can compute by itself."""
