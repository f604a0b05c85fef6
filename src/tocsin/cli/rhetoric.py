"""`tocsin rhetoric`: what state media say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.accounting import account, series
from tocsin.cli.archiving import commands
from tocsin.errors import InputError

if TYPE_CHECKING:
    import polars as pl

_FILE = click.Path(path_type=Path)


@click.group()
def rhetoric() -> None:
    """Code headlines of state media, count them, account for the counts; keep and search statements."""


for _command in (series, account, *commands()):
    rhetoric.add_command(_command)


@rhetoric.command()
@click.argument("headlines", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="Write the codes here [default: print them].")
def code(headlines: Path, output: Path | None) -> None:
    """Code HEADLINES, a CSV file with columns id, date, headline: of North Korean state media, in English; in Korean by lexicon alone,
    without probabilities, with the optional kiwipiepy.

    Given back: id, target (ISO codes parted by `;`), tone (-2 hostile to 1 friendly), speaker, theme, the probability of each,
    and the words that spoke most for the tone. Nothing is downloaded; the same headline is always coded alike.

    \b
    tocsin rhetoric code headlines.csv -o codes.csv
    """
    from tocsin.files import check_outputs, write_all
    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.coding import coded
    from tocsin.rhetoric.korean import is_korean

    check_outputs([output], [headlines])
    table = _read(headlines, ("id", "headline"))
    found = coded(coder(), table)
    if output is None:
        click.echo(found.write_csv(), nl=False)
    else:
        write_all({output: found.write_csv()})
        click.echo(f"{output}: {found.height:,} headlines coded")
    unread = sum(
        chance is None and not is_korean(text) for chance, text in zip(found["p_tone"], table["headline"], strict=True)
    )
    if unread:
        click.echo(f"{unread:,} of them have no word of English or Korean: their codes say nothing", err=True)


@rhetoric.command()
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
def agree(first: Path, second: Path) -> None:
    """How well the codings FIRST and SECOND agree: kappa, F1, where they differ. CSV files with columns id, target, tone,
    speaker, theme; FIRST is taken for the truth in what is said to be confused.

    \b
    tocsin rhetoric agree mine.csv codes.csv
    """
    from tocsin.rhetoric.agreement import COLUMNS, agreement

    one, two = _read(first, COLUMNS), _read(second, COLUMNS)
    click.echo(str(agreement(one, two)))
    for name, own, other in ((first, one, two), (second, two, one)):
        if alone := own.filter(~own["id"].is_in(other["id"].implode())).height:
            click.echo(f"{alone:,} headlines are coded in {name} alone and count for nothing")


def _read(file: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """A CSV file as texts, with at least these columns and each id once."""
    import polars as pl

    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(file), remedy="name a CSV file") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text", file=str(file), line=line, remedy="save it as CSV in UTF-8") from error
    try:
        table = pl.read_csv(text.encode(), infer_schema=False).fill_null("")
    except pl.exceptions.PolarsError as error:
        said = str(error).splitlines()[0]
        raise InputError(f"no CSV table: {said}", file=str(file), remedy=f"begin with {','.join(columns)}") from error
    if missing := [name for name in columns if name not in table.columns]:
        raise InputError(
            f"column `{missing[0]}` is missing", file=str(file), line=1, remedy=f"give columns {', '.join(columns)}"
        )
    twice = table["id"].is_duplicated()
    if twice.any():
        at = int(twice.arg_true()[0])
        raise InputError(f"id {table['id'][at]!r} stands twice", file=str(file), remedy="give each headline its own")
    return table
