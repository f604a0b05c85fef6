"""The command `tocsin sweep`."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say, warn
from tocsin.cli.settings import settings_of, settings_options
from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.assessment.sweep.design import Design
    from tocsin.assessment.sweep.job import Job
    from tocsin.assessment.sweep.run import Compute
    from tocsin.case.schema import Case

WORLDS = 1024
"""Worlds, or base points, by default."""
MAX_VALUES = 10_000
"""Largest number of values of one input."""
SPOKEN = 60.0
"""Seconds between two lines about progress where there is no terminal."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of the command; see its help."""

    vary: tuple[str, ...]
    sample: Literal["grid", "saltelli"]
    worlds: int | None
    rest: Literal["draw", "median"]
    quantities: tuple[str, ...]
    weights: bool | None
    cluster: str | None
    seed: int
    settings: tuple[str, ...]
    variants: tuple[str, ...]
    quiet: bool


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    multiple=True,
    metavar="INPUT[=LOW:HIGH:COUNT]",
    help="Vary an input: over COUNT values from LOW to HIGH in its unit, or with --sample saltelli over its own distribution. Repeatable.",
)
@click.option(
    "--sample",
    type=click.Choice(["grid", "saltelli"]),
    default="grid",
    show_default=True,
    help="grid: all combinations of the values, each in the same worlds. saltelli: rows for Sobol' indices.",
)
@click.option(
    "--draws",
    "--n",
    "worlds",
    type=int,
    help=f"Worlds at each point of the grid, or base points of the Saltelli sample [default: {WORLDS}].",
)
@click.option(
    "--rest",
    type=click.Choice(["draw", "median"]),
    default="draw",
    show_default=True,
    help="Draw the inputs that are not varied, or fix them at their medians.",
)
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="TEXT",
    help='A quantity as tests write it, such as "risk(plan)". Repeatable. [default: those of the present world in the main theatre]',
)
@click.option(
    "--weights/--no-weights",
    default=None,
    help="Add how likely each world makes the record of past years. It can take longer than the games. [default: not with saltelli]",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Compute on a Dask cluster, tcp://HOST:PORT or tls://HOST:PORT. The table is the same as without.",
)
@click.option("--seed", default=1, show_default=True, help="Random seed; the same seed gives the same table.")
@settings_options
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The table, a .parquet file.")
@click.option("--quiet", is_flag=True, help="Print only errors.")
def sweep(case: Path, output: Path, **options: Any) -> None:
    """Write a table of CASE with a row for each world: its inputs, weight and quantities.

    Without --vary, the rows are worlds as `tocsin assess` draws them, up to 10,000,000. Memory does not grow with the rows. If the command
    is stopped, the same command goes on where it was.

    \b
    tocsin sweep japan-buildup --draws 100000 -o worlds.parquet
    tocsin sweep japan-buildup --vary growth.JPN=0:0.04:9 --quantity "risk(plan)" -o growth.parquet
    tocsin sweep japan-buildup --sample saltelli --vary growth.JPN --vary precision --n 1024 -o indices.parquet
    """
    _run(case, output, Options(**options))


def _run(case: Path, output: Path, options: Options) -> None:
    from tocsin.case import load
    from tocsin.case.override import override
    from tocsin.case.variants import with_variants
    from tocsin.cli.running import check_targets

    if output.suffix != ".parquet":
        raise InputError(
            message("the table is written as Parquet only"),
            file=str(output),
            remedy=message("name it {name}", name=f"{output.stem}.parquet"),
        )
    compute = _where(options.cluster)
    loaded = load(case)
    check_targets(loaded, [output])
    settings = with_variants(loaded, options.variants, settings_of(options.settings))
    job = _job(override(loaded, settings) if settings else loaded, options)
    try:
        resumed = _computed(job, output, compute, quiet=options.quiet)
    except KeyboardInterrupt:
        _say_what_stays(output)
        raise
    if not options.quiet:
        before = f", {resumed:,} of them from an earlier run" if resumed else ""
        say(f"wrote {output}: {job.design.rows:,} rows{before}, seed {options.seed}")


def _where(cluster: str | None) -> Compute:
    """Return where chunks are computed: here, or on a cluster."""
    if cluster is None:
        from tocsin.assessment.sweep.run import here

        return here
    from tocsin.assessment.sweep.cluster import is_open, on_cluster

    compute = on_cluster(cluster)
    if is_open(cluster):
        say(f"notice: {cluster} is neither encrypted nor authenticated; see docs/scale.md for TLS", err=True)
    return compute


def _job(case: Case, options: Options) -> Job:
    # imported here: these load the engine
    from tocsin.assessment.figures import LEVELS
    from tocsin.assessment.sweep.job import Job
    from tocsin.assessment.sweep.model import quantities

    if not case.theatres:
        raise InputError(
            message("the case has no game, so no world to sweep"),
            remedy=message("run `tocsin assess`"),
        )
    calls = quantities(case, options.quantities or [f"{name}()" for name in LEVELS])
    weigh = options.sample != "saltelli" if options.weights is None else options.weights
    return Job(case, _design(case, options), calls, weigh)


def _design(case: Case, options: Options) -> Design:
    from tocsin.assessment.sweep.design import grid, saltelli

    axes = [_axis(text) for text in options.vary]
    names = [name for name, _ in axes]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(message("--vary {name} is given twice", name=twice), remedy=message("vary it once"))
    if options.sample == "saltelli":
        if ranged := next((name for name, values in axes if values), None):
            raise InputError(
                message(
                    "--vary {name} has a grid, and --sample saltelli draws from the input's own distribution",
                    name=ranged,
                ),
                remedy=message("write {command}", command=f"--vary {ranged}"),
            )
        worlds = WORLDS if options.worlds is None else options.worlds
        return saltelli(case, names, worlds=worlds, seed=options.seed, rest=options.rest)
    if bare := next((name for name, values in axes if not values), None):
        raise InputError(
            message("--vary {name} has no values", name=bare),
            remedy=message("write {command}", command=f"--vary {bare}=LOW:HIGH:COUNT"),
        )
    usual = 1 if options.rest == "median" else WORLDS
    worlds = usual if options.worlds is None else options.worlds
    return grid(case, dict(axes), worlds=worlds, seed=options.seed, rest=options.rest)


def _axis(text: str) -> tuple[str, Sequence[float]]:
    """Return the input and the values of a text `INPUT=LOW:HIGH:COUNT`; no values if it is only `INPUT`."""
    import numpy as np

    name, equals, written = (part.strip() for part in text.partition("="))
    if name and not equals:
        return name, ()
    try:
        first, last, count = written.split(":")
        low, high, size = float(first), float(last), int(count)
    except ValueError:
        low = high = math.nan
    if not name or not math.isfinite(low) or not math.isfinite(high):
        raise InputError(
            message("cannot read --vary {text}", text=repr(text)),
            remedy=message("write --vary INPUT=LOW:HIGH:COUNT, with three numbers"),
        )
    if size < 2 or size > MAX_VALUES:
        raise InputError(
            message("--vary {name} has {number} values", name=name, number=size),
            remedy=message("use 2 to {most}", most=f"{MAX_VALUES:,}"),
        )
    if low >= high:
        raise InputError(
            message("--vary {input} goes from {low} to {high}", input=name, low=f"{low:g}", high=f"{high:g}"),
            remedy=message("write the smaller number first, and two that differ"),
        )
    return name, np.linspace(low, high, size).tolist()


def _say_what_stays(output: Path) -> None:
    """Say that the rows computed so far stay, if any do."""
    from tocsin.assessment.sweep.parts import stored_parts

    if stored_parts(output):
        warn(
            message("the finished rows stay in {folder}; the same command goes on from there", folder=f"{output}.parts")
        )


# --- progress ------------------------------------------------------------------------------------------------------


def _computed(job: Job, output: Path, compute: Compute, *, quiet: bool) -> int:
    """Compute the table with a bar and the time left; where there is no terminal, with a line every minute."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from tocsin.assessment.sweep.run import run

    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        lines = None if quiet else _Lines()
        return apart(lambda: run(job, output, compute=compute, progress=lines))
    columns = (
        TextColumn("{task.completed:,} of {task.total:,} rows"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, speed_estimate_period=600.0) as bars:
        task = bars.add_task("", total=job.design.rows)

        def show(done: int, _rows: int) -> None:
            bars.update(task, completed=done)

        return apart(lambda: run(job, output, compute=compute, progress=show))


class _Lines:
    """Print progress as lines, at most one every `SPOKEN` seconds."""

    def __init__(self) -> None:
        self.began = self.spoken = time.monotonic()
        self.first: int | None = None

    def __call__(self, done: int, rows: int) -> None:
        """Print how many rows are done, and the time left at the rate of this run."""
        now = time.monotonic()
        if self.first is None:
            self.first = done
        if now - self.spoken < SPOKEN or done in (self.first, rows):
            return
        self.spoken = now
        left = (now - self.began) / (done - self.first) * (rows - done)
        say(f"{done:,} of {rows:,} rows, about {_duration(left)} left", err=True)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "a minute"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"
