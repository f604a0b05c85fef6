"""The draws of a posterior as NetCDF, which ArviZ and xarray open.

The groups are those of ArviZ's schema:

    posterior/coefficients (chain, draw, coefficient)    drawn coefficients, by name as the estimate's table shows them
    log_likelihood/outcome (chain, draw, case)           log probability of the observed outcome of each case
    observed_data/outcome (case)                         the observed outcome; `case` is the number of its row in the data
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.assessment.record import versions
from tocsin.errors import InputError
from tocsin.evidence.signalling.results import SignallingResult
from tocsin.evidence.strategic.bayes import Posterior
from tocsin.evidence.strategic.results import StrategicResult
from tocsin.export.citing import of_program
from tocsin.export.netcdf_file import add_texts, add_variable, netcdf_bytes
from tocsin.translation import message

if TYPE_CHECKING:
    import h5netcdf


def posterior_netcdf(result: StrategicResult | SignallingResult) -> bytes:
    """Return the draws of an estimate's posterior as a NetCDF 4 file; the same draws give the same bytes on the same day.

    Raises:
        InputError: if the estimate has no posterior, or the libraries of the extra `science` are missing.
    """
    if isinstance(result, SignallingResult) or result.posterior is None:
        raise InputError(message("the estimate has no posterior"), remedy=message("sample it: add --posterior"))
    strategic, chains = result, result.posterior

    def fill(file: h5netcdf.File) -> None:
        file.attrs.update(_described(strategic, chains))
        _write_draws(file.create_group("posterior"), strategic, chains)
        group, rows = file.create_group("log_likelihood"), chains.sample.rows
        _write_dimensions(group, chains)
        group.dimensions["case"] = rows.size
        add_variable(group, "case", ("case",), rows, {"long_name": "Number of the row in the data."})
        add_variable(group, "outcome", ("chain", "draw", "case"), chains.logs, {"units": "nat"})
        observed = file.create_group("observed_data")
        observed.dimensions["case"] = rows.size
        add_variable(observed, "case", ("case",), rows, {"long_name": "Number of the row in the data."})
        labels = chains.sample.specification.game.outcomes
        add_texts(observed, "outcome", "case", [labels[index] for index in chains.sample.outcome])

    return netcdf_bytes(fill)


def _write_dimensions(group: h5netcdf.Group, chains: Posterior) -> None:
    """Give a group the dimensions chain and draw with their numbers from 0, as ArviZ does."""
    for name, size in zip(("chain", "draw"), chains.draws.shape, strict=False):
        group.dimensions[name] = size
        add_variable(group, name, (name,), np.arange(size), {})


def _write_draws(group: h5netcdf.Group, result: StrategicResult, chains: Posterior) -> None:
    names = result.fit.names
    _write_dimensions(group, chains)
    group.dimensions["coefficient"] = len(names)
    add_texts(group, "coefficient", "coefficient", result.fit.labels())
    add_texts(group, "utility", "coefficient", [utility for utility, _ in names])
    add_texts(group, "term", "coefficient", [term for _, term in names])
    meaning = {"long_name": "Coefficient of the term in the utility, in units of the specification."}
    add_variable(group, "coefficients", ("chain", "draw", "coefficient"), chains.draws, meaning)


def _described(result: StrategicResult, chains: Posterior) -> dict[str, Any]:
    """Return what the draws rest on, how well the chains mixed, and what to cite."""
    made = result.provenance
    used = versions("jax", "jaxlib", "numpy", "scipy", "numpyro")
    data = {"data_file": made.file, "data_sha256": made.sha256}
    return {
        "title": "Draws of the posterior of a strategic model",
        "inference_library": "tocsin",
        "inference_library_version": made.version,
        "made": made.made.isoformat(),
        "seed": made.seed,
        "versions": ", ".join(f"{name} {version}" for name, version in used.items()),
        "specification": made.specification,
        **{name: value for name, value in data.items() if value is not None},
        "prior": chains.sample.specification.penalty,
        **chains.mixing.to_dict(),
        "references": f"{of_program(made.version).line()}\nCite the data by their own source.",
    }
