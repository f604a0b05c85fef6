"""Select the days of dated acts of North Korea from the sources."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import polars as pl

Kind: TypeAlias = Literal["missile tests", "other provocations", "any act"]
KINDS: tuple[Kind, ...] = ("missile tests", "other provocations", "any act")
"""Missile tests; provocations that are not missile tests, nuclear tests among them; both together."""
MISSILE = "Missile Provocation"
"""The type of missile tests in the source `provocations`."""


def act_days(missile_tests: pl.DataFrame, provocations: pl.DataFrame, kind: Kind = "any act") -> set[dt.date]:
    """Return the days of North Korea's missile tests, nuclear tests and other provocations; tests without a day are left out.

    Args:
        missile_tests, provocations: the sources of these names.
        kind: which acts; the sources do not say which acts are aimed at Japan.
    """
    tests = set(missile_tests["date"].str.to_date("%Y-%m-%d", strict=False).drop_nulls())
    dated = provocations.filter(pl.col("date").is_not_null())
    tests |= set(dated.filter(pl.col("type") == MISSILE)["date"])
    others = set(dated.filter(pl.col("type") != MISSILE)["date"])
    return {"missile tests": tests, "other provocations": others, "any act": tests | others}[kind]
