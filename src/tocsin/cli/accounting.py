"""`tocsin rhetoric series` and `tocsin rhetoric account`: count headlines, and explain the counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import emit, say

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("headlines", type=_FILE, required=False)
@click.option("--target", default="JPN", show_default=True, help="ISO code or name of the state that items are about.")
@click.option(
    "--every", type=click.Choice(["week", "day"]), default="week", show_default=True, help="Length of a period."
)
@click.option("-o", "--output", type=_FILE, help="Write the counts to this CSV file [default: print them].")
def series(headlines: Path | None, target: str, every: Literal["week", "day"], output: Path | None) -> None:
    """Count the items about a target by week or day, theme, rung and tone, and all items of the outlet.

    HEADLINES is a table (CSV, .xlsx, .dta or .parquet) with columns date and headline, in English or Korean. Headlines in other scripts
    are left out and counted. Without the file, the command counts the headlines of the Korean
    Central News Agency in your cache (`tocsin data get kcna_headlines`). The counts contain no headline.

    \b
    tocsin rhetoric series --target KOR -o kor.csv
    """
    from tocsin.files import check_csv_name, check_outputs, write_all
    from tocsin.rhetoric.counting import count_headlines
    from tocsin.rhetoric.inputs import dated_headlines
    from tocsin.rhetoric.targets import target_code

    check_outputs([output], [] if headlines is None else [headlines])
    check_csv_name(output)
    code = target_code(target)  # before the headlines are read and coded
    table = dated_headlines(headlines)
    result = count_headlines(table, code, every, None if headlines is None else str(headlines))
    text = result.counts.write_csv()
    if output is None:
        emit(text)
    else:
        write_all({output: text})
        say(f"{output}: {result.headlines:,} headlines counted by {every}")
    for remark in result.remarks():
        say(remark, err=True)


@click.command()
@click.option("--target", default="JPN", show_default=True, help="ISO code or name of the state that items are about.")
@click.option("--theme", "themes", multiple=True, help="Count only items of this theme. Repeatable. [default: all]")
@click.option(
    "--events",
    type=_FILE,
    required=True,
    help="CSV file of dated events with columns date, actor, category; see docs/rhetoric.md.",
)
@click.option("--counts", type=_FILE, help="Weekly counts that `series` wrote [default: those that come with Tocsin].")
@click.option("--anniversaries", type=_FILE, help="CSV file with columns month_day, occasion [default: North Korea's].")
@click.option("--confirmed", is_flag=True, help="Use only events whose date is confirmed.")
@click.option(
    "--later",
    type=_FILE,
    help="Weekly counts from after the series; the account compares them with the level of the last year.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the chains.")
@click.option("--json", "json_file", type=_FILE, help="Write the whole account to this file.")
@click.option(
    "--figures", type=click.Path(path_type=Path, file_okay=False), help="Write figures of the account to this folder."
)
def account(json_file: Path | None, figures: Path | None, later: Path | None, **options: Any) -> None:
    """Estimate how much of what was said about a target is ritual, answers events, or stays unexplained.

    The command fits a model to the weekly counts of critical items. The model has a level for each year, anniversaries, classes of
    events with the weeks around them, and persistence. The command then predicts the series with parts removed. The first fit
    takes about a minute; later runs read it from the cache.

    \b
    tocsin rhetoric account --target JPN --events events.csv --json account.json
    """
    from rich.console import Console

    from tocsin.files import check_outputs, write_all
    from tocsin.rhetoric import account as account_of
    from tocsin.rhetoric.inputs import weekly_counts
    from tocsin.rhetoric.series import TALLY

    inputs = [later, *(options[name] for name in ("events", "counts", "anniversaries"))]
    check_outputs([json_file], [file for file in inputs if file is not None])
    later_counts = None if later is None else weekly_counts(later, TALLY)  # read before the long fit
    with Console(stderr=True).status("fitting the account: about a minute, unless it is cached"):
        result = apart(lambda: account_of(**options))  # the other options have the names of its parameters
        if later_counts is not None:
            result = result.compare(later_counts)
    files = {json_file: json.dumps(result.to_dict(), indent=1) + "\n"} if json_file else {}
    if figures:
        from tocsin.plots.accounts import account_figures

        files |= {figures / f"{name}.svg": svg for name, svg in account_figures(result).items()}
    write_all(files)
    say("\n".join([str(result), *map(str, files)]))
