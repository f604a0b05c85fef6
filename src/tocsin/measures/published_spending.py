"""Amounts and rates of states from published data sets: SIPRI's workbook and World Bank indicators."""

from __future__ import annotations

from functools import reduce

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.data.readers import read
from tocsin.errors import SolveError
from tocsin.measures.money import RateRow, Rates
from tocsin.measures.spending import Amount

_NAMES = {
    "Korea, North": "PRK", "Korea, South": "KOR", "Viet Nam": "VNM", "Türkiye": "TUR", "Turkey": "TUR",
    "United States of America": "USA", "USSR": "SUN", "German DR": "DDR", "Czechoslovakia": "CSK", "Yugoslavia": "YUG",
    "Congo, DR": "COD", "Congo, Republic": "COG", "Côte d’Ivoire": "CIV", "Cote d'Ivoire": "CIV", "Timor Leste": "TLS",
    "Bosnia and Herzegovina": "BIH", "Eswatini": "SWZ", "Cabo Verde": "CPV", "Kyrgyz Republic": "KGZ", "Kyrgyzstan": "KGZ",
    "Trinidad & Tobago": "TTO", "Cape Verde": "CPV", "Gambia, The": "GMB", "Czechia": "CZE", "North Macedonia": "MKD",
    "Yemen, North": "YEM", "Brunei": "BRN", "Myanmar": "MMR", "Romania": "ROU", "Tanzania": "TZA", "Syria": "SYR",
}  # fmt: skip
"""ISO codes of SIPRI's names that differ from those of the Correlates of War."""

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


def _rows(table: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return the rows of a measure of the workbook with ISO codes of states."""
    names = dict(zip(*read("states").select("name", "state").unique("name").get_columns(), strict=True))
    to_iso = {number: iso for iso, number in by_iso3().items()}
    iso = {name: _NAMES.get(name) or to_iso.get(names.get(name, -1)) for name in table["country"].unique()}
    rows = table.filter(pl.col("measure") == measure, (pl.col("value") > 0) | (pl.col("quality") == "reported"))
    coded = pl.col("country").replace_strict(iso, default=None, return_dtype=pl.String)
    return rows.with_columns(iso=coded).drop_nulls("iso")


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
            f"`sipri_spending`: unexpected unit: American spending in local currency is {ratio:.3g} times that in dollars",
            remedy="import the workbook as SIPRI publishes it",
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
