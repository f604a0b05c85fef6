"""Ensembles of worlds, claims, attribution, flips: from a case to an assessment."""
