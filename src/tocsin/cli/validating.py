"""`tocsin validate`: the back-test of the coercion model."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tocsin.cli.bars import Bars
from tocsin.cli.guard import apart
from tocsin.cli.output import say

_FILE = click.Path(path_type=Path)
LEGEND = """log score: mean logarithm of the probability given to what was observed; 0 is best.
gain: the log score minus that of the constant, or of the pair's record alone, with a standard error clustered by pair of states.
Brier score: mean squared error of the probability; 0 is best.
AUC: probability that a case with the outcome has a higher prediction than one without; 0.5 is chance, 1 is best."""
QUICK_WORLDS = 8


@click.command()
@click.option(
    "--json", "json_file", type=_FILE, help="Write scores, calibration and hashes of the data to this file, as JSON."
)
@click.option("--figure", type=_FILE, help="Draw predicted against observed shares to this SVG file.")
@click.option("--worlds", default=64, show_default=True, help="Number of worlds in which each past case is played.")
@click.option("--quick", is_flag=True, help=f"Play {QUICK_WORLDS} worlds: a first look, in which fewer cases count.")
@click.option("--seed", default=1, show_default=True, help="Seed of the worlds.")
def validate(json_file: Path | None, figure: Path | None, worlds: int, quick: bool, seed: int) -> None:
    """Compare the model's predictions of past cases with simpler baselines.

    The cases are years of rivalry and disputes from 1887 to 2014. The questions are whether one rival began a dispute, whether the
    other acted in return or stood firm, and whether war followed. One rule sets up the coercion model from public data (forces, alliances,
    distance) of the year before and its default ranges; its worlds are then weighed by the pair's own earlier years, as a case weighs them by
    its record. The baselines learn from earlier decades only; the most important is the pair's own record of disputes. The data come from
    your cache; without them the command names what to get.

    \b
    tocsin validate
    tocsin validate --json backtest.json --figure backtest.svg
    tocsin validate --quick
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.backtest.results import HEADERS, area_headers, area_rows, counts, heading, pool_sentence, score_rows
    from tocsin.backtest.run import SOURCES, backtest
    from tocsin.data.readers import read_all
    from tocsin.files import check_outputs, write_all
    from tocsin.plots.calibration import calibration_svg
    from tocsin.plots.svg import check_svg_name
    from tocsin.tables import text_table

    check_outputs([json_file, figure])
    if figure:
        check_svg_name(figure)
    tables = read_all(SOURCES)
    with Progress(console=Console(stderr=True)) as bar:
        count = QUICK_WORLDS if quick else worlds
        result = apart(lambda: backtest(tables, worlds=count, seed=seed, progress=Bars(bar)))
    files = {}
    if json_file:
        files[json_file] = json.dumps(result.to_dict(), indent=1) + "\n"
    if figure:
        files[figure] = calibration_svg(result)
    write_all(files)
    for kind in result.kinds:
        say(f"{counts(kind)}\n")
        for outcome in kind.outcomes:
            scores = text_table(HEADERS, score_rows(outcome), right=range(1, len(HEADERS)))
            headers = area_headers(outcome)
            areas = text_table(headers, area_rows(outcome), right=range(1, len(headers)))
            say(
                f"{heading(kind.name, outcome)}\n\n{scores}\n\n{pool_sentence(outcome)}\n\nAUC among some cases only\n\n{areas}\n"
            )
    say("\n".join([LEGEND, *map(str, files)]))
