"""Ensembles of worlds, claims, attribution, flips: from a case to an assessment."""

from tocsin.assess.record import to_json
from tocsin.assess.result import Assessment
from tocsin.assess.run import assess

__all__ = ["Assessment", "assess", "to_json"]
