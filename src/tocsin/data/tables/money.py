"""Money: spending, product, prices, exchange rates, trade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.data.formats import check_archive, read_json
from tocsin.data.table import STATE, YEAR, Column, Table
from tocsin.errors import InputError, SolveError
from tocsin.reading.workbooks import check_cells, check_workbook
from tocsin.translation import in_commas, message

SHEETS = {
    "Constant (2023) US$": "real_dollars",
    "Current US$": "dollars",
    "Share of GDP": "share_of_product",
    "Local currency financial years": "native_fiscal",
    "Local currency calendar years": "native",
}
"""Sheets of SIPRI's workbook, and the name of each measure here."""

UNCERTAIN = {"FF0000FF": "estimate", "FFFF0000": "highly uncertain"}
"""The quality that SIPRI marks by colour: blue figures are its estimates, red ones highly uncertain, others reported."""


def _workbook(file: Path) -> pl.DataFrame:
    """Return SIPRI's workbook in long form: country, year, measure, value, quality, currency."""
    import openpyxl

    check_archive(file)
    try:
        check_workbook(file, str(file))
        with file.open("rb") as opened:  # openpyxl refuses the suffix of a temporary file
            book = openpyxl.load_workbook(opened, data_only=True)
        for sheet in book.worksheets:
            check_cells(sheet.max_row, sheet.max_column, sheet.title, str(file))
    except InputError as error:
        raise SolveError(error.message, remedy=error.remedy) from error
    except Exception as error:
        raise SolveError(message("not a readable workbook: {error}", error=str(error))) from error
    rows = [row for name, measure in SHEETS.items() if name in book.sheetnames for row in _sheet(book[name], measure)]
    if not rows:
        raise SolveError(message("the workbook has none of the sheets {names}", names=in_commas(SHEETS)))
    return pl.DataFrame(
        rows,
        schema={
            "country": pl.String, "year": pl.Int64, "measure": pl.String, "value": pl.Float64, "quality": pl.String,
            "currency": pl.String,
        },
        orient="row",
    )  # fmt: skip


def _sheet(sheet: Any, measure: str) -> Iterator[tuple[str, int, str, float | None, str | None, str | None]]:
    """Yield the figures of a sheet.

    The row that begins with `Country` is the header; a line above it states the unit. Rows of regions and notes have no
    value in any year.
    """
    years: dict[int, int] = {}
    currency, unit = -1, 1.0
    for row in sheet.iter_rows():
        if not years:
            if measure.startswith("native") and any("million" in str(cell.value).lower() for cell in row):
                unit = 1e6
            if str(row[0].value).strip() == "Country":
                years = {index: int(cell.value) for index, cell in enumerate(row) if str(cell.value).strip().isdigit()}
                currency = next((index for index, cell in enumerate(row) if str(cell.value).strip() == "Currency"), -1)
            continue
        if not row[0].value or all(row[index].value is None for index in years if index < len(row)):
            continue
        for index, year in years.items():
            value = row[index].value
            # "..." means no figure, "xxx" that the state did not exist
            if isinstance(value, int | float):
                money = str(row[currency].value) if currency >= 0 and row[currency].value else None
                yield str(row[0].value).strip(), year, measure, float(value) * unit, _quality(row[index]), money


def _quality(cell: Any) -> str:
    colour = cell.font.color
    return UNCERTAIN.get(str(colour.rgb), "reported") if colour is not None and colour.type == "rgb" else "reported"


def _indicator(file: Path) -> pl.DataFrame:
    """Return a World Bank indicator; the response is a description of the page and a list of rows."""
    response = read_json(file)
    if not (isinstance(response, list) and len(response) == 2 and isinstance(response[1], list)):
        raise SolveError("not a World Bank response with rows")
    if (pages := response[0].get("pages")) != 1:
        raise SolveError(f"it is one of {pages} pages; request all rows at once")
    for row in response[1]:
        if not str(row["date"]).isdigit():
            raise SolveError(
                f"not a World Bank indicator by year: a row is dated {row['date']!r}; request yearly values"
            )
    rows = [(row["countryiso3code"], int(row["date"]), row["value"]) for row in response[1] if row["countryiso3code"]]
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
        Column("Exchange rate", "rate", pl.Float64, "local currency per dollar"),
    )
    return Table(columns, ("date", "country"))


TABLES = {
    "sipri_spending": Table(
        (
            Column("country", "country", pl.String),
            YEAR,
            Column("measure", "measure", pl.String, ", ".join(SHEETS.values())),
            Column("value", "value", pl.Float64, "millions of dollars; shares; units of local currency"),
            Column("quality", "quality", pl.String, "reported, estimate, highly uncertain"),
            Column("currency", "currency", pl.String, "of local currency"),
        ),
        ("country", "year", "measure"),
        _workbook,
    ),
    "wb_product_dollars": _bank("current dollars"),
    "wb_product_native": _bank("current local currency"),
    "wb_product_real": _bank("local currency at constant prices"),
    "wb_ppp": _bank("local currency per international dollar"),
    "wb_rate": _bank("local currency per dollar, yearly mean"),
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
            Column("ccode", "state", pl.Int32, "COW code; above 999 for places that COW does not list as states"),
            YEAR,
            Column("troops_ad", "troops", pl.Int32, "US soldiers on active duty there"),
        ),
        ("host", "year"),
    ),
}
