"""Money: spending, product, prices, exchange rates, trade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.data.formats import check_archive, document
from tocsin.data.table import STATE, YEAR, Column, Table
from tocsin.errors import SolveError

SHEETS = {
    "Constant (2023) US$": "real_dollars",
    "Current US$": "dollars",
    "Share of GDP": "share_of_product",
    "Local currency financial years": "native_fiscal",
    "Local currency calendar years": "native",
}
"""Sheets of SIPRI's workbook that are read, and what each holds here."""

UNCERTAIN = {"FF0000FF": "estimate", "FFFF0000": "highly uncertain"}
"""What SIPRI says by the colour of a figure: blue its own estimate, red highly uncertain; else reported."""


def _workbook(file: Path) -> pl.DataFrame:
    """SIPRI's workbook in long form: country, year, measure, value, quality, currency."""
    import openpyxl

    check_archive(file)
    try:
        with file.open("rb") as opened:  # by its name the reader would ask for another ending
            book = openpyxl.load_workbook(opened, data_only=True)
    except Exception as error:
        raise SolveError(f"it is no workbook that can be read: {error}") from error
    found = [row for name, measure in SHEETS.items() if name in book.sheetnames for row in _sheet(book[name], measure)]
    if not found:
        raise SolveError(f"none of its sheets is called {', '.join(SHEETS)}")
    return pl.DataFrame(
        found,
        schema={
            "country": pl.String, "year": pl.Int64, "measure": pl.String, "value": pl.Float64, "quality": pl.String,
            "currency": pl.String,
        },
        orient="row",
    )  # fmt: skip


def _sheet(sheet: Any, measure: str) -> Iterator[tuple[str, int, str, float | None, str | None, str | None]]:
    """Rows of a sheet: the one headed `Country` names the years, what stands above it says the unit; regions and notes have no
    figure or word in any year."""
    heads: dict[int, int] = {}
    currency, unit = -1, 1.0
    for row in sheet.iter_rows():
        if not heads:
            if measure.startswith("native") and any("million" in str(cell.value).lower() for cell in row):
                unit = 1e6
            if str(row[0].value).strip() == "Country":
                heads = {at: int(cell.value) for at, cell in enumerate(row) if str(cell.value).strip().isdigit()}
                currency = next((at for at, cell in enumerate(row) if str(cell.value).strip() == "Currency"), -1)
            continue
        if not row[0].value or all(row[at].value is None for at in heads if at < len(row)):
            continue
        for at, year in heads.items():
            # "..." is no figure, "xxx" no state that year
            value = row[at].value
            if isinstance(value, int | float):
                own = str(row[currency].value) if currency >= 0 and row[currency].value else None
                yield str(row[0].value).strip(), year, measure, float(value) * unit, _quality(row[at]), own


def _quality(cell: Any) -> str:
    colour = cell.font.color
    return UNCERTAIN.get(str(colour.rgb), "reported") if colour is not None and colour.type == "rgb" else "reported"


def _indicator(file: Path) -> pl.DataFrame:
    """A World Bank indicator: its answer is a page's description and the list of its rows."""
    found = document(file)
    if not (isinstance(found, list) and len(found) == 2 and isinstance(found[1], list)):
        raise SolveError("it is no answer of the World Bank's with rows")
    if found[0].get("pages") != 1:
        raise SolveError(f"it is one of {found[0].get('pages')} pages: ask for all rows at once")
    rows = [(row["countryiso3code"], int(row["date"]), row["value"]) for row in found[1] if row["countryiso3code"]]
    return pl.DataFrame(
        rows, schema={"iso": pl.String, "year": pl.Int64, "value": pl.Float64}, orient="row", strict=False
    ).drop_nulls()


def _bank(unit: str) -> Table:
    columns = (Column("iso", "iso", pl.String, "ISO code"), YEAR, Column("value", "value", pl.Float64, unit))
    return Table(columns, ("iso", "year"), _indicator)


def _rates(unit: str) -> Table:
    columns = (
        Column("Date", "date", pl.Date, unit),
        Column("Country", "country", pl.String),
        Column("Exchange rate", "rate", pl.Float64, "local currency for a dollar"),
    )
    return Table(columns, ("date", "country"))


TABLES = {
    "sipri_spending": Table(
        (
            Column("country", "country", pl.String),
            YEAR,
            Column("measure", "measure", pl.String, ", ".join(SHEETS.values())),
            Column("value", "value", pl.Float64, "millions of dollars; shares; units of native money"),
            Column("quality", "quality", pl.String, "reported, estimate, highly uncertain"),
            Column("currency", "currency", pl.String, "of native money"),
        ),
        ("country", "year", "measure"),
        _workbook,
    ),
    "wb_product_dollars": _bank("current dollars"),
    "wb_product_native": _bank("current native money"),
    "wb_product_real": _bank("native money at constant prices"),
    "wb_ppp": _bank("native money for an international dollar"),
    "wb_rate": _bank("native money for a dollar, yearly mean"),
    "exchange_rates": _rates("first day of the year"),
    "exchange_rates_monthly": _rates("first day of the month"),
    "trade": Table(
        (
            STATE,
            YEAR,
            Column("imports", "imports", pl.Float64, "millions of current dollars"),
            Column("exports", "exports", pl.Float64, "millions of current dollars"),
        ),
        ("state", "year"),
    ),
    "troops": Table(
        (
            Column("countryname", "host", pl.String),
            Column("ccode", "state", pl.Int32, "COW code; above 999 for places that are none of its states"),
            YEAR,
            Column("troops_ad", "troops", pl.Int32, "US soldiers on active duty there"),
        ),
        ("host", "year"),
    ),
}
