"""`tocsin evidence hostility`: how likely one state is to begin a dispute with another, year by year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.evidence.hostility.series import Series

RECENT = 15
"""Years that are printed unless one is named."""


@click.command()
@click.argument("challenger")
@click.argument("target")
@click.option("--year", type=int, help="Print only this year.")
@click.option("--figure", type=click.Path(path_type=Path), help="Draw the series to this SVG file.")
def hostility(challenger: str, target: str, year: int | None, figure: Path | None) -> None:
    """Show how likely CHALLENGER is to begin a militarized dispute with TARGET, year by year.

    Each year's chance comes from the disputes of earlier years only; recent ones count most. The parameters of the filter are fitted to all
    years of strategic rivalry in your cache. After the data the rate returns to that of a pair without a record. For a belief write
    `from: evidence/hostility/PRK/KOR/2026`, which needs no data.

    \b
    tocsin evidence hostility PRK KOR
    tocsin evidence hostility PRK KOR --year 2026
    tocsin evidence hostility India Pakistan --figure hostility.svg
    """
    from tocsin.data.readers import read_all
    from tocsin.data.registry import source
    from tocsin.evidence.hostility.estimate import SOURCES
    from tocsin.evidence.hostility.series import series
    from tocsin.files import check_outputs, write_all
    from tocsin.plots.hostility import hostility_svg
    from tocsin.plots.svg import check_svg_name
    from tocsin.tables import text_table

    check_outputs([figure])
    if figure:
        check_svg_name(figure)
    tables = read_all(SOURCES)
    _check_year(year)
    rates = apart(lambda: series(tables, challenger, target, until=year))
    first, last = int(rates.years[0]), int(rates.years[-1])
    _check_in_record(year, first, last)
    rows = [
        (str(when), f"{100 * chance:.0f} %", f"{low:.2f} to {high:.2f}", _what(rates, int(when)))
        for when, chance, low, high in zip(rates.years, rates.chance, rates.low, rates.high, strict=True)
        if (when == year if year is not None else when > last - RECENT)
    ]
    note = "" if year is not None or len(rates.years) <= RECENT else f", the last {RECENT} of {len(rates.years)} years"
    if figure:
        write_all({figure: hostility_svg(rates)})
    say(
        f"{rates.challenger} towards {rates.target}: {len(rates.began)} years with a dispute begun since {first}{note}\n\n"
        + text_table(("year", "chance of a dispute begun", "rate per year, 5 to 95 %", "what came"), rows, right=(1,))
        + f"\n\nA year counts half after {rates.parameters.half_life:.1f} years. The data end in {rates.last}. The filter is fitted "
        "to rivals: other states without a record begin fewer disputes than it says. It is fitted to years that begin without a dispute "
        "between the two.\n"
        f"data: {'; '.join(source(name).cite for name in SOURCES)}"
    )
    if figure:
        say(str(figure))


def _check_year(year: int | None) -> None:
    from tocsin.evidence.hostility.reading import LAST_YEAR

    if year is not None and year > LAST_YEAR:
        raise InputError(
            message("a record says nothing of {year}", year=year),
            remedy=message("name a year up to {last}", last=LAST_YEAR),
        )


def _check_in_record(year: int | None, first: int, last: int) -> None:
    if year is not None and not first <= year <= last:
        raise InputError(
            message("no record of these states in {year}", year=year),
            remedy=message("name a year from {first} to {last}", first=first, last=last),
        )


def _what(rates: Series, year: int) -> str:
    """Return what happened between the two states in a year."""
    if year > rates.last:
        return "no data"
    if year in rates.began:
        return "begun"
    return "begun by the other" if year in rates.against else "one went on" if year in rates.going else ""
