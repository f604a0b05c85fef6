"""ISO 3166-1 codes of states beside their numbers in the Correlates of War, former states included."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files("tocsin.data") / "codes.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def by_iso2() -> dict[str, int]:
    """COW numbers by ISO codes of two letters."""
    return {row["iso2"]: int(row["cow"]) for row in _rows()}


@cache
def by_iso3() -> MappingProxyType[str, int]:
    """COW numbers by ISO codes of three letters.

    Six of these codes stand for other states in the Correlates of War: KOR, AUS, MNG, SLV, SWZ and CZE.
    """
    return MappingProxyType({row["iso3"]: int(row["cow"]) for row in _rows()})
