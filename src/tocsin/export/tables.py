"""All tables of a run, and the dictionary that explains them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from tocsin.assessment.world_table import INPUT, QUANTITY, WEIGHT
from tocsin.case.quantities import QUANTITIES
from tocsin.export.case_tables import case_tables
from tocsin.export.result_tables import result_tables
from tocsin.export.run import Run
from tocsin.export.table import Column, Table, text

WORLDS = "worlds"


def tables(run: Run) -> Iterator[Table]:
    """Yield the tables of a run, the worlds last and only if they were stored."""
    yield from result_tables(run.record)
    yield from case_tables(run)
    if run.worlds is not None:
        columns = tuple(world_column(run, name) for name in run.worlds.columns)
        what = "The solved worlds at the central discount factor, one row for each world of a set of theatres."
        yield Table(name=WORLDS, what=what, columns=columns, frame=run.worlds)


def world_column(run: Run, name: str) -> Column:
    """Return what a column of the worlds means."""
    if name == "theatres":
        return text(name, "The theatres whose records give the weights, joined by +.")
    if name == "world":
        return Column(name=name, kind="integer", meaning="Number of the world in this set of theatres.")
    if name == "stands_for":
        meaning = "How many drawn worlds it stands for, before weighting by the record."
        return Column(name=name, kind="number", meaning=meaning, unit="worlds")
    if name.startswith(WEIGHT):
        given = f"Weight of the world for the type {name.removeprefix(WEIGHT)} given the record"
        meaning = f"{given}; sums to 1 over the set{_at_discount(run)}."
        return Column(name=name, kind="number", meaning=meaning, unit="1")
    if name.startswith(INPUT):
        return _input_column(run, name)
    return _quantity_column(run, name)


def _at_discount(run: Run) -> str:
    """Return at which discount factor a column holds; other factors and controls have other worlds, which are not stored."""
    return f", at the central discount factor {run.case.discounting.central:g} alone" if run.case else ""


def _input_column(run: Run, name: str) -> Column:
    key = name.removeprefix(INPUT)
    unit = run.case.beliefs[key].unit if run.case and key in run.case.beliefs else ""
    return Column(name=name, kind="number", meaning=f"Drawn value of the input {key}.", unit=unit)


def _quantity_column(run: Run, name: str) -> Column:
    model, _, call = name.removeprefix(QUANTITY).partition("/")
    kind = QUANTITIES[call.partition("(")[0]]
    meaning = f"{call} for the type {model}: {kind.meaning}{_at_discount(run)}."
    return Column(name=name, kind="number", meaning=meaning, unit=str(kind.unit) if kind.aims is None else "aim")


def dictionary(listed: Iterable[Table]) -> pl.DataFrame:
    """Return the data dictionary: one row for each column of each table."""
    rows = [
        {
            "table": table.name,
            "column": column.name,
            "type": column.kind,
            "unit": column.unit,
            "meaning": column.meaning,
        }
        for table in listed
        for column in table.columns
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("table", "column", "type", "unit", "meaning"), pl.String))
