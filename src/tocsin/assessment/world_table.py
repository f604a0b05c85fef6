"""The solved worlds of a run as one table: inputs, weights, and the quantities that tests read.

A row is a world of a set of theatres. Columns:

    theatres, world     names of the theatres, joined by "+", and the number of the world in this set, from 1
    stands_for          how many drawn worlds it stands for, see `sampling`
    weight/TYPE         weight of the world for a challenger type given the records of these theatres; sums to 1 over the set
    input/NAME          drawn value of a belief, in its unit
    quantity/TYPE/CALL  value of a quantity in the test language; null where it belongs to other theatres or its game has not settled

Games at other discount factors, those of controls and those of figures are solved in other worlds, which the table does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from tocsin.assessment.requests import calls_of
from tocsin.assessment.situations import central_models
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES

if TYPE_CHECKING:
    import polars as pl

    from tocsin.assessment.ensemble import Ensemble
    from tocsin.assessment.requests import Theatres

WEIGHT, INPUT, QUANTITY = "weight/", "input/", "quantity/"
"""Prefixes of the columns."""
MAX_CELLS = 20_000_000
"""A larger table is not made: a run of millions of draws would need gigabytes for it."""


def world_table(ensembles: Mapping[Theatres, Ensemble], present: Iterable[str]) -> pl.DataFrame | None:
    """Return the worlds of all sets of theatres; None if they have more than `MAX_CELLS` numbers.

    Args:
        ensembles: the solved ensembles at the central discount factor.
        present: quantities of the present world that the table has for each theatre, such as `risk`.
    """
    import polars as pl

    names, sizes = tuple(present), []
    for theatres, ensemble in ensembles.items():
        columns = len(ensemble.worlds.draws) + len(ensemble.case.types) * len(_calls(ensemble, theatres, names))
        sizes.append(ensemble.worlds.size * columns)
    if sum(sizes) > MAX_CELLS:
        return None
    return pl.concat([_rows(ensemble, theatres, names) for theatres, ensemble in ensembles.items()], how="diagonal")


def _calls(ensemble: Ensemble, theatres: Theatres, present: Iterable[str]) -> tuple[Call, ...]:
    """Return the quantities that are read for a set of theatres: those of its tests and, for one theatre, those of the present world."""
    now = [Call(name, theatre=theatres[0]) for name in present] if len(theatres) == 1 else []
    return tuple(dict.fromkeys([*now, *calls_of(ensemble.case).get(theatres, ())]))


def _rows(ensemble: Ensemble, theatres: Theatres, present: Iterable[str]) -> pl.DataFrame:
    import polars as pl

    size = ensemble.worlds.size
    columns: dict[str, object] = {
        "theatres": ["+".join(theatres)] * size,
        "world": np.arange(1, size + 1),
        "stands_for": np.exp(ensemble.log_weights),
    }
    columns |= {WEIGHT + kind: ensemble.weight(kind) for kind in ensemble.case.types}
    columns |= {INPUT + name: values for name, values in ensemble.worlds.draws.items()}
    for model in central_models(ensemble.case):
        reader = ensemble.reader(model)
        for call in _calls(ensemble, theatres, present):
            values = np.broadcast_to(np.asarray(reader.read(call), dtype=float), size)
            columns[f"{QUANTITY}{model.type}/{call_text(call)}"] = values
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def call_text(call: Call) -> str:
    """Return a quantity as tests write it: `pillar(JPN, plan + amendment | tokyo_drifts in korea)`."""
    roles = [getattr(call, role) for role in QUANTITIES[call.name].roles]
    heads = [str(value) for value in roles if value is not None]
    events, given = " + ".join(call.events), " + ".join(call.given)
    options = [f"in {call.theatre}" if call.theatre else "", f"alike {call.alike}" if call.alike else ""]
    tail = " ".join(filter(None, (events, f"| {given}" if given else "", *options)))
    return f"{call.name}({', '.join([*heads, *([tail] if tail else [])])})"


def to_parquet(worlds: pl.DataFrame) -> bytes:
    """Return the table as a Parquet file."""
    file = BytesIO()
    worlds.write_parquet(file, compression="zstd")
    return file.getvalue()
