"""`tocsin evidence`: estimates from past cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.fitting import fit
from tocsin.cli.guard import apart
from tocsin.cli.hostility import hostility
from tocsin.cli.like import like
from tocsin.cli.output import say

if TYPE_CHECKING:
    from tocsin.evidence.results import Result

_FILE = click.Path(path_type=Path)
MAX_ROWS = 40
"""Largest number of estimates that are printed."""


@click.group()
def evidence() -> None:
    """Estimate models from past cases, for use as beliefs."""


evidence.add_command(fit)
evidence.add_command(hostility)
evidence.add_command(like)


@evidence.command("list")
def list_results() -> None:
    """List the stored results that ship with Tocsin."""
    from tocsin.evidence.store import KINDS, load_result

    for name, kind in KINDS.items():
        result = load_result(name)
        say(f"{name}: {kind.what}; {result.figures.cases} cases, made {result.made}")


@evidence.command()
@click.argument("name")
@click.option("--of", "word", default="", help="Print only estimates of this state, or with this word in their key.")
@click.option("--json", "json_file", type=_FILE, help="Write the whole result to this file.")
def show(name: str, word: str, json_file: Path | None) -> None:
    """Show a stored result: its figures, model, data and limits.

    \b
    tocsin evidence show alliances
    tocsin evidence show turnover --of "South Korea"
    """
    from tocsin.evidence.store import load_result

    _write_and_print(load_result(name), json_file, word)


@evidence.command()
@click.argument("name")
@click.option("--json", "json_file", type=_FILE, required=True, help="Write the result to this file.")
def refit(name: str, json_file: Path) -> None:
    """Estimate a stored result again from the data sets in your cache (see `tocsin data get`).

    \b
    tocsin evidence refit alliances --json alliances.json
    """
    from rich.console import Console

    from tocsin.evidence.store import refit

    with Console(stderr=True).status(f"estimating {name}"):
        result = apart(lambda: refit(name))
    _write_and_print(result, json_file)


def _write_and_print(result: Result, file: Path | None, word: str = "") -> None:
    """Write a result to the file, if one is given, and print the estimates that a state or word selects."""
    from tocsin.files import write_all

    text = "\n".join(_lines(result, word))
    if file:
        write_all({file: json.dumps(result.to_dict(), indent=1) + "\n"})
        text += f"\n{file}"
    say(text)


def _lines(result: Result, word: str) -> Iterator[str]:
    from tocsin.evidence.reference import select
    from tocsin.tables import significant, text_table

    selected = list(select(result, word).items())
    yield f"{result.name}: {result.what}"
    yield "counted:"
    yield from (f"  {', '.join(f'{key} {value}' for key, value in row.items())}" for row in result.figures.counted)
    yield f"estimated, unit {result.unit}; use in a belief as from: evidence/{result.name}/KEY"
    points = [
        (path, significant(row.p50, 3), f"{significant(row.p05, 3)} to {significant(row.p95, 3)}")
        for path, row in selected[:MAX_ROWS]
    ]
    yield text_table(("key", "50 %", "5 to 95 %"), points, right=(1,))
    if len(selected) > MAX_ROWS:
        yield f"and {len(selected) - MAX_ROWS} more: use --of WORD to select, --json for all"
    yield from (f"not learned: {item.what}, {item.of}: {item.why}" for item in result.figures.not_learned or ())
    yield f"model: {result.model}"
    yield f"limits: {result.limits}"
    for item in result.data:
        release = f"sha256 {item.sha256[:12]}" if item.sha256 else "no fixed release"
        yield f"data: {item.cite} ({item.source}, {release})"
    yield f"made {result.made} with version {result.version}"
