"""The command `tocsin measure`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.cli.output import emit, say
from tocsin.errors import InputError
from tocsin.translation import Text, in_commas, message

if TYPE_CHECKING:
    from tocsin.measures import MeasureResult

SUFFIXES = ("", ".csv", ".parquet", ".svg")
MAX_PRINTED = 200
"""Rows printed on a terminal."""


def list_measures() -> None:
    """Print every measure with its years, title, sources, states and inputs."""
    from tocsin.measures.catalogue import MEASURES
    from tocsin.measures.definition import SUBJECTS
    from tocsin.tables import text_table

    rows: list[tuple[str, str, str]] = []
    for name, measure in MEASURES.items():
        rows.append((name, f"{measure.years[0]}-{measure.years[1]}", measure.title))
        states = "" if measure.subject == "states" else f"; --states: {SUBJECTS[measure.subject]}"
        lines = [f"needs {' '.join(measure.sources)}{states}"]
        lines += [measure.note] if measure.note else []
        lines += [f"--with {key}={item.default:g}: {item.meaning}" for key, item in measure.inputs.items()]
        rows += [("", "", line) for line in lines]
    say(text_table(("", "", ""), rows))


def measure_states(
    name: str, states: str | None, years: str | None, inputs: Sequence[str], output: Path | None
) -> None:
    """Compute a measure and print, write or draw it.

    Args:
        name: of the measure.
        states: names separated by commas, those of a side joined by `+`; all states if None.
        years: `FIRST:LAST`, or one year; all that the measure covers if None.
        inputs: `NAME=VALUE` of the measure's own inputs; if a name occurs twice, its last value counts.
        output: a .csv, .parquet or .svg file; a name without ending, such as a device, gets CSV; the table is printed if None.

    Raises:
        InputError: if the request or the file name is invalid.
        SolveError: if a data set is not in the cache.
    """
    from tocsin.measures.result import compute_measure

    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise InputError(
            message("{file} is not a CSV, Parquet or SVG file", file=output.name),
            remedy=message("name it {name}.csv, .parquet or .svg", name=output.stem),
        )
    values = {key: value for key, _, value in (text.partition("=") for text in inputs)}
    result = compute_measure(name, states, years, values)
    for note in result.notes:
        say(f"note: {note}", err=True)
    if output is None:
        _print(result)
    else:
        _write(result, output)
        if output.suffix:
            say(f"{output}: {result.frame.height:,} rows")


def _print(result: MeasureResult) -> None:
    """Print a table on a terminal, and CSV into a file or pipe."""
    from tocsin.tables import text_table

    frame = result.flat_frame()
    if not is_terminal():
        emit(frame.write_csv())
        return
    numeric = [index for index, dtype in enumerate(frame.dtypes) if dtype.is_numeric()]
    rows = [
        [f"{value:.6g}" if isinstance(value, float) else value for value in row]
        for row in frame.head(MAX_PRINTED).rows()
    ]
    say(text_table(frame.columns, rows, right=numeric))
    if frame.height > MAX_PRINTED:
        say(f"{frame.height - MAX_PRINTED:,} more rows: write them to a file with -o FILE.csv")


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def _write(result: MeasureResult, output: Path) -> None:
    from tocsin.files import replacing, write_all

    suffix = output.suffix.lower()
    if suffix == ".parquet":
        with replacing(output) as temporary:
            result.frame.write_parquet(temporary)
    else:
        write_all({output: _svg(result) if suffix == ".svg" else result.flat_frame().write_csv()})


def _svg(result: MeasureResult) -> str:
    import polars as pl

    from tocsin.plots.captions import Caption
    from tocsin.plots.measures import lines_svg, spells_svg

    definition, request = result.definition, result.request
    rows = definition.spells(result.frame) if definition.spells else result.frame
    pair, state = pl.col("code1") + "-" + pl.col("code2"), pl.col("code")
    rows = rows.with_columns(name=pair if "code1" in rows.columns else state if "code" in rows.columns else pl.lit(""))
    column = definition.main_column
    if column is not None:
        caption = Caption(result.title, column.replace("_", " "), result.footnotes)
        return lines_svg(rows, caption, value=column, span=("low", "high") if definition.bounded else None)
    if "start" not in rows.columns:
        raise InputError(
            message("`{name}` cannot be drawn", name=result.name),
            remedy=message("write a .csv, or draw another: {names}", names=_drawable()),
        )
    label = next(name for name in ("label", "camp", "side", "leader") if name in rows.columns)
    caption = Caption(result.title, "", result.footnotes)
    return spells_svg(rows, caption, label=label, years=(request.first, request.last))


def _drawable() -> Text:
    from tocsin.measures.catalogue import MEASURES

    return in_commas(name for name, measure in MEASURES.items() if measure.rate is None)
