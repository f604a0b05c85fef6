"""The worlds of a run as NetCDF, which xarray and ArviZ open.

Each set of theatres is a group with the dimensions chain (1), draw (its worlds) and type (challenger types):

    NAME (chain, draw)              drawn value of an input, with its unit as attribute
    CALL (chain, draw, type)        a quantity in the test language; nan where it is missing
    weight (chain, draw, type)      weight of the world given the record; sums to 1 over draws for each type
    stands_for (chain, draw)        how many drawn worlds it stands for, before weighting
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tocsin.assessment.world_table import INPUT, QUANTITY, WEIGHT
from tocsin.errors import InputError
from tocsin.export.citing import described, how_to_cite
from tocsin.export.netcdf_file import add_texts, add_variable, netcdf_bytes, netcdf_library
from tocsin.export.run import Run
from tocsin.export.tables import world_column
from tocsin.report.draft import draft_text
from tocsin.tables import printable
from tocsin.translation import message

if TYPE_CHECKING:
    import h5netcdf

DRAWS, TYPED = ("chain", "draw"), ("chain", "draw", "type")


def netcdf(run: Run) -> bytes:
    """Return the worlds of a run as a NetCDF 4 file; the same run gives the same bytes.

    Raises:
        InputError: if the libraries of the extra `science` are missing, or the run has no worlds.
    """
    netcdf_library()
    worlds = run.worlds
    if worlds is None:
        raise InputError(
            message("this run has no stored worlds"),
            remedy=message("run `tocsin assess` on a case with a game, and then export the case"),
        )

    def fill(file: h5netcdf.File) -> None:
        _describe(file, run)
        for (theatres,), rows in worlds.group_by("theatres", maintain_order=True):
            _write(file.create_group(str(theatres).replace("+", "_and_")), run, str(theatres), rows)

    return netcdf_bytes(fill)


def _describe(file: h5netcdf.File, run: Run) -> None:
    case, draft = run.record.case, draft_text(run.record.health.findings)
    file.attrs.update(
        title=printable(f"Worlds of a run of the case “{case.title}”"),
        case=case.id,
        as_of=case.as_of,
        run=described(run.record),
        **({"draft": draft} if draft else {}),
        **({} if run.made is None else {"made": run.made.isoformat()}),
        references="\n".join(how_to_cite(run)),
        comment="Draws are weighted: use the variable weight, one column for each type of challenger. "
        "Quantities and weights are at the central discount factor.",
    )


def _write(group: h5netcdf.Group, run: Run, theatres: str, rows: pl.DataFrame) -> None:
    """Write the worlds of one set of theatres."""
    types = [name.removeprefix(WEIGHT) for name in rows.columns if name.startswith(WEIGHT)]
    group.attrs["theatres"] = theatres
    group.dimensions.update({"chain": 1, "draw": rows.height, "type": len(types)})
    add_variable(group, "chain", ("chain",), np.zeros(1, dtype=np.int64), {})
    add_variable(group, "draw", ("draw",), rows["world"].to_numpy(), {"long_name": "Number of the world in this set."})
    add_texts(group, "type", "type", types)
    add_variable(group, "stands_for", DRAWS, rows["stands_for"].to_numpy()[None], _attributes(run, "stands_for"))
    weights = np.stack([rows[WEIGHT + kind].to_numpy() for kind in types], axis=-1)
    meaning = "Weight of the world for a type given the record; sums to 1 over draws."
    add_variable(group, "weight", TYPED, weights[None], {"long_name": meaning, "units": "1"})
    for name in rows.columns:
        if name.startswith(INPUT):
            add_variable(group, name.removeprefix(INPUT), DRAWS, rows[name].to_numpy()[None], _attributes(run, name))
    for call in _calls(rows):
        columns = [f"{QUANTITY}{kind}/{call}" for kind in types]
        values = np.stack([rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy() for column in columns], axis=-1)
        attributes = _attributes(run, columns[0])
        attributes["long_name"] = attributes["long_name"].replace(f" for the type {types[0]}", "", 1)
        add_variable(group, call, TYPED, values[None], attributes)


def _calls(rows: pl.DataFrame) -> tuple[str, ...]:
    """Return the quantities of a set of theatres: those with a value in any of its worlds."""
    named = [name for name in rows.columns if name.startswith(QUANTITY) and rows[name].null_count() < rows.height]
    return tuple(dict.fromkeys(name.removeprefix(QUANTITY).partition("/")[2] for name in named))


def _attributes(run: Run, column: str) -> dict[str, str]:
    described_ = world_column(run, column)
    return {"long_name": described_.meaning, **({"units": described_.unit} if described_.unit else {})}
