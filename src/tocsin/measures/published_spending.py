"""Amounts and rates of states from published data sets: SIPRI's workbook and World Bank indicators."""

from __future__ import annotations

from functools import reduce

import polars as pl

from tocsin.data.codes import with_code, with_state
from tocsin.data.names import find_code
from tocsin.data.readers import read
from tocsin.errors import InputError, SolveError
from tocsin.measures.money import RateRow, Rates
from tocsin.measures.spending import Amount
from tocsin.translation import message

_NAMES = {"Germany": "DEU", "China": "CHN"}
"""Codes of names that elsewhere may mean several states. SIPRI's Germany is the Federal Republic until 1990."""

_MAX_RATIO = 100.0
"""Largest ratio between American spending in local currency and in dollars; a wrong unit gives a ratio of a million."""


def sipri_amounts() -> list[Amount]:
    """Return SIPRI's spending in local currency by calendar year.

    A zero that is not a reported figure is missing: for some states the workbook has a zero if there is no data.

    Raises:
        SolveError: if the workbook or the list of states is not in the cache, or local currency is in an unexpected
            unit.
    """
    table = read("sipri_spending")
    _check_unit(table)
    return [
        Amount(row["iso"], row["year"], row["value"], _stage(row["quality"]), f"SIPRI, {row['quality']}")
        for row in _rows(table, "native").iter_rows(named=True)
    ]


def sipri_dollars() -> pl.DataFrame:
    """Return SIPRI's spending in current dollars.

    Returns:
        Columns iso, year, dollars, quality, without zeros that are not reported figures.

    Raises:
        SolveError: if the workbook or the list of states is not in the cache.
    """
    rows = _rows(read("sipri_spending"), "dollars")
    return rows.select("iso", "year", dollars=pl.col("value") * 1e6, quality="quality")


def sipri_measure(measure: str) -> pl.DataFrame:
    """Return a measure of SIPRI's workbook by COW number, without zeros that are not reported figures.

    Args:
        measure: dollars and real_dollars (millions), share_of_product, native or native_fiscal (units of local currency).

    Returns:
        Columns state, year, value.

    Raises:
        SolveError: as `sipri_dollars`.
    """
    return _rows(read("sipri_spending"), measure).select("state", pl.col("year").cast(pl.Int32), "value")


def _rows(table: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return the rows of a measure of the workbook with codes of states, one row for each state and year.

    The workbook lists Russia beside the Soviet Union to 1990, with the same figures in later roubles. The row counts whose code
    the state had in that year.
    """
    iso = {name: _code(name) for name in table["country"].unique()}
    rows = table.filter(pl.col("measure") == measure, (pl.col("value") > 0) | (pl.col("quality") == "reported"))
    coded = pl.col("country").replace_strict(iso, default=None, return_dtype=pl.String)
    rows = with_state(rows.with_columns(iso=coded).drop_nulls("iso"), code="iso", year="year").drop_nulls("state")
    proper = pl.col("iso") == with_code(rows, year="year")["state"]
    return rows.filter(proper | (pl.len().over("state", "year") == 1))


def _code(name: str) -> str | None:
    """Return the code of a state by SIPRI's name; None for a region."""
    try:
        return _NAMES.get(name) or find_code(name)
    except InputError:
        return None


def _stage(quality: str) -> str:
    return "reported" if quality == "reported" else "estimate"


def _check_unit(table: pl.DataFrame) -> None:
    """Check that American spending in local currency and in dollars agree."""
    american = table.filter(
        pl.col("country") == "United States of America", pl.col("measure").is_in(["native", "dollars"])
    )
    both = american.pivot("measure", index="year", values="value")
    if not {"native", "dollars"} <= set(both.columns):
        return
    ratio = (both["native"] / (both["dollars"] * 1e6)).drop_nulls().median()
    if isinstance(ratio, float) and not 1 / _MAX_RATIO < ratio < _MAX_RATIO:
        raise SolveError(
            message(
                "`sipri_spending`: unexpected unit: American spending in local currency is {ratio} times that in dollars",
                ratio=f"{ratio:.3g}",
            ),
            remedy=message("import the workbook as SIPRI publishes it"),
        )


def world_bank_rates(price_year: int) -> Rates:
    """Return World Bank rates by ISO code: market rate, purchasing power parity, and the GDP deflator.

    Args:
        price_year: the year in which deflators are 1; states without data that year have no deflator.

    Raises:
        SolveError: if a data set is not in the cache.
    """
    key = ["iso", "year"]
    names = {"per_usd": "wb_rate", "ppp": "wb_ppp", "native": "wb_product_native", "real": "wb_product_real"}
    series = (read(source).rename({"value": name}) for name, source in names.items())
    table = reduce(lambda left, right: left.join(right, on=key, how="full", coalesce=True), series)
    table = table.with_columns(price=pl.col("native") / pl.col("real"))
    base = table.filter(pl.col("year") == price_year).select("iso", base="price")
    table = table.join(base, on="iso", how="left").with_columns(deflator=pl.col("price") / pl.col("base"))
    rows = table.select("per_usd", "deflator", "ppp", "year", currency="iso").iter_rows(named=True)
    return Rates(price_year, tuple(RateRow(**row, source="World Bank") for row in rows))
