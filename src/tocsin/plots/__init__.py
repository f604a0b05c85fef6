"""Drawings as SVG: game trees, branches, measures, calibration, accounts of rhetoric."""
