"""`tocsin rhetoric foretell`: test whether words foretell acts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say

if TYPE_CHECKING:
    from tocsin.rhetoric.foretell.results import Foretelling

_FILE = click.Path(path_type=Path)
LEGEND = """calendar: season, anniversaries, yearly exercises. record: acts before the day. words: critical items about Japan, South Korea
and the United States in the weeks before the day. Each year is forecast from earlier years only. Standard errors are clustered by year.
log score: mean logarithm of the probability given to what happened; 0 is best. Brier: mean squared error; 0 is best. AUC: 0.5 is chance."""


@click.command()
@click.option("--json", "json_file", type=_FILE, help="Write all scores and forecasts to this file, as JSON.")
@click.option("--figure", type=_FILE, help="Draw what words add, and the forecasts, to this SVG file.")
def foretell(json_file: Path | None, figure: Path | None) -> None:
    """Test whether North Korea's words foretell its acts.

    Each Monday from 1998 to September 2014, the command forecasts missile tests and other provocations within 14 and 30 days. It compares
    forecasts by calendar and by the record of acts with forecasts that also use words. The words are the weekly counts that come
    with Tocsin. The acts come from your cache: `tocsin data get missile_tests provocations`.

    \b
    tocsin rhetoric foretell --json foretell.json --figure foretell.svg
    """
    from tocsin.files import check_outputs, write_all
    from tocsin.plots.foretelling import foretelling_svg
    from tocsin.plots.svg import check_svg_name

    check_outputs([json_file, figure])
    if figure:
        check_svg_name(figure)
    result = _run()
    files = {}
    if json_file:
        files[json_file] = json.dumps(result.to_dict(), indent=1) + "\n"
    if figure:
        files[figure] = foretelling_svg(result)
    write_all(files)
    say("\n\n".join([str(result), LEGEND, *map(str, files)]))


def _run() -> Foretelling:
    """Return the result for the acts in the cache, with a progress bar."""
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.data.readers import read_all
    from tocsin.rhetoric.acts import KINDS
    from tocsin.rhetoric.foretell.run import HORIZONS, SOURCES
    from tocsin.rhetoric.foretell.run import foretell as foretell_acts

    tables = read_all(SOURCES)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("forecasting acts", total=len(KINDS) * len(HORIZONS))
        return apart(lambda: foretell_acts(tables, progress=lambda: bar.advance(task)))
