"""Data sets that list events by day, so that a question about a coming event can be answered from them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "provocations": ("type", "event"),
        "missile_tests": ("missile", "facility", "outcome"),
    }
)
"""The columns by which events can be selected, by data set. Each has a column `date`."""
