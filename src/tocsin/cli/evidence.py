"""`tocsin evidence`: what history says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from tocsin.evidence.strategic.fit import Fit

SIGNALLING = "signalling"
"""The game of a specification that is estimated over equilibria of hidden types."""
_FILE = click.Path(path_type=Path)


@click.group()
def evidence() -> None:
    """Estimate from history what a case can take as its odds."""


@evidence.command()
@click.argument("specification", metavar="SPEC.yaml", type=_FILE)
@click.option("--data", "data_file", type=_FILE, required=True, help="CSV or Parquet table of the cases.")
@click.option("--json", "json_file", type=_FILE, help="Write the estimate here.")
@click.option(
    "--effect",
    "columns",
    multiple=True,
    help="How probabilities change with this column (repeatable), the mean over cases.",
)
@click.option("--against", type=_FILE, help="Another SPEC.yaml for the same cases: which is nearer the truth (Vuong)?")
@click.option("--bootstrap", "draws", type=click.IntRange(min=2), help="Also errors from so many drawn samples.")
@click.option("--posterior", "bayes", is_flag=True, help="Also the posterior, by four chains: about half a minute.")
@click.option(
    "--seed", default=0, show_default=True, help="Of the starts of the search, of the drawn samples and of the chains."
)
def fit(
    specification: Path,
    data_file: Path,
    json_file: Path | None,
    columns: tuple[str, ...],
    against: Path | None,
    draws: int | None,
    bayes: bool,
    seed: int,
) -> None:
    """Estimate a strategic model: what each player's payoffs depend on, from who moved how.

    SPEC.yaml says the game (12, 122, 123, a tree written out, or signalling: a crisis whose sides do not know each other), the link (probit, logit), whose errors (agent, private), the outcome column
    (or one column for each move) and a formula for each utility; see docs/evidence.md. Rows with missing values are left out and
    listed. Separation, and what is not identified, is named.

    \b
    tocsin evidence fit crisis.yaml --data crises.csv --json crisis.json
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.cli.estimates import Made, sentences, told
    from tocsin.evidence.strategic.effects import marginal_effects
    from tocsin.evidence.strategic.quality import vuong
    from tocsin.evidence.strategic.resampling import bootstrap
    from tocsin.evidence.tables import read_table
    from tocsin.games.backend import use_disk_cache
    from tocsin.report.files import write_all

    use_disk_cache()
    table = read_table(data_file)
    if _game(specification) == SIGNALLING:
        if columns or against or draws or bayes:
            raise InputError(
                "--effect, --against, --bootstrap and --posterior are not made for the signalling game",
                remedy="leave them out",
            )
        _put_signalling(specification, data_file, json_file, seed)
        return
    found = _estimated(specification, data_file, table, seed)
    made = Made(
        found,
        effects={name: marginal_effects(found, table, name) for name in columns},
        test=vuong(found, _estimated(against, data_file, table, seed)) if against else None,
    )
    if draws:
        with Progress(console=Console(stderr=True)) as bar:
            samples = bar.add_task("drawn samples", total=draws)
            made.drawn = bootstrap(found, draws, seed=seed, each=lambda done: bar.update(samples, completed=done))
    if bayes:
        from tocsin.evidence.strategic.bayes import posterior

        with Console(stderr=True).status("walking four chains: about half a minute"):
            made.chains = posterior(found.sample, seed=seed)
    if json_file:
        write_all({json_file: json.dumps(told(made), indent=1, allow_nan=False) + "\n"})
    click.echo(sentences(made))
    if json_file:
        click.echo(str(json_file))


def _put_signalling(specification: Path, data_file: Path, json_file: Path | None, seed: int) -> None:
    from rich.console import Console

    from tocsin.cli.estimates import sentences_of_signalling, told_of_signalling
    from tocsin.evidence.signalling.fit import fit as estimate
    from tocsin.evidence.signalling.specification import games, read_specification
    from tocsin.evidence.tables import read_table
    from tocsin.report.files import write_all

    given = read_specification(_text(specification), str(specification))
    try:
        with Console(stderr=True).status("searching over the equilibria of every game"):
            found = estimate(games(given, read_table(data_file)), seed=seed)
    except InputError as error:
        error.file = error.file or f"{specification} on {data_file}"
        raise
    if json_file:
        write_all({json_file: json.dumps(told_of_signalling(found), indent=1, allow_nan=False) + "\n"})
    click.echo(sentences_of_signalling(found))
    if json_file:
        click.echo(str(json_file))


def _estimated(specification: Path, data_file: Path, table: pl.DataFrame, seed: int) -> Fit:
    from tocsin.evidence.strategic.fit import fit as estimate
    from tocsin.evidence.strategic.sample import sample

    given = _specification(specification)
    try:
        return estimate(sample(given, table), seed=seed)
    except InputError as error:
        # what does not fit lies between the two files
        error.file = error.file or f"{specification} on {data_file}"
        raise


def _specification(file: Path) -> Any:
    from tocsin.evidence.strategic.specification import read_specification

    return read_specification(_text(file), str(file))


def _game(specification: Path) -> Any:
    from tocsin.reading import read_yaml

    return read_yaml(_text(specification), str(specification)).data.get("game")


def _text(file: Path) -> str:
    from tocsin.reading import decode, read_bytes

    return decode(read_bytes(file, str(file)), str(file))


@evidence.command("list")
def listed() -> None:
    """The results that come with the program."""
    from tocsin.evidence.store import KINDS, shipped

    for name, kind in KINDS.items():
        found = shipped(name)
        click.echo(f"{name}: {kind.what}; {found['figures']['cases']} cases, made {found['made']}")


@evidence.command()
@click.argument("name")
@click.option("--of", "word", default="", help="Only estimates that have this word, such as a state's ISO code.")
@click.option("--json", "json_file", type=_FILE, help="Write all of it here.")
def show(name: str, word: str, json_file: Path | None) -> None:
    """A result that comes with the program: its figures, model, data and limits.

    \b
    tocsin evidence show alliances
    tocsin evidence show turnover --of KOR
    """
    from tocsin.evidence.store import shipped

    _put(shipped(name), json_file, word)


@evidence.command()
@click.argument("name")
@click.option("--json", "json_file", type=_FILE, required=True, help="Write it here.")
def refit(name: str, json_file: Path) -> None:
    """Make a result anew from the data in your cache (`tocsin data get`).

    \b
    tocsin evidence refit alliances --json alliances.json
    """
    from rich.console import Console

    from tocsin.evidence.store import made

    with Console(stderr=True).status(f"estimating {name}"):
        found = made(name)
    _put(found, json_file)


MOST_ROWS = 24
"""Estimates printed at once."""


def _put(found: dict[str, Any], file: Path | None, word: str = "") -> None:
    from tocsin.evidence.reference import path_of
    from tocsin.report.files import write_all

    if file:
        write_all({file: json.dumps(found, indent=1) + "\n"})
    figures = found["figures"]
    lines = [f"{found['name']}: {found['what']}", "counted:"]
    lines += [f"  {', '.join(f'{key} {value}' for key, value in row.items())}" for row in figures["counted"]]
    rows = [(path_of(row), row) for row in figures["estimated"]]
    chosen = [(path, row) for path, row in rows if word.lower() in path.lower()]
    lines.append(
        f"estimated, 50 % (5 to 95 %), unit {found['unit']}; a belief may say from: evidence/{found['name']}/..."
    )
    lines += [
        f"  {path:48} {row['p50']:.3f} ({row['p05']:.3f} to {row['p95']:.3f})" for path, row in chosen[:MOST_ROWS]
    ]
    if len(chosen) > MOST_ROWS:
        lines.append(f"  and {len(chosen) - MOST_ROWS} more: --of WORD picks, --json has all")
    lines += [f"not learned: {each['what']}, {each['of']}: {each['why']}" for each in figures.get("not_learned", ())]
    lines += [f"model: {found['model']}", f"limits: {found['limits']}"]
    lines += [f"data: {each['cite']} ({each['source']}, {_release(each['sha256'])})" for each in found["data"]]
    lines.append(f"made {found['made']} with version {found['version']}")
    click.echo("\n".join(lines))
    if file:
        click.echo(str(file))


def _release(digest: str | None) -> str:
    return f"sha256 {digest[:12]}" if digest else "no one release"
