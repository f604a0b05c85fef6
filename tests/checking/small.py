"""Small made-up data sets with round numbers: Poland, Peru, Chile and the United States from 2000 to 2004."""

from __future__ import annotations

from datetime import date

import polars as pl

POLAND, PERU, CHILE, NORTH, SOUTH, US, JAPAN = 290, 135, 155, 731, 732, 2, 740
SPENT: dict[int, list[float | None]] = {  # millions of dollars, 2000 to 2004
    POLAND: [10.0, 12.0, 15.0, 19.3, 20.0],
    PERU: [4.0, 4.0, 3.0, 3.0, 2.0],
    CHILE: [5.0, 6.0, None, 8.0, 9.0],
    US: [100.0, 100.0, 100.0, 100.0, 100.0],
}
YEARS = range(2000, 2005)


def states() -> pl.DataFrame:
    names = {
        POLAND: ("POL", "Poland"),
        PERU: ("PER", "Peru"),
        CHILE: ("CHL", "Chile"),
        NORTH: ("PRK", "North Korea"),
        SOUTH: ("ROK", "South Korea"),
        US: ("USA", "United States of America"),
        JAPAN: ("JPN", "Japan"),
    }
    rows = [(state, code, name, 1950, 2016) for state, (code, name) in names.items()]
    return pl.DataFrame(
        rows,
        schema={"state": pl.Int32, "code": pl.String, "name": pl.String, "first": pl.Int32, "last": pl.Int32},
        orient="row",
    )


def nmc() -> pl.DataFrame:
    rows = [
        (state, year, None if value is None else 1000.0 * value, 10.0 * value if value else None, 500.0 + state)
        for state, values in SPENT.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    schema = {"state": pl.Int32, "year": pl.Int32, "milex": pl.Float64, "milper": pl.Float64, "tpop": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def bank() -> dict[str, pl.DataFrame]:
    """Return indicators: 3 zloty a dollar in 2000 and 4.5 in 2004, prices that double, and a parity of 2; Peru's rates never change."""
    rows = []
    for index, year in enumerate(YEARS):
        rate, price = 3.0 + 0.375 * index, 1.0 + 0.25 * index
        rows.append(("POL", year, 1000.0, 1000.0 * rate, 1000.0 * rate / price, 2.0 * price))
        rows.append(("PER", year, 200.0, 200.0, 200.0, 1.0))
        rows.append(("USA", year, 9000.0, 9000.0, 9000.0, 1.0))
    names = ("wb_product_dollars", "wb_product_native", "wb_product_real", "wb_ppp")
    return {
        name: pl.DataFrame(
            [(row[0], row[1], row[2 + index]) for row in rows],
            schema={"iso": pl.String, "year": pl.Int32, "value": pl.Float64},
            orient="row",
        )
        for index, name in enumerate(names)
    }


def rates() -> pl.DataFrame:
    days = [date(year, month, 1) for year in (2020, 2021) for month in range(1, 13)] + [date(2022, 1, 1)]
    rows = [(day, "Japan", 100.0 if day.year == 2020 else 110.0) for day in days]
    rows += [(day, "Euro", 0.8) for day in days]
    return pl.DataFrame(rows, schema={"date": pl.Date, "country": pl.String, "rate": pl.Float64}, orient="row")


def obligations() -> pl.DataFrame:
    """Return treaties: the United States must defend Poland from 1960 to 1970; Peru and Chile owe each other non-aggression since 2000."""
    names = ("defence", "offence", "neutrality", "nonaggression", "consultation")
    rows: list[tuple[int, ...]] = [(US, POLAND, year, 1, 0, 0, 0, 0) for year in range(1960, 1971)]
    rows += [
        (one, other, year, 0, 0, 0, 1, 0) for one, other in ((PERU, CHILE), (CHILE, PERU)) for year in range(2000, 2019)
    ]
    schema = dict.fromkeys(("state1", "state2", "year"), pl.Int32) | dict.fromkeys(names, pl.Int8())
    return pl.DataFrame(rows, schema=schema, orient="row")


def dyads(*spells: tuple[int, int, int, int, int]) -> pl.DataFrame:
    """Return disputes of Peru (state 1) and Chile in both directions: number, first year, last year, hostility of Peru, of Chile."""
    rows = []
    for number, first, last, one, other in spells:
        for year in range(first, last + 1):
            rows += [
                (number, PERU, CHILE, year, int(year == first), one, other),
                (number, CHILE, PERU, year, int(year == first), other, one),
            ]
    names = ("dispute", "state1", "state2", "year", "onset", "hostility1", "hostility2")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int32), orient="row")


def troops() -> pl.DataFrame:
    rows = [("Poland", POLAND, 2010, 3000), ("Chile", CHILE, 2010, 40)]
    return pl.DataFrame(
        rows, schema={"host": pl.String, "state": pl.Int32, "year": pl.Int32, "troops": pl.Int32}, orient="row"
    )


def un() -> dict[str, pl.DataFrame]:
    """Return ten votes of 2005: Poland and Peru agree in six, Poland and Chile in three; Peru abstains in two."""
    votes = {POLAND: [2] * 10, PERU: [2, 2, 2, 2, 2, 2, 1, 1, 0, 0], CHILE: [2, 2, 2] + [0] * 7}
    rows = [(number, state, vote) for state, cast in votes.items() for number, vote in enumerate(cast)]
    return {
        "un_votes": pl.DataFrame(
            rows, schema={"resolution": pl.Int32, "state": pl.Int32, "vote": pl.Int8}, orient="row"
        ),
        "un_roll_calls": pl.DataFrame(
            {"resolution": range(10), "date": [date(2005, 3, 1)] * 10}, schema={"resolution": pl.Int32, "date": pl.Date}
        ),
    }


def small_tables() -> dict[str, pl.DataFrame]:
    tests = [("2016-02-07", "success"), ("2016-02-07", "failure"), ("2017-05", None)]
    return {
        "states": states(),
        "nmc": nmc(),
        **bank(),
        "exchange_rates_monthly": rates(),
        "atop_dyads": obligations(),
        "mid_dyads": dyads((1, 1980, 1982, 4, 3), (2, 1991, 1991, 2, 2), (3, 1993, 1994, 5, 5)),
        "gml_dyads": dyads((1, 1980, 1981, 4, 3), (3, 1993, 1994, 4, 4)),
        "wars": pl.DataFrame(
            [(9, PERU, CHILE, 1993), (9, CHILE, PERU, 1993)], schema=["war", "state1", "state2", "year"], orient="row"
        ),
        "troops": troops(),
        "missile_tests": pl.DataFrame(tests, schema=["date", "outcome"], orient="row"),
        **un(),
    }  # fmt: skip
