"""Measures from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.errors import InputError, did_you_mean
from tocsin.files import replacing, write_all

if TYPE_CHECKING:
    import polars as pl

    from tocsin.measure.asking import Measure, Request

SUFFIXES = (".csv", ".parquet", ".svg")


def list_measures() -> None:
    """Print what measures there are, what each needs and what it asks for."""
    from tocsin.measure.asking import ASKED
    from tocsin.measure.catalogue import MEASURES

    wide = max(map(len, MEASURES))
    for name, measure in MEASURES.items():
        click.echo(f"{name:{wide}}  {measure.years[0]}-{measure.years[1]}  {measure.what}")
        asks = "" if measure.about == "states" else f"; --states: {ASKED[measure.about]}"
        click.echo(f"{'':{wide}}             needs {' '.join(measure.needs)}{asks}")
        if measure.says:
            click.echo(f"{'':{wide}}             {measure.says}")
        for key, each in measure.inputs.items():
            click.echo(f"{'':{wide}}             --with {key}={each.usual:g}: {each.meaning}")


def measure_states(
    name: str, states: str | None, years: str | None, inputs: Sequence[str], output: Path | None
) -> None:
    """Work a measure out from the cached sets, and print, write or draw it.

    Args:
        name: of the measure.
        states: names parted by commas, those of a side joined by `+`; all states if not given.
        years: `FIRST:LAST`, or one year; all that the sets cover if not given.
        inputs: `NAME=VALUE` of the measure's own inputs.
        output: a .csv, .parquet or .svg file; the table is printed if not given.

    Raises:
        InputError: bad input.
        SolveError: a set is not in the cache.
    """
    from tocsin.measure.asking import ask, years_of
    from tocsin.measure.catalogue import MEASURES

    if name not in MEASURES:
        raise InputError(
            f"no measure is named `{name}`", remedy=did_you_mean(name, MEASURES) + " See `tocsin measure`."
        )
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{output.name} is no CSV, Parquet or SVG file", remedy=f"name it {output.stem}.csv, .parquet or .svg"
        )
    measure = MEASURES[name]
    span = None if years is None else years_of(years)
    groups = () if states is None else _groups(states, span or measure.years)
    request = ask(measure, groups, span, _written(inputs))
    found = _labelled(measure.work(request))
    if found.is_empty():
        raise InputError(
            f"the sets know nothing of this in {request.first} to {request.last}",
            remedy="ask about other states or years",
        )
    for note in measure.notes(found) if request.groups else ():
        click.echo(f"note: {note}", err=True)
    if output is None:
        click.echo(_plain(found).write_csv(), nl=False)
        return
    _write(found, output, measure, request, states or "")
    click.echo(f"{output}: {found.height:,} rows")


# --- what is asked -------------------------------------------------------------------------------------------------


def _groups(states: str, years: tuple[int, int]) -> list[list[int]]:
    from tocsin.data.readers import read
    from tocsin.data.states import find_state

    table = read("states")
    return [[find_state(each, years, table) for each in group.split("+")] for group in states.split(",")]


def _written(inputs: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` as a mapping; the last of a name counts."""
    return {name: value for name, _, value in (text.partition("=") for text in inputs)}


# --- what is given back --------------------------------------------------------------------------------------------


def _labelled(found: pl.DataFrame) -> pl.DataFrame:
    """The table with the code of each state beside its number, sorted."""
    import polars as pl

    from tocsin.data.readers import read

    columns = [name for name in ("state", "state1", "state2") if name in found.columns]
    codes = read("states").unique("state", keep="last", maintain_order=True)
    labels = {
        name.replace("state", "code"): pl.col(name).replace_strict(codes["state"], codes["code"], default=None)
        for name in columns
    }
    order = [*columns, *(name for name in ("year", "start", "date") if name in found.columns)]
    return found.with_columns(**labels).sort(order)


def _plain(found: pl.DataFrame) -> pl.DataFrame:
    """The table with lists as text, which CSV can hold."""
    import polars as pl

    return found.with_columns(
        pl.col(pl.List(pl.String)).list.join("; "), pl.col(pl.List(pl.Int32)).cast(pl.List(pl.String)).list.join("; ")
    )


def _write(found: pl.DataFrame, output: Path, measure: Measure, request: Request, asked: str) -> None:
    if output.suffix.lower() == ".parquet":
        with replacing(output) as temporary:
            found.write_parquet(temporary)
    else:
        text = _plain(found).write_csv() if output.suffix.lower() == ".csv" else _drawn(found, measure, request, asked)
        write_all({output: text})


def _drawable() -> str:
    from tocsin.measure.catalogue import MEASURES

    return ", ".join(name for name, measure in MEASURES.items() if measure.rate is None)


def _drawn(found: pl.DataFrame, measure: Measure, request: Request, asked: str) -> str:
    import polars as pl

    from tocsin.data.registry import source
    from tocsin.plots.captions import Caption
    from tocsin.plots.measures import lines_svg, spells_svg

    used = [source(name) for name in measure.needs if name not in ("states", "false_dyads")]
    foot = [f"{request.first} to {request.last}. " + "; ".join(f"{each.what} ({each.cite})" for each in used)]
    if measure.span:
        foot.append("Band: the least and greatest value that fit what is known. Line: the value where it is known.")
    foot += [measure.says] if measure.says else []
    foot += [f"{name} = {value:g}: {measure.inputs[name].meaning}" for name, value in request.inputs.items()]
    title = measure.what[0].upper() + measure.what[1:]
    if measure.about == "sides":
        title += ": " + " against ".join(asked.split(","))
    elif measure.about == "three":
        title += f": {asked}"
    rows = measure.bars(found) if measure.bars else found
    if "code1" in rows.columns:
        rows = rows.with_columns(name=pl.col("code1") + "-" + pl.col("code2"))
    else:
        rows = rows.with_columns(name=pl.col("code") if "code" in rows.columns else pl.lit(""))
    if measure.shown is None and "start" not in rows.columns:
        raise InputError("this measure has no picture", remedy=f"write a .csv, or draw another: {_drawable()}")
    if measure.shown is None:
        label = next(name for name in ("label", "camp", "side", "leader") if name in rows.columns)
        return spells_svg(rows, Caption(title, "", tuple(foot)), label=label, years=(request.first, request.last))
    return lines_svg(
        rows, Caption(title, measure.shown.replace("_", " "), tuple(foot)), value=measure.shown, span=measure.span
    )
