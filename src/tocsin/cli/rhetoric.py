"""`tocsin rhetoric`: code headlines of state media and compare codings."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin.cli.accounting import account, series
from tocsin.cli.archiving import commands
from tocsin.cli.foretelling import foretell
from tocsin.cli.output import emit, say

_FILE = click.Path(path_type=Path)


@click.group()
def rhetoric() -> None:
    """Code and count headlines of state media, explain the counts, test what they foretell, and keep an archive of statements."""


for _command in (series, account, foretell, *commands()):
    rhetoric.add_command(_command)


@rhetoric.command()
@click.argument("headlines", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="Write the codes to this CSV file [default: print them].")
def code(headlines: Path, output: Path | None) -> None:
    """Code headlines of North Korean state media.

    HEADLINES is a table (CSV, .xlsx, .dta or .parquet) with columns id and headline. The result has columns for id, target, tone, speaker and theme,
    their probabilities, and the words that weighed most for the tone. Targets are ISO codes separated by `;`; tone runs from -2
    (hostile) to 1 (friendly). A learned model codes
    English headlines. A lexicon codes Korean ones, without probabilities; this needs the optional package kiwipiepy. Nothing is
    downloaded. Equal headlines get equal codes.

    \b
    tocsin rhetoric code headlines.csv -o codes.csv
    """
    from tocsin.files import check_csv_name, check_outputs, write_all
    from tocsin.rhetoric import code as code_headlines

    check_outputs([output], [headlines])
    check_csv_name(output)
    codes = code_headlines(headlines)
    text = codes.frame().write_csv()
    if output is None:
        emit(text)
    else:
        write_all({output: text})
        say(f"{output}: {codes.frame().height:,} headlines coded")
    if codes.unreadable:
        say(f"{codes.unreadable:,} headlines have no English or Korean word: their codes are meaningless", err=True)


@rhetoric.command()
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
def agree(first: Path, second: Path) -> None:
    """Compare two codings of the same headlines.

    The result gives agreement, kappa, F1 and the most frequent differences. FIRST and SECOND are tables with columns id, target,
    tone, speaker, theme. Capitals, spaces and ways of writing a number do not matter; a code that the codebook does not have is refused.

    \b
    tocsin rhetoric agree mine.csv codes.csv
    """
    from tocsin.rhetoric.agreement import COLUMNS, agreement, codebook_codes
    from tocsin.rhetoric.inputs import read_texts

    one, two = (codebook_codes(read_texts(file, COLUMNS), str(file)) for file in (first, second))
    say(str(agreement(one, two)))
    for file, own, other in ((first, one, two), (second, two, one)):
        if alone := own.filter(~own["id"].is_in(other["id"].implode())).height:
            say(f"{alone:,} headlines are coded only in {file} and are ignored")
