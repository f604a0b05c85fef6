"""ISO 3166-1 codes of states and their numbers in the Correlates of War (COW), former states included."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files("tocsin.data") / "codes.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def by_iso2() -> MappingProxyType[str, int]:
    """Return COW numbers by two-letter ISO codes."""
    return MappingProxyType({row["iso2"]: int(row["cow"]) for row in _rows()})


@cache
def by_iso3() -> MappingProxyType[str, int]:
    """Return COW numbers by three-letter ISO codes.

    Six of these codes mean another state in COW: KOR, AUS, MNG, SLV, SWZ and CZE.
    """
    return MappingProxyType({row["iso3"]: int(row["cow"]) for row in _rows()})
