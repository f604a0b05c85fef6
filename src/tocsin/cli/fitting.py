"""`tocsin evidence fit`: estimate a strategic model from cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say
from tocsin.errors import SolveError
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.evidence.fitting import Request
    from tocsin.evidence.signalling.results import SignallingResult
    from tocsin.evidence.strategic.results import StrategicResult

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("specification", metavar="SPEC.yaml", type=_FILE)
@click.option(
    "--data", required=True, type=_FILE, help="Table with one row for each case: CSV, .xlsx, .dta or .parquet."
)
@click.option(
    "--json", "json_file", type=_FILE, help="Write the estimate to this file, with specification and hash of the data."
)
@click.option(
    "--probabilities", type=_FILE, help="Write the probability of each outcome in each case to this CSV file."
)
@click.option(
    "--effect",
    "effects",
    multiple=True,
    metavar="COLUMN",
    help="Also give the mean effect of this column on the probability of each outcome. Repeatable.",
)
@click.option(
    "--against",
    type=_FILE,
    help="Compare with another SPEC.yaml on the same cases by Vuong's test, and with --posterior also by cross-validation.",
)
@click.option(
    "--bootstrap", type=click.IntRange(min=2), help="Also give standard errors from this many bootstrap samples."
)
@click.option(
    "--posterior", is_flag=True, help="Also sample the posterior with four chains; this takes about half a minute."
)
@click.option(
    "--chains", type=_FILE, help="Sample the posterior, and write its draws to this NetCDF file for ArviZ and xarray."
)
@click.option(
    "--seed", default=0, show_default=True, help="Seed of the optimiser's starts, the bootstrap and the chains."
)
def fit(json_file: Path | None, probabilities: Path | None, chains: Path | None, **options: Any) -> None:
    """Estimate from past cases what the players' payoffs depend on.

    SPEC.yaml gives the game: 12, 122, 123, `signalling` (a crisis with hidden types), or a tree of your own. It also gives the link
    (probit or logit), the kind of errors (agent or private), the columns of the outcome or moves, and a formula for each utility; see
    docs/evidence.md. Rows with missing values are left out and listed. Warnings name separated coefficients;
    coefficients that are not identified are an error. An estimate that did not converge is shown, and the exit status is 1.

    \b
    tocsin evidence fit crisis.yaml --data crises.csv --json crisis.json
    tocsin evidence fit crisis.yaml --data crises.csv --effect power --probabilities predicted.csv
    tocsin evidence fit crisis.yaml --data crises.csv --chains crisis.nc
    """
    from tocsin.files import check_csv_name, check_outputs, write_all

    inputs = [options["specification"], options["data"], *filter(None, [options["against"]])]
    check_outputs([json_file, probabilities, chains], inputs)
    check_csv_name(probabilities)
    if chains:
        from tocsin.export.netcdf_file import netcdf_library

        netcdf_library()  # refuse before the long computation
        options["posterior"] = True
    from tocsin.evidence.fitting import Request

    result = _estimate(Request(**options))
    files: dict[Path, str | bytes] = {}
    if json_file:
        files[json_file] = json.dumps(result.to_dict(), indent=1, allow_nan=False) + "\n"
    if probabilities:
        files[probabilities] = result.probabilities().write_csv()
    if chains:
        from tocsin.export.posterior import posterior_netcdf

        files[chains] = posterior_netcdf(result)
    write_all(files)
    say("\n".join([result.summary(), *map(str, files)]))
    if not result.fit.converged:
        raise SolveError(
            message("the estimate did not converge"),
            remedy=message("use a penalty, fewer terms or more cases; the warnings say why"),
        )


def _estimate(request: Request) -> StrategicResult | SignallingResult:
    """Return the estimate that a request describes, and show its steps meanwhile."""
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.evidence.fitting import estimate
    from tocsin.games.backend import use_disk_cache

    use_disk_cache()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return apart(lambda: estimate(request, show))
