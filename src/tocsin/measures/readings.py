"""Read the figures that references name from the data sets in the cache."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import polars as pl

from tocsin.data.readers import read
from tocsin.data.states import member_years
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.definition import Request
from tocsin.measures.reference import Reading, Reference
from tocsin.translation import message


class Readings:
    """Reads figures from the cache, and computes each measure only once."""

    def __init__(self) -> None:
        self._tables: dict[object, pl.DataFrame] = {}

    def read(self, reference: Reference, *, until: int) -> Reading:
        """Return the figure that a reference names.

        Args:
            reference: the reference.
            until: the last year that `latest` may mean.

        Raises:
            InputError: if the column is unknown, the keys do not select exactly one row, or there is no data.
            SolveError: if a data set is not in the cache.
        """
        rows = self._rows(reference)
        request, name, years = reference.request, reference.name, reference.years_text
        if reference.latest and reference.column is not None and "year" in rows.columns:
            known = rows.drop_nulls(reference.column).filter(pl.col("year") <= until)
            rows = known.filter(pl.col("year") == pl.col("year").max())
        elif "year" in rows.columns:
            rows = rows.filter(pl.col("year").is_between(request.first, request.last))
        if rows.is_empty() and (absent := _absent(reference)) is not None:
            return absent
        if rows.height != 1:
            others = [name for name in rows.columns if name not in reference.where and rows[name].n_unique() > 1]
            raise InputError(
                message("`{name}` for {years} has {count} rows, not one", name=name, years=years, count=rows.height),
                remedy=message("select one with ?{column}=...", column=others[0])
                if others
                else message("choose other states or years"),
            )
        reading = _reading(reference, rows.row(0, named=True))
        if reading is None:
            raise InputError(
                message("`{name}` for {years}: no data", name=name, years=years),
                remedy=message("choose another year or column"),
            )
        return reading

    def read_later(self, reference: Reference, *, until: int) -> Reading | None:
        """Return the same figure for the last year with data, if that is later than the reference's year; else None."""
        rows = self._rows(reference)
        if reference.column is None or "year" not in rows.columns:
            return None
        after = pl.col("year").is_between(reference.request.last + 1, until)
        later = rows.filter(after).drop_nulls(reference.column).sort("year")
        return _reading(reference, later.row(-1, named=True)) if later.height else None

    def _rows(self, reference: Reference) -> pl.DataFrame:
        """Return the rows that the reference's states and keys select, of all years."""
        table = self._table(reference)
        for column in (*reference.where, *([reference.column] if reference.column else [])):
            if column not in table.columns:
                raise InputError(
                    message("`{name}` has no column `{column}`", name=reference.name, column=column),
                    remedy=did_you_mean(column, table.columns),
                )
        return table.filter(*(pl.col(key).cast(pl.String) == value for key, value in reference.where.items()))

    def _table(self, reference: Reference) -> pl.DataFrame:
        request, measure = reference.request, reference.measure
        yearly = measure.rate is None
        first, last = measure.years if yearly else (request.first, request.last)
        key = (reference.name, request.groups, frozenset(request.inputs.items()), first, last)
        if key not in self._tables:
            self._tables[key] = measure.compute(Request(first, last, request.groups, request.inputs))
        return self._tables[key]


def _absent(reference: Reference) -> Reading | None:
    """Return that a pair has no such thing, where the data set covers the pair in that year and lists nothing; else None.

    Such a measure names in `absence` what a pair without rows does not have, and a column of its table says whether it has it.
    """
    request, year = reference.request, reference.request.last
    if not reference.measure.absence or reference.latest or reference.column is None or len(request.states) != 2:
        return None
    members = member_years(read("states"), year, year)["state"]
    if request.first != year or not set(request.states) <= set(members):
        return None
    return Reading(value=False, year=year, unit="truth")


def _reading(reference: Reference, row: Mapping[str, object]) -> Reading | None:
    """Return the figure in a row; None if it is missing."""
    measure, year = reference.measure, row.get("year", reference.request.last)
    assert isinstance(year, int)
    if reference.column is None:
        assert measure.rate is not None
        count, at_risk = _finite(row[measure.rate.count]), _finite(row[measure.rate.at_risk])
        return None if count is None or at_risk is None else Reading(value=count, year=year, unit="", at_risk=at_risk)
    value = row[reference.column]
    if value is None:
        return None
    if isinstance(value, bool):
        return Reading(value=value, year=year, unit="truth")
    if isinstance(value, date):
        return Reading(value=value, year=year, unit="date")
    number = _finite(value)
    if number is None:
        return Reading(value=str(value), year=year, unit="text")
    bounded = measure.bounded and reference.column == measure.main_column
    low, high = (_finite(row[name]) if bounded else None for name in ("low", "high"))
    return Reading(
        value=number * reference.times,
        year=year,
        unit=measure.units.get(reference.column, "1"),
        low=None if low is None else low * reference.times,
        high=None if high is None else high * reference.times,
    )


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None
