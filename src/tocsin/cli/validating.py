"""`tocsin validate`: the back-test of the coercion model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say
from tocsin.errors import SolveError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_FILE = click.Path(path_type=Path)
LEGEND = """log score: mean logarithm of the probability given to what was observed; 0 is best.
gain over the constant: the log score minus that of the constant, with a standard error clustered by dyad.
Brier score: mean squared error of the probability; 0 is best.
AUC: probability that a case with the outcome has a higher prediction than one without; 0.5 is chance, 1 is best."""


@click.command()
@click.option(
    "--json", "json_file", type=_FILE, help="Write scores, calibration and hashes of the data to this file, as JSON."
)
@click.option("--figure", type=_FILE, help="Draw predicted against observed shares to this SVG file.")
@click.option("--worlds", default=64, show_default=True, help="Number of worlds in which each past case is played.")
@click.option("--seed", default=1, show_default=True, help="Seed of the worlds and of the intervals.")
def validate(json_file: Path | None, figure: Path | None, worlds: int, seed: int) -> None:
    """Compare the model's predictions of past cases with simpler baselines.

    The cases are years of rivalry and disputes from 1886 to 2014. The questions are whether one rival began a dispute, whether the
    other acted in return, and whether war followed. One rule sets up the coercion model from public data (forces, alliances,
    distance) and its default ranges; nothing is fitted to the predicted outcomes. The baselines learn from earlier decades only.
    The data come from your cache: `tocsin data get nmc atop_dyads distance mid_dyads rivalries_tss majors`. A run takes about
    90 seconds.

    \b
    tocsin validate
    tocsin validate --json backtest.json --figure backtest.svg
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.backtest.past import SOURCES
    from tocsin.backtest.results import HEADERS, counts, heading, score_rows
    from tocsin.backtest.run import backtest
    from tocsin.data.cache import status
    from tocsin.data.readers import read
    from tocsin.data.registry import source
    from tocsin.files import check_outputs, write_all
    from tocsin.plots.calibration import calibration_svg
    from tocsin.tables import text_table

    check_outputs([json_file, figure])
    if absent := [name for name in SOURCES if status(source(name)) != "intact"]:
        raise SolveError(f"not in the cache: {', '.join(absent)}", remedy=f"run `tocsin data get {' '.join(absent)}`")
    tables = {name: read(name) for name in SOURCES}
    with Progress(console=Console(stderr=True)) as bar:
        result = apart(lambda: backtest(tables, worlds=worlds, seed=seed, progress=_Bars(bar)))
    files = {}
    if json_file:
        files[json_file] = json.dumps(result.to_dict(), indent=1) + "\n"
    if figure:
        files[figure] = calibration_svg(result)
    write_all(files)
    for kind in result.kinds:
        say(f"{counts(kind)}\n")
        for outcome in kind.outcomes:
            table = text_table(HEADERS, score_rows(outcome), right=range(1, len(HEADERS)))
            say(f"{heading(kind.name, outcome)}\n\n{table}\n")
    say("\n".join([LEGEND, *map(str, files)]))


class _Bars:
    """Progress bars, one for each kind of past case."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, kind: str, cases: int, done: int) -> None:
        if kind not in self.tasks:
            self.tasks[kind] = self.progress.add_task(f"{kind} deterrence", total=cases)
        self.progress.advance(self.tasks[kind], done)
