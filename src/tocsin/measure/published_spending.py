"""Amounts and rates of states out of published sets: SIPRI's workbook, the World Bank's indicators."""

from __future__ import annotations

import polars as pl

from tocsin.data.codes import by_iso3
from tocsin.data.readers import read
from tocsin.errors import SolveError
from tocsin.measure.money import RateRow, Rates
from tocsin.measure.spending import Amount

_NAMES = {
    "Korea, North": "PRK", "Korea, South": "KOR", "Viet Nam": "VNM", "Türkiye": "TUR", "Turkey": "TUR",
    "United States of America": "USA", "USSR": "SUN", "German DR": "DDR", "Czechoslovakia": "CSK", "Yugoslavia": "YUG",
    "Congo, DR": "COD", "Congo, Republic": "COG", "Côte d’Ivoire": "CIV", "Cote d'Ivoire": "CIV", "Timor Leste": "TLS",
    "Bosnia and Herzegovina": "BIH", "Eswatini": "SWZ", "Cabo Verde": "CPV", "Kyrgyz Republic": "KGZ", "Kyrgyzstan": "KGZ",
    "Trinidad & Tobago": "TTO", "Cape Verde": "CPV", "Gambia, The": "GMB", "Czechia": "CZE", "North Macedonia": "MKD",
    "Yemen, North": "YEM", "Brunei": "BRN", "Myanmar": "MMR", "Romania": "ROU", "Tanzania": "TZA", "Syria": "SYR",
}  # fmt: skip
"""SIPRI's names that are not those of the Correlates of War."""

_DOUBT = 100.0
"""Times by which the workbook's native money over its own dollars may miss the World Bank's rate before its unit is doubted:
currencies with several rates differ by much, units by a million."""


def institute_amounts() -> list[Amount]:
    """SIPRI's native spending by calendar years.

    What is highly uncertain and nil is missing: for some states the workbook has a nought where nothing is known.

    Raises:
        SolveError: if the workbook or the list of states is not in the cache, or its native money is in a unit not foreseen.
    """
    table = read("sipri_spending")
    _check_unit(table)
    return [
        Amount(row["iso"], row["year"], row["value"], _stage(row["quality"]), f"SIPRI, {row['quality']}")
        for row in _rows(table, "native").iter_rows(named=True)
    ]


def institute_dollars() -> pl.DataFrame:
    """SIPRI's spending in current dollars.

    Returns:
        Columns iso, year, dollars, quality; what is highly uncertain and nil is missing.

    Raises:
        SolveError: if the workbook or the list of states is not in the cache.
    """
    rows = _rows(read("sipri_spending"), "dollars")
    return rows.select("iso", "year", dollars=pl.col("value") * 1e6, quality="quality")


def _rows(table: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Rows of the workbook's sheet with the state's ISO code."""
    names = dict(zip(*read("states").select("name", "state").unique("name").get_columns(), strict=True))
    to_iso = {number: iso for iso, number in by_iso3().items()}
    iso = {name: _NAMES.get(name) or to_iso.get(names.get(name, -1)) for name in table["country"].unique()}
    rows = table.filter(pl.col("measure") == measure, (pl.col("value") > 0) | (pl.col("quality") == "reported"))
    coded = pl.col("country").replace_strict(iso, default=None, return_dtype=pl.String)
    return rows.with_columns(iso=coded).drop_nulls("iso")


def _stage(quality: str) -> str:
    return "reported" if quality == "reported" else "estimate"


def _check_unit(table: pl.DataFrame) -> None:
    """The United States' native money is its dollars: the two sheets must agree there."""
    home = table.filter(pl.col("country") == "United States of America", pl.col("measure").is_in(["native", "dollars"]))
    both = home.pivot("measure", index="year", values="value")
    if not {"native", "dollars"} <= set(both.columns):
        return
    ratio = (both["native"] / (both["dollars"] * 1e6)).drop_nulls().median()
    if isinstance(ratio, float) and not 1 / _DOUBT < ratio < _DOUBT:
        raise SolveError(
            "`sipri_spending`: native money is in a unit of its own: American native money is "
            f"{ratio:.3g} times American dollars",
            remedy="import the workbook as SIPRI publishes it",
        )


def world_bank_rates(price_year: int) -> Rates:
    """Rates of states by ISO code from the World Bank: market, purchasing power, and the deflator of the whole product.

    Args:
        price_year: in whose prices money is put; states without a deflator that year have none at all.

    Raises:
        SolveError: if a set is not in the cache.
    """
    key = ["iso", "year"]
    names = {"per_usd": "wb_rate", "ppp": "wb_ppp", "native": "wb_product_native", "real": "wb_product_real"}
    found: pl.DataFrame | None = None
    for name, of in names.items():
        each = read(of).rename({"value": name})
        found = each if found is None else found.join(each, on=key, how="full", coalesce=True)
    assert found is not None
    found = found.with_columns(price=pl.col("native") / pl.col("real"))
    base = found.filter(pl.col("year") == price_year).select("iso", base="price")
    found = found.join(base, on="iso", how="left").with_columns(deflator=pl.col("price") / pl.col("base"))
    rows = found.select("iso", "year", "per_usd", "deflator", "ppp").iter_rows()
    known = [RateRow(iso, year, per_usd, deflator, ppp, "World Bank") for iso, year, per_usd, deflator, ppp in rows]
    return Rates(price_year, tuple(known))
