"""Measures from the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".csv", ".parquet")


def measure_states(name: str, states: str | None, years: str | None, output: Path | None) -> None:
    """Work a measure out from the cached sets, and print it or write it.

    Args:
        name: of the measure, a key of `MEASURES`.
        states: names parted by commas; all states if not given. A measure of pairs keeps those within them.
        years: `FIRST:LAST`, or one year; all that the sets cover if not given.
        output: a .csv or .parquet file; the table is printed if not given.

    Raises:
        InputError: bad input.
        SolveError: a set is not in the cache.
    """
    if name not in MEASURES:
        raise InputError(f"no measure is named `{name}`", remedy=did_you_mean(name, MEASURES))
    if output is not None and output.suffix not in SUFFIXES:
        raise InputError(f"{output.name} is neither CSV nor Parquet", remedy=f"name it {output.stem}.csv or .parquet")
    first, last = _years(years)
    found = MEASURES[name](first, last)
    if found.is_empty():
        raise InputError(f"the sets know nothing of {first} to {last}", remedy="see the years in `tocsin data list`")
    covered = found["year"].to_list()
    found = _named(found, states, (max(first, min(covered)), min(last, max(covered))))
    if name == "cinc" and states is not None:
        _warn(found)
    if output is None:
        click.echo(_plain(found).write_csv(), nl=False)
    else:
        _write(found, output)
        click.echo(f"{output}: {found.height:,} rows, {min(covered)} to {max(covered)}")


def _cinc(first: int, last: int) -> pl.DataFrame:
    from tocsin.data.readers import read
    from tocsin.measure.cinc import cinc

    return cinc(read("nmc")).filter(_between(first, last))


def _warn(found: pl.DataFrame) -> None:
    """Say where an index cannot be compared with the year before."""
    from tocsin.measure.cinc import jumps

    for row in jumps(found).iter_rows(named=True):
        missing, was = (", ".join(row[name]) or "nothing" for name in ("missing", "was"))
        click.echo(
            f"note: {row['code']} {row['year']} cannot be compared with the year before: {missing} is missing, "
            f"{was} was; see low and high",
            err=True,
        )


def _alliances(first: int, last: int) -> pl.DataFrame:
    import polars as pl

    from tocsin.data.readers import read
    from tocsin.data.registry import source
    from tocsin.data.states import member_years
    from tocsin.measure.alignment import alliance_ranks, alliance_similarity

    obligations = read("atop_dyads")
    ranks = alliance_ranks(obligations)
    covered = source("atop_dyads").years[1]
    found = alliance_similarity(member_years(read("states"), first, min(last, covered)), ranks)
    for own, other in (("state1", "state2"), ("state2", "state1")):
        owed = ranks.select(state1=own, state2=other, year="year", **{f"owed_by_{own[-1]}": "rank"})
        found = found.join(owed, on=["state1", "state2", "year"], how="left")
    # no row in ATOP within its coverage is no alliance
    return found.with_columns(pl.col("owed_by_1", "owed_by_2").fill_null(0))


MEASURES: dict[str, Callable[[int, int], pl.DataFrame]] = {"alliances": _alliances, "cinc": _cinc}


def _between(first: int, last: int) -> pl.Expr:
    import polars as pl

    return pl.col("year").is_between(first, last)


def _years(text: str | None) -> tuple[int, int]:
    if text is None:
        return (1816, 9999)
    match = re.fullmatch(r"(\d{4})(?::(\d{4}))?", text.strip())
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise InputError(
            f"--years {text!r} is no span of years", remedy="write FIRST:LAST, such as 1990:2022, or a year"
        )
    return int(match[1]), int(match[2] or match[1])


def _named(found: pl.DataFrame, states: str | None, years: tuple[int, int]) -> pl.DataFrame:
    """The rows of the states asked for, with the code of each beside its number."""
    import polars as pl

    from tocsin.data.readers import read
    from tocsin.data.states import find_state

    table = read("states")
    columns: Sequence[str] = [name for name in ("state", "state1", "state2") if name in found.columns]
    if states is not None:
        wanted = {find_state(each, years, table) for each in states.split(",")}
        if len(columns) == 2 and len(wanted) == 1:
            raise InputError("this is a measure of pairs of states", remedy="name at least two")
        found = found.filter(pl.all_horizontal(pl.col(name).is_in(wanted) for name in columns))
    codes = table.unique("state", keep="last", maintain_order=True)
    labels = {name: pl.col(name).replace_strict(codes["state"], codes["code"], default=None) for name in columns}
    return found.with_columns(**{name.replace("state", "code"): label for name, label in labels.items()}).sort(
        *columns, "year"
    )


def _plain(found: pl.DataFrame) -> pl.DataFrame:
    """The table with lists as text, which CSV can hold."""
    import polars as pl

    return found.with_columns(pl.col(pl.List(pl.String)).list.join(" "))


def _write(found: pl.DataFrame, output: Path) -> None:
    from tocsin.report.files import write_all

    if output.suffix == ".csv":
        write_all({output: _plain(found).write_csv()})
        return
    temporary = output.with_name(f".{output.name}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        found.write_parquet(temporary)
        temporary.replace(output)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", file=str(output), remedy="name another folder") from error
    finally:
        temporary.unlink(missing_ok=True)
