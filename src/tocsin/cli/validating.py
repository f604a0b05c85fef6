"""`tocsin validate`: the coercion model against history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress

from tocsin.errors import SolveError

_FILE = click.Path(path_type=Path)
LEGEND = """log score: mean logarithm of the probability given to what happened; the larger the better, 0 the best.
better: than the share in earlier years, with its error by dyads. Brier: mean squared error; the smaller the better.
area: how often a case in which it happened was given more than one in which it did not; 0.5 is dice, 1 the best."""


@click.command()
@click.option("--json", "json_file", type=_FILE, help="Write scores, calibration and data hashes here.")
@click.option("--figure", type=_FILE, help="Draw what was foretold against what happened, as SVG, here.")
@click.option("--worlds", default=64, show_default=True, help="In how many worlds each past case is played.")
@click.option("--seed", default=1, show_default=True, help="Of the worlds and of the intervals.")
def validate(json_file: Path | None, figure: Path | None, worlds: int, seed: int) -> None:
    """How well the coercion model foretells past cases, beside baselines that know less.

    Rivals of 1886 to 2014: did the one begin a dispute, did the other act in return, did it come to war? The model is set up by one
    rule from public data (forces, alliances, distance) and the ranges with which it begins, and fitted to nothing that is foretold; what
    baselines learn comes from earlier decades. The data are read from your cache: `tocsin data get nmc atop_dyads distance mid_dyads
    rivalries_tss majors`. It takes about three quarters of a minute.

    \b
    tocsin validate
    tocsin validate --json backtest.json --figure backtest.svg
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.backtest.past import SOURCES
    from tocsin.backtest.run import backtest, table
    from tocsin.data.cache import status
    from tocsin.data.readers import read
    from tocsin.data.registry import source
    from tocsin.files import check_outputs, write_all
    from tocsin.plots.calibration import calibration_svg

    check_outputs([json_file, figure])
    if absent := [name for name in SOURCES if status(source(name)) != "intact"]:
        raise SolveError(f"not in the cache: {', '.join(absent)}", remedy=f"run `tocsin data get {' '.join(absent)}`")
    tables = {name: read(name) for name in SOURCES}
    with Progress(console=Console(stderr=True)) as bar:
        found = backtest(tables, worlds=worlds, seed=seed, each=_Told(bar))
    files = {}
    if json_file:
        files[json_file] = json.dumps(found, indent=1) + "\n"
    if figure:
        files[figure] = calibration_svg(found)
    write_all(files)
    click.echo(table(found))
    click.echo(LEGEND)
    for file in files:
        click.echo(str(file))


class _Told:
    """A bar for each kind of past case."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, int] = {}

    def __call__(self, kind: str, size: int, done: int) -> None:
        if kind not in self.tasks:
            self.tasks[kind] = self.bar.add_task(f"{kind} deterrence", total=size)
        self.bar.advance(self.tasks[kind], done)  # type: ignore[arg-type]
